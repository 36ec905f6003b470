import { ask } from "./api.js";
import { draws, SCALE } from "./findings.js";

const RETRY_SECONDS = [5, 10, 30];
// What is not taken now may be taken later: the rest waits with it.
const STOPS = ["lost", "signed-out"];

/**
 * Sends changes one after the other, in the order in which they were made, again and again until
 * the server has answered; keeps them on the shelf meanwhile.
 *
 * `desk` is told what became of each: saved(change, body), conflict(change, body),
 * refused(change, sentence) and closed(sentence); and onState({kind, count, seconds, keeps}) with kind
 * "saved", "saving", "waiting" (for the server), "held" (for a person to settle a conflict) or
 * "signed-out" (for the person to sign in again).
 */
export class Saving {
  #findings;
  #shelf;
  #desk;
  #urls;
  #running = false;
  #timer;
  #failures = 0;
  // Targets in conflict: their changes wait for a person's word.
  #held = new Set();

  constructor({ findings, shelf, desk, urls }) {
    this.#findings = findings;
    this.#shelf = shelf;
    this.#desk = desk;
    this.#urls = urls;
    window.addEventListener("online", () => this.run());
  }

  get count() {
    return this.#findings.pending.length;
  }

  add(change) {
    this.#findings.add(change);
    this.#keep();
    this.run();
  }

  /** Send what waits, now. */
  async run() {
    if (this.#running) return;
    clearTimeout(this.#timer);
    this.#running = true;
    let outcome = "done";
    for (let change = this.#next(); change && !STOPS.includes(outcome); change = this.#next()) {
      this.#tell("saving");
      outcome = await this.#send(change);
    }
    this.#running = false;
    if (outcome === "lost") this.#wait();
    else if (outcome === "signed-out") this.#tell(outcome);
    else this.#tell(this.count ? "held" : "saved");
  }

  /** Let changes on a target go on, or with `drop` forget them. */
  release(target, { drop = false } = {}) {
    this.#held.delete(target);
    if (drop) this.#findings.dropAll(target);
    this.#keep();
    this.run();
  }

  /** Resolves as soon as all is saved, or after `patience` milliseconds. */
  async settled(patience) {
    const until = performance.now() + patience;
    while (this.count && performance.now() < until) await new Promise((done) => setTimeout(done, 30));
  }

  #next() {
    return this.#findings.pending.find(({ target }) => !this.#held.has(target));
  }

  async #send(change) {
    const { kind, body } = await ask(...this.#request(change));
    if (kind !== "lost") this.#failures = 0;
    this.#answered(kind, change, body);
    this.#keep();
    return kind;
  }

  #answered(kind, change, body) {
    if (kind === "done") this.#desk.saved(change, body);
    if (kind === "conflict") {
      this.#held.add(change.target);
      this.#desk.conflict(change, body);
    }
    if (kind === "refused") {
      this.#findings.drop(change);
      this.#desk.refused(change, body?.refused);
    }
    if (kind === "closed") {
      this.#findings.dropAll();
      this.#desk.closed(body?.refused);
    }
  }

  #request(change) {
    const body = { op: change.op, ...change.body };
    if (change.target === SCALE) {
      const method = change.body.start ? "PUT" : "DELETE";
      return [this.#urls.scale, { method, body, tag: change.revision }];
    }
    if (draws(change)) return [this.#urls.findings, { method: "POST", body }];
    return [this.#findings.urlOf(change.target), { method: "PATCH", body, tag: change.revision }];
  }

  #wait() {
    const seconds = RETRY_SECONDS[Math.min(this.#failures, RETRY_SECONDS.length - 1)];
    this.#failures += 1;
    this.#countDown(seconds);
  }

  #countDown(seconds) {
    if (seconds === 0) {
      this.run();
      return;
    }
    this.#tell("waiting", seconds);
    this.#timer = setTimeout(() => this.#countDown(seconds - 1), 1000);
  }

  #keep() {
    this.#shelf.save(this.#findings.pending);
  }

  #tell(kind, seconds = 0) {
    this.#desk.onState({ kind, seconds, count: this.count, keeps: this.#shelf.keeps });
  }
}
