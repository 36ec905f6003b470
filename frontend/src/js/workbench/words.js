// The sentences of the page; they stand in its template, so that no language stands in a script.

import { filled } from "../upload/markup.js";

/** Reads every [data-word] below `source`; {places} in a sentence are filled in when it is said. */
export class Words {
  #sentences;
  #language = document.documentElement.lang;
  #plural = new Intl.PluralRules(this.#language);

  constructor(source) {
    const found = [...source.querySelectorAll("[data-word]")];
    this.#sentences = new Map(found.map((node) => [node.dataset.word, node.textContent.trim()]));
  }

  say(name, values = {}) {
    return filled(this.#sentences.get(name), values);
  }

  /** The sentence `name`-one or `name`-other, as the language counts. */
  count(name, count, values = {}) {
    const form = this.#plural.select(count) === "one" ? "one" : "other";
    return this.say(`${name}-${form}`, { count: this.number(count), ...values });
  }

  number(value, options) {
    return new Intl.NumberFormat(this.#language, options).format(value);
  }

  time(iso) {
    const format = new Intl.DateTimeFormat(this.#language, { dateStyle: "medium", timeStyle: "short" });
    return format.format(new Date(iso));
  }
}
