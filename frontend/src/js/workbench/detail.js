import { button, element } from "../upload/markup.js";

import { areaOf, calledBy, nameOf } from "./list.js";
import { part, setText, tell } from "./parts.js";
import { accept, askType, decide, left, reject, remove, setType, statusOf } from "./review.js";

const DIGITS = "1234567890";

const ACTIONS = {
  accept,
  reject,
  type: askType,
  delete: remove,
  back: ({ outline }) => outline.step(-1),
  forth: ({ outline }) => outline.step(+1),
  insert: ({ outline }) => outline.insertHere(),
  drop: ({ outline }) => outline.removeHere(),
  restore: ({ outline }) => outline.restore(),
};

/** The finding in hand: what is known of it and what can be done. */
export class Detail {
  #root;
  #desk;
  #words;
  #asked = null;
  #onDone;

  constructor(root, desk, words, { onDone }) {
    this.#root = root;
    this.#desk = desk;
    this.#words = words;
    this.#onDone = onDone;
    root.addEventListener("click", ({ target }) => {
      const action = target.closest("[data-act]");
      if (action && action.getAttribute("aria-disabled") !== "true") ACTIONS[action.dataset.act](desk);
    });
    desk.listen(() => this.#show());
  }

  #show() {
    const desk = this.#desk;
    const finding = desk.findings.get(desk.selected);
    part(this.#root, "detail").hidden = !finding;
    if (finding) this.#showFinding(finding);
    this.#ask();
    this.#showDone(finding);
  }

  #showFinding(finding) {
    setText(part(this.#root, "detail-title"), nameOf(this.#desk, this.#words, finding));
    tell(part(this.#root, "detail-facts"), this.#facts(finding).filter(Boolean).join(" "));
    tell(part(this.#root, "detail-area"), areaOf(this.#words, finding));
    tell(part(this.#root, "detail-unmeasured"), finding.unmeasured);
    setText(part(this.#root, "detail-basis"), finding.basis);
    part(this.#root, "detail-how").hidden = !finding.basis;
    this.#showButtons(finding);
  }

  #facts(finding) {
    const words = this.#words;
    return [
      `${words.say(`status-${statusOf(finding)}`)}.`,
      ...this.#people(finding),
      calledBy(finding) && words.say("label", finding),
      finding.query && finding.query !== finding.label && words.say("asked", finding),
      ...finding.also.map((seen) => words.say("also", seen)),
      this.#reason(finding),
      finding.edited && words.say("edited"),
      finding.approximate && words.say("approximate"),
      finding.refined && words.say("refined"),
      finding.sureness,
    ];
  }

  /** Who reviewed the finding, and who changed it last unless that was the review. */
  #people({ reviewer, reviewed_at: reviewed, changed_by: who, changed_at: changed }) {
    const say = (word, person, at) => person && this.#words.say(word, { who: person, time: this.#words.time(at) });
    const review = say("reviewed", reviewer, reviewed);
    const isReview = review === say("reviewed", who, changed);
    return [review, !isReview && say("changed", who, changed)];
  }

  #reason({ reason }) {
    const label = this.#desk.rejectReasons.find(({ value }) => value === reason)?.label;
    return label && this.#words.say("reason", { reason: label });
  }

  #showButtons(finding) {
    const { locked, canEdit, outline } = this.#desk;
    part(this.#root, "decisions").hidden = Boolean(locked);
    part(this.#root, "points").hidden = Boolean(locked) || !canEdit || !outline.shape;
    this.#act("drop").setAttribute("aria-disabled", !outline.point);
    this.#act("restore").hidden = !finding.edited;
    this.#act("accept").setAttribute("aria-pressed", finding.review === "accepted");
    this.#act("reject").setAttribute("aria-pressed", finding.review === "rejected");
  }

  #act(name) {
    return this.#root.querySelector(`[data-act="${name}"]`);
  }

  // --- what the person is asked for ---

  #ask() {
    const { asking, askedOf } = this.#desk;
    const asked = asking && `${asking} ${askedOf}`;
    if (asked === this.#asked) return;
    const had = part(this.#root, "ask").contains(document.activeElement);
    this.#asked = asked;
    part(this.#root, "ask").hidden = !["reason", "type", "drawn"].includes(asking);
    if (asking === "reason") this.#askReason();
    else if (asking === "type" || asking === "drawn") this.#askType(asking);
    else if (had) part(this.#root, "canvas").focus();
  }

  #askReason() {
    const chips = this.#desk.rejectReasons.map(({ value, label }, index) =>
      this.#chip(label, DIGITS[index], () => decide(this.#desk, "rejected", value)),
    );
    chips.push(button(this.#words.say("no-reason"), "chip", () => decide(this.#desk, "rejected")));
    const finding = this.#desk.findings.get(this.#desk.selected);
    this.#showChips(this.#words.say("why", { name: nameOf(this.#desk, this.#words, finding) }), chips);
  }

  #askType(asking) {
    const current = suggestedType(this.#desk);
    const chips = offeredTypes(this.#desk).map(({ value, label }, index) => {
      const chip = this.#chip(label, DIGITS[index], () => chooseType(this.#desk, value));
      chip.setAttribute("aria-pressed", value === current);
      return chip;
    });
    this.#showChips(this.#words.say(asking === "drawn" ? "what-is-it" : "which-type"), chips);
    (chips.find((chip) => chip.getAttribute("aria-pressed") === "true") ?? chips[0]).focus();
  }

  #chip(label, digit, onClick) {
    const chip = button(label, "chip", onClick);
    chip.dataset.digit = digit;
    chip.append(" ", element("kbd", {}, digit));
    return chip;
  }

  #showChips(question, chips) {
    setText(part(this.#root, "question"), question);
    part(this.#root, "chips").replaceChildren(...chips);
    part(this.#root, "ask").scrollIntoView({ block: "nearest" });
  }

  // --- nothing left ---

  #showDone(finding) {
    const done = part(this.#root, "done");
    const isDone = !finding && !this.#desk.asking && this.#isAllReviewed();
    if (isDone === !done.hidden) return;
    done.hidden = !isDone;
    if (isDone) this.#onDone();
  }

  #isAllReviewed() {
    const { findings, isWorking } = this.#desk;
    return findings.all.length > 0 && !left(this.#desk) && !isWorking;
  }
}

/** The types that a person may choose: what is no damage is rejected, with a reason. */
const offeredTypes = ({ damageTypes }) => damageTypes.filter(({ value }) => value !== "no_damage");

/** The type a person most likely means: that of the finding in hand, else of the last one drawn. */
function suggestedType({ findings, selected, damageTypes }) {
  const last = findings.all.filter(({ source }) => source === "person").at(-1);
  const like = findings.get(selected) ?? last ?? findings.all[0];
  return like?.damage_type ?? damageTypes[0].value;
}

function chooseType(desk, type) {
  if (desk.asking === "drawn") desk.sketch.become(type);
  else setType(desk, type);
}
