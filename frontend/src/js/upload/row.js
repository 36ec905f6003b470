import { button, element, filled } from "./markup.js";

/** The photo itself, small. Not every browser can show every photo; it is sent all the same. */
function preview(file) {
  const image = element("img", { alt: "" });
  const address = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(address));
  image.addEventListener("error", () => {
    URL.revokeObjectURL(address);
    image.remove();
  });
  image.src = address;
  return image;
}

/** One photo in the list: what it is, how far it got and what can be done about it. */
export class UploadRow {
  #text;
  #again;
  #state = element("p", { className: "state" });
  #bar;

  constructor(file, text, onAgain) {
    this.#text = text;
    this.#bar = element("progress", { className: "progress", max: 1, value: 0 });
    this.#bar.setAttribute("aria-label", file.name);
    this.#again = button(text.again, "", onAgain);
    const name = element("p", { className: "name" }, file.name);
    const words = element("div", { className: "words" }, name, this.#state, this.#bar);
    const thumb = element("div", { className: "thumb" }, preview(file));
    this.node = element("li", {}, thumb, words, this.#again);
    this.show("waiting", text.waiting);
  }

  /** Put the row into a state: waiting, sending, retrying, sent, refused, lost or failed. */
  show(state, sentence, lang = document.documentElement.lang) {
    this.node.dataset.state = state;
    this.#state.textContent = sentence;
    this.#state.lang = lang;
    this.#bar.hidden = !["sending", "retrying"].includes(state);
    this.#again.hidden = !["lost", "failed"].includes(state);
  }

  progress(share) {
    this.#bar.value = share;
    this.show("sending", filled(this.#text.sending, { percent: Math.round(share * 100) }));
  }

  retry(seconds) {
    this.show("retrying", filled(this.#text.retrying, { seconds }));
  }

  end(outcome) {
    this.show(outcome.kind, outcome.reason ?? this.#text[outcome.kind], outcome.lang);
  }
}
