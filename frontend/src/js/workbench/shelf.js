// Changes that the server has not confirmed yet, kept in the browser so that a closed tab or a lost
// connection loses none. base.js throws all of it away when a person signs out.

export const DATABASE = "eaves-workbench";
const STORE = "changes";

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function open() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

/** The unsaved changes of one person on one photo. */
export class Shelf {
  #key;
  #database;
  #last = Promise.resolve();

  constructor(key) {
    this.#key = key;
  }

  /** What an earlier visit left unsaved; nothing in a browser that keeps nothing. */
  async load() {
    try {
      this.#database = await open();
      // Or signing out in another tab would wait for this one for ever.
      this.#database.onversionchange = () => this.#database.close();
      return (await settled(this.#store("readonly").get(this.#key))) ?? [];
    } catch {
      this.#database = undefined;
      return [];
    }
  }

  get keeps() {
    return this.#database !== undefined;
  }

  /** Writes come one after the other, so that the last one stands. */
  save(changes) {
    if (!this.keeps) return;
    this.#last = this.#last.then(() => this.#write(structuredClone(changes)));
  }

  async #write(changes) {
    try {
      const store = this.#store("readwrite");
      await settled(changes.length ? store.put(changes, this.#key) : store.delete(this.#key));
    } catch {
      this.#database = undefined;
    }
  }

  #store(mode) {
    return this.#database.transaction(STORE, mode).objectStore(STORE);
  }
}
