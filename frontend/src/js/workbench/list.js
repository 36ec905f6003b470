import { copyOf, part, setIcon, setText } from "./parts.js";
import { left, listed, select, statusOf, step } from "./review.js";

const ICONS = { proposed: "diamond", accepted: "check", rejected: "x", drawn: "pencil" };
const idOf = (key) => `row-${key}`;

/** The findings as a list, in step with the picture: what is in hand in one is so in the other. */
export class FindingsList {
  #root;
  #desk;
  #words;
  #box;
  // key -> {finding, row}
  #rows = new Map();
  #shown = null;

  constructor(root, desk, words) {
    this.#root = root;
    this.#desk = desk;
    this.#words = words;
    this.#box = part(root, "list");
    this.#box.addEventListener("click", ({ target }) => {
      const row = target.closest("[role=option]");
      if (row) select(desk, row.dataset.key);
    });
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    part(root, "filter").addEventListener("change", ({ target }) => desk.set({ filter: target.value }));
    desk.listen(() => this.#show());
  }

  #key(event) {
    const all = listed(this.#desk);
    const moves = {
      ArrowDown: () => step(this.#desk, +1),
      ArrowUp: () => step(this.#desk, -1),
      Home: () => select(this.#desk, all[0]?.key ?? null),
      End: () => select(this.#desk, all.at(-1)?.key ?? null),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  }

  #show() {
    const findings = listed(this.#desk);
    this.#box.hidden = !findings.length;
    this.#place(findings.map((finding) => this.#row(finding)));
    this.#markSelected();
    this.#showProgress();
  }

  /** Rows that stay where they are are left alone: a list that is made anew loses its scroll. */
  #place(rows) {
    const old = this.#box.children;
    if (rows.length === old.length && rows.every((row, index) => row === old[index])) return;
    const { scrollTop } = this.#box;
    this.#box.replaceChildren(...rows);
    this.#box.scrollTop = scrollTop;
  }

  #row(finding) {
    const known = this.#rows.get(finding.key);
    if (known?.finding === finding) return known.row;
    const row = copyOf(this.#root, "row").firstElementChild;
    const status = statusOf(finding);
    Object.assign(row, { id: idOf(finding.key), className: status });
    row.dataset.key = finding.key;
    setIcon(row.querySelector("svg"), ICONS[status]);
    setText(part(row, "name"), nameOf(this.#desk, this.#words, finding));
    setText(part(row, "facts"), this.#facts(finding, status).filter(Boolean).join(" · "));
    this.#rows.set(finding.key, { finding, row });
    return row;
  }

  #facts(finding, status) {
    const { sureness_tag: sureness } = finding;
    return [this.#words.say(`status-${status}`), areaOf(this.#words, finding), sureness, ...labelsOf(finding)];
  }

  #markSelected() {
    const { selected } = this.#desk;
    for (const row of this.#box.children) row.setAttribute("aria-selected", row.dataset.key === selected);
    if (selected) this.#box.setAttribute("aria-activedescendant", idOf(selected));
    else this.#box.removeAttribute("aria-activedescendant");
    // What is asked for below takes from the list's height.
    const shown = `${selected} ${this.#box.clientHeight}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#reveal(this.#rows.get(selected)?.row);
  }

  /** Scroll the list and nothing else: on a phone the picture is what the person looks at. */
  #reveal(row) {
    if (!row) return;
    const { scrollTop, clientHeight } = this.#box;
    const foot = row.offsetTop + row.offsetHeight - clientHeight;
    this.#box.scrollTop = Math.min(Math.max(scrollTop, foot), row.offsetTop);
  }

  #showProgress() {
    const total = this.#desk.findings.all.length;
    const open = left(this.#desk);
    const bar = part(this.#root, "progress");
    bar.hidden = !total;
    Object.assign(bar, { max: total || 1, value: total - open });
    setText(part(this.#root, "left"), this.#words.say("left", { left: open, total }));
  }
}

/** "7. Missing shingles"; a finding that is being saved has no number yet. */
export function nameOf({ damageTypes }, words, { number, damage_type: type }) {
  const label = damageTypes.find(({ value }) => value === type)?.label ?? type;
  return number === null ? label : words.say("finding", { number, label });
}

/** What the engine calls a finding; a person only gives it a type. */
export const calledBy = ({ source, label }) => (source === "engine" ? label : "");

/** All that it was called, each once. */
const labelsOf = (finding) => [
  ...new Set([calledBy(finding), ...finding.also.map(({ label }) => label)]),
];

/** The area with its interval; where none is printed, the share of the photo. */
export function areaOf(words, { measuring, unmeasured, area_text: text, share_text: share }) {
  if (measuring) return words.say("measuring");
  return text || words.say(unmeasured ? "uncertain" : "share", { share });
}
