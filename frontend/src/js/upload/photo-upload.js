import { filesInDrop, isPhoto } from "./choose.js";
import { button, element, filled } from "./markup.js";
import { UploadRow } from "./row.js";
import { send } from "./transfer.js";

const AT_ONCE = 2;
const SENTENCES = [
  "drop", "choose", "folder", "waiting", "sending", "retrying", "sent", "lost", "failed", "again",
  "status", "unsent", "skipped", "unreadable",
];

/**
 * <photo-upload action="URL" data-choose="Choose photos" ...> around a plain multipart form.
 *
 * The form works without scripts. With them it is hidden, and each photo goes to `action` as soon
 * as it is chosen, two at a time, with the form's other fields. One data attribute per name in
 * SENTENCES; without data-folder there is no folder picker. Fires `photos-changed` when all that
 * was chosen has come to an end.
 */
export class PhotoUpload extends HTMLElement {
  #form;
  #input;
  #text;
  #list = element("ul", { className: "upload-list" });
  #status = element("p", { className: "live-region", role: "status" });
  #waiting = [];
  #running = 0;
  #counts = { sent: 0, unsent: 0, skipped: 0 };

  connectedCallback() {
    if (this.#form) return;
    this.#form = this.querySelector("form");
    this.#input = this.#form.querySelector("input[type=file]");
    this.#text = Object.fromEntries(SENTENCES.map((name) => [name, this.dataset[name] ?? ""]));
    this.#form.hidden = true;
    this.#input.addEventListener("change", () => this.#take(this.#input));
    this.append(this.#zone(), this.#status, this.#list);
    window.addEventListener("beforeunload", (event) => {
      if (this.#open) event.preventDefault();
    });
  }

  get #open() {
    return this.#running + this.#waiting.length;
  }

  #zone() {
    const zone = element("div", { className: "upload-zone" }, element("p", {}, this.#text.drop));
    zone.append(button(this.#text.choose, "primary", () => this.#input.click()));
    if (this.#text.folder) zone.append(this.#folderPicker());
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => this.#drop(event, zone));
    return zone;
  }

  #folderPicker() {
    const input = element("input", { type: "file", multiple: true, webkitdirectory: true });
    input.addEventListener("change", () => {
      this.#addFolder([...input.files]);
      input.value = "";
    });
    return button(this.#text.folder, "", () => input.click());
  }

  async #drop(event, zone) {
    event.preventDefault();
    zone.classList.remove("over");
    try {
      const { files, inFolders } = await filesInDrop(event.dataTransfer);
      this.#add(files);
      if (inFolders.length) this.#addFolder(inFolders);
    } catch {
      this.#status.textContent = this.#text.unreadable;
    }
  }

  #take(input) {
    this.#add([...input.files]);
    // Or choosing the same photo again would not be a change.
    input.value = "";
  }

  #addFolder(files) {
    const photos = files.filter(isPhoto);
    this.#add(photos);
    this.#counts.skipped += files.length - photos.length;
    this.#tell();
  }

  #add(files) {
    for (const file of files) {
      const row = new UploadRow(file, this.#text, () => this.#again(file, row));
      this.#list.append(row.node);
      this.#waiting.push({ file, row });
    }
    this.#next();
  }

  #again(file, row) {
    this.#counts.unsent -= 1;
    row.show("waiting", this.#text.waiting);
    this.#waiting.push({ file, row });
    this.#next();
  }

  #next() {
    while (this.#running < AT_ONCE && this.#waiting.length) this.#run(this.#waiting.shift());
  }

  async #run({ file, row }) {
    this.#running += 1;
    row.progress(0);
    const outcome = await send(this.#parcel(file), {
      onProgress: (share) => row.progress(share),
      onRetry: (seconds) => row.retry(seconds),
    });
    row.end(outcome);
    this.#running -= 1;
    this.#counts[outcome.kind === "sent" ? "sent" : "unsent"] += 1;
    this.#tell();
    this.#next();
    if (!this.#open) this.dispatchEvent(new CustomEvent("photos-changed", { bubbles: true }));
  }

  #parcel(file) {
    const url = this.getAttribute("action");
    return { url, field: this.#input.name, form: this.#form, file };
  }

  /** Say how far all of it is; a screen reader hears this and not each photo's percents. */
  #tell() {
    const { sent, unsent, skipped } = this.#counts;
    const total = sent + unsent + this.#open;
    const sentences = [filled(this.#text.status, { sent, total })];
    if (unsent) sentences.push(filled(this.#text.unsent, { unsent }));
    if (skipped) sentences.push(filled(this.#text.skipped, { count: skipped }));
    this.#status.textContent = sentences.join(" ");
  }
}
