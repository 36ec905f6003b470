import { element } from "../upload/markup.js";

import { distance } from "./geometry.js";
import { part } from "./parts.js";
import { letGo } from "./sketch.js";
import { metres, METRES, UNITS } from "./units.js";

// A line shorter than this, in pixels of the photo, measures badly.
const SHORT = 120;

/** The small form for the length of a reference line that was just drawn. */
export class LengthForm {
  #form;
  #desk;

  constructor(root, desk) {
    this.#form = part(root, "length");
    this.#desk = desk;
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
    const options = UNITS[this.#desk.units].map((unit) => element("option", { value: unit }, unit));
    this.#field("unit").replaceChildren(...options);
    for (const option of this.#field("what").options) option.hidden = !this.#isOurs(option);
    this.#complain(false);
    part(this.#form, "short").hidden = distance(start, end) >= SHORT;
    this.#field("amount").focus();
  }

  /** Common things differ between countries; their sizes are offered in the carrier's units. */
  #isOurs({ dataset }) {
    return !dataset.units || dataset.units === this.#desk.units;
  }

  #fillIn() {
    const { amount, unit } = this.#field("what").selectedOptions[0].dataset;
    if (!amount) return;
    this.#field("amount").value = amount;
    if (unit in METRES) this.#field("unit").value = unit;
  }

  #submit(event) {
    event.preventDefault();
    const length = metres(this.#field("amount").value, this.#field("unit").value);
    this.#complain(Number.isNaN(length));
    if (Number.isNaN(length)) this.#field("amount").focus();
    else this.#desk.sketch.measure(length);
  }

  #complain(isWrong) {
    part(this.#form, "no-length").hidden = !isWrong;
    this.#field("amount").setAttribute("aria-invalid", isWrong);
  }
}
