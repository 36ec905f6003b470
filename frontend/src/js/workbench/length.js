import { ask } from "./api.js";
import { distance } from "./geometry.js";
import { part, tell } from "./parts.js";
import { letGo } from "./sketch.js";

// A line shorter than this, in pixels of the photo, measures badly.
const SHORT = 120;

/** The small form for the length of a reference line that was just drawn. */
export class LengthForm {
  #form;
  #desk;
  #words;
  #url;

  constructor(root, desk, words) {
    this.#form = part(root, "length");
    this.#desk = desk;
    this.#words = words;
    this.#url = root.dataset.length;
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#form.addEventListener("keydown", ({ key }) => key === "Escape" && letGo(desk));
    this.#field("what").addEventListener("change", () => this.#fillIn());
    part(this.#form, "cancel").addEventListener("click", () => letGo(desk));
    part(root, "unscale").addEventListener("click", () => desk.clearScale());
    desk.listen(() => this.#show());
  }

  #field(name) {
    return this.#form.elements[name];
  }

  #show() {
    const isAsked = this.#desk.asking === "length";
    if (isAsked === !this.#form.hidden) return;
    const hadFocus = this.#form.contains(document.activeElement);
    this.#form.hidden = !isAsked;
    if (isAsked) this.#open();
    else if (hadFocus) this.#desk.focusPicture();
  }

  #open() {
    const [start, end] = this.#desk.sketch.points;
    for (const option of this.#field("what").options) option.hidden = !this.#isOurs(option);
    this.#complain("");
    part(this.#form, "short").hidden = distance(start, end) >= SHORT;
    this.#field("amount").focus();
  }

  /** Common things differ between countries; their sizes are offered in the carrier's units. */
  #isOurs({ dataset }) {
    return !dataset.units || dataset.units === this.#desk.units;
  }

  #fillIn() {
    const { amount } = this.#field("what").selectedOptions[0].dataset;
    if (amount) this.#field("amount").value = amount;
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#field("amount").value.trim();
    if (text) this.#read(text);
    else this.#refuse(this.#words.say("length-missing"));
  }

  /** The server reads the length: it knows every way in which one is written. */
  async #read(text) {
    const { kind, body } = await ask(`${this.#url}?${new URLSearchParams({ text })}`);
    // The person may have gone back to drawing meanwhile.
    if (this.#desk.asking !== "length") return;
    if (kind === "done") this.#desk.sketch.measure(body.length_m);
    else this.#refuse(body?.refused ?? this.#words.say("length-unread"));
  }

  #refuse(sentence) {
    this.#complain(sentence);
    this.#field("amount").focus();
  }

  #complain(sentence) {
    tell(part(this.#form, "no-length"), sentence);
    this.#field("amount").setAttribute("aria-invalid", Boolean(sentence));
  }
}
