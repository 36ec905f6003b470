import { element } from "../upload/markup.js";

import { UNITS } from "./units.js";
import { part, setText, tell } from "./parts.js";

const TWO_PLACES = { maximumFractionDigits: 2 };

/** The head of the panel: what was looked for and what became of it, the scale and its basis. */
export class PanelHead {
  #root;
  #desk;
  #words;

  constructor(root, desk, words) {
    this.#root = root;
    this.#desk = desk;
    this.#words = words;
    desk.listen(() => this.#show());
  }

  #show() {
    const { queries, locked } = this.#desk;
    part(this.#root, "searches").replaceChildren(...queries.map((query) => this.#search(query)));
    tell(part(this.#root, "empty"), this.#emptiness());
    tell(part(this.#root, "locked"), locked);
    this.#showScale();
  }

  #search({ text, state, findings, known, reason, lost = [] }) {
    const item = element("li", { className: lost.length ? "unanswered" : state });
    const word = outcomeOf(state, findings, known);
    const outcome = this.#words.say(word, { count: findings, known, reason });
    const inEnglish = lost.flatMap((sentence) => [" ", element("span", { lang: "en" }, sentence)]);
    const said = element("span", { className: "outcome" }, outcome, ...inEnglish);
    item.append(element("q", {}, text), " ", said);
    return item;
  }

  /** What an empty list means. Only answers to every question mean that nothing was found. */
  #emptiness() {
    const { queries, findings } = this.#desk;
    if (findings.all.length) return "";
    if (!queries.length) return this.#words.say("not-asked");
    if (this.#desk.isWorking) return this.#words.say("still-looking");
    const isAnswered = queries.every(({ state, lost = [] }) => state === "answered" && !lost.length);
    return this.#words.say(isAnswered ? "nothing-found" : "not-all-answered");
  }

  #showScale() {
    const { scale, ownScale, units, photo } = this.#desk;
    const { basis, reason, warnings } = scale ?? ownScale ?? {};
    part(this.#root, "unscale").hidden = !scale || Boolean(this.#desk.locked);
    tell(part(this.#root, "scale-basis"), basis || reason || "");
    tell(part(this.#root, "scale-warnings"), (warnings ?? []).join(" "));
    setText(part(this.#root, "scale"), photo ? this.#scaleSentence(scale, UNITS[units]) : "");
  }

  #scaleSentence(scale, { unit, metres }) {
    if (!scale) return this.#words.say(this.#unlined());
    const [[ax, ay], [bx, by]] = [scale.start, scale.end];
    const pixels = (Math.hypot(ax - bx, ay - by) / scale.length_m) * metres;
    const length = this.#words.number(scale.length_m / metres, TWO_PLACES);
    return this.#words.say("scale-set", { unit, length, pixels: this.#words.number(pixels, { maximumFractionDigits: 1 }) });
  }

  /** What there is to say of a photo on which nobody drew a line. */
  #unlined() {
    const { locked, ownScale } = this.#desk;
    if (ownScale?.basis) return locked ? "scale-own" : "scale-own-line";
    return locked ? "scale-none" : "scale-missing";
  }
}

function outcomeOf(state, findings, known) {
  if (state !== "answered") return state;
  if (!findings) return "found-none";
  return known ? "found-known" : "found";
}
