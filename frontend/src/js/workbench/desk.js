import { uuid } from "../upload/idempotency.js";

import { ask } from "./api.js";
import { Findings, newKey, SCALE } from "./findings.js";
import { Outline } from "./outline.js";
import { Returned } from "./returned.js";
import { Saving } from "./saving.js";
import { UndoStack } from "./undo.js";

/**
 * All that is known about the photo on the desk and what a person is doing with it; no DOM.
 * Parts of the page listen and show it; keys, buttons and the pointer call its methods.
 */
export class Desk {
  findings = new Findings();
  undo = new UndoStack();
  outline = new Outline(this);
  /** The photo as the server describes it: {number, name, width, height, view, working}. */
  photo = null;
  locked = "";
  units = "us";
  queries = [];
  damageTypes = [];
  rejectReasons = [];
  /** The key of the finding in hand, or null. */
  selected = null;
  /** The key of a finding to bring into view, or null. */
  toShow = null;
  filter = "all";
  tool = "select";
  /** What the panel asks for: null, "reason", "type", "drawn" (the type of a new one), "length". */
  asking = null;
  /** The key of the finding that "reason" or "type" is about. */
  askedOf = null;
  /** While a key is held: "hidden" or "original". */
  held = null;
  sketch = null;
  /** {kind, count, seconds, keeps}: see Saving. */
  saving = { kind: "saved", count: 0, seconds: 0, keeps: true };
  /** {text, bad}: what happened last, for everybody. */
  notice = null;
  canEdit = true;
  /** Give the picture the focus. */
  focusPicture = () => {};

  #urls;
  #words;
  #saver;
  #scale = null;
  #scaleTag;
  #conflicts = new Map();
  #steps = new Map();
  #answers = 0;
  #returned = new Returned();
  #listeners = [];
  #isDue = false;

  constructor({ urls, words, shelf }) {
    this.#urls = urls;
    this.#words = words;
    this.#saver = new Saving({ findings: this.findings, shelf, desk: this, urls });
  }

  // --- telling ---

  listen(listener) {
    this.#listeners.push(listener);
  }

  /** Tell the listeners, once for all that changes in one go. */
  changed() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#letGo();
      this.#returned.giveBack(this);
      this.outline.follow();
      for (const listener of this.#listeners) listener(this);
    });
  }

  /** What is no longer there is not in hand; nor is a question open about what is not in hand. */
  #letGo() {
    if (!this.findings.get(this.selected)) this.selected = null;
    if (["reason", "type"].includes(this.asking) && this.askedOf !== this.selected) this.asking = null;
  }

  set(values) {
    Object.assign(this, values);
    this.changed();
  }

  say(name, values) {
    this.set({ notice: { text: this.#words.say(name, values), bad: false } });
  }

  word(name) {
    return this.#words.say(name);
  }

  complain(sentence) {
    this.set({ notice: { text: sentence, bad: true } });
  }

  // --- the server ---

  /** Ask how things stand; resolves to whether there was an answer. */
  async load() {
    const answers = this.#answers;
    const { kind, body } = await ask(this.#urls.findings);
    if (kind !== "done" || !body) return false;
    // An answer that was under way while a change was saved tells of the time before it.
    if (answers === this.#answers) this.#take(body);
    return true;
  }

  /** Take up what an earlier visit could not save. */
  resume(changes) {
    if (this.locked) return;
    for (const change of changes) this.findings.add(change);
    this.#saver.run();
  }

  get isWorking() {
    return this.queries.some(({ state }) => state === "working");
  }

  /** Whether the page can be left without losing anything that saving could still keep. */
  get mayLeave() {
    const { kind, keeps } = this.saving;
    const isAtWork = !this.locked && (this.sketch?.points.length || this.outline.hasUnsaved);
    return !isAtWork && (!this.findings.pending.length || (kind === "signed-out" && keeps));
  }

  settled(patience) {
    return this.#saver.settled(patience);
  }

  #take({ photo, locked, units, scale, scale_tag: tag, queries, findings, ...words }) {
    Object.assign(this, { photo, units, queries, ownScale: words.own_scale });
    this.locked ||= locked;
    this.damageTypes = words.damage_types;
    this.rejectReasons = words.reject_reasons;
    if (!this.#hasPending(SCALE)) [this.#scale, this.#scaleTag] = [scale, tag];
    this.findings.receive(findings, this.selected);
    this.changed();
  }

  #hasPending(key) {
    return this.findings.pending.some(({ target }) => target === key);
  }

  // --- changing ---

  /** The reference line as it will be once all is saved, or null. */
  get scale() {
    const change = this.findings.pending.filter(({ target }) => target === SCALE).at(-1);
    if (!change) return this.#scale;
    return change.body.start ? { ...change.body, basis: "" } : null;
  }

  /** Change a finding or the scale; `before` are the fields that would put it back. */
  change(target, after, before) {
    if (!this.locked) this.#send(target, after, this.#record({ target, before, after }));
  }

  /** Put a new finding on the photo; its key until the server has numbered it. */
  draw(body) {
    const op = uuid();
    const target = newKey(op);
    const step = this.#record({ target, before: { removed: true }, after: { removed: false } });
    this.#add({ op, target, body, revision: 0 }, step);
    return target;
  }

  setScale(after) {
    const old = this.scale;
    const before = old ? { start: old.start, end: old.end, length_m: old.length_m } : {};
    this.change(SCALE, after, before);
  }

  clearScale() {
    if (this.scale) this.setScale({});
  }

  takeBack() {
    this.#again(this.undo.undo(), "before");
  }

  doAgain() {
    this.#again(this.undo.redo(), "after");
  }

  #again(step, side) {
    if (!step || this.locked) return;
    this.#send(step.target, step[side], step);
    this.askedOf = null;
    if (this.findings.get(step.target)) this.selected = this.toShow = step.target;
    this.say(side === "before" ? "undone" : "redone");
  }

  #record(step) {
    this.undo.push(step);
    return step;
  }

  #send(target, body, step) {
    const revision = target === SCALE ? this.#scaleTag : this.findings.revision(target);
    this.#add({ op: uuid(), target, body, revision }, step);
  }

  #add(change, step) {
    this.#steps.set(change.op, step);
    this.notice = null;
    this.#saver.add(change);
    this.changed();
  }

  // --- what became of a change: called by Saving ---

  saved(change, body) {
    this.#answers += 1;
    this.#steps.delete(change.op);
    if (change.target === SCALE) this.#savedScale(change, body);
    else this.#savedFinding(change, body.finding);
    this.changed();
  }

  #savedFinding(change, finding) {
    const from = change.target;
    const key = this.findings.saved(change, finding);
    if (from === key) return;
    this.undo.rename(from, key);
    this.outline.rename(from, key);
    if (this.askedOf === from) this.askedOf = key;
    if (this.selected === from) this.selected = key;
  }

  #savedScale(change, { scale, scale_tag: tag, findings }) {
    this.findings.drop(change);
    this.#moveScale(scale, tag);
    this.findings.receive(findings, this.selected);
  }

  #moveScale(scale, tag) {
    [this.#scale, this.#scaleTag] = [scale, tag];
    for (const later of this.findings.pending) if (later.target === SCALE) later.revision = tag;
  }

  /** The change is taken back already; what was drawn can be drawn on. */
  refused(change, sentence) {
    this.undo.drop(this.#steps.get(change.op));
    const why = sentence ?? this.word("not-taken");
    this.complain(this.#returned.take(change, this) ? `${why} ${this.word("kept-drawing")}` : why);
  }

  closed(sentence) {
    this.#conflicts.clear();
    this.set({ locked: sentence ?? this.#words.say("closed"), tool: "select", sketch: null, asking: null });
  }

  onState(saving) {
    this.set({ saving });
  }

  // --- two people at once ---

  conflict({ target }, body) {
    this.#conflicts.set(target, body);
    const selected = target === SCALE ? this.selected : target;
    this.set({ selected, toShow: selected, asking: null });
  }

  /** {target, sentence, theirs, isOutline}: what waits for a person's word, or null. */
  get disagreement() {
    const [entry] = this.#conflicts;
    if (!entry) return null;
    const [target, { conflict, finding, scale }] = entry;
    const mine = this.findings.pending.filter((change) => change.target === target);
    const isOutline = mine.some(({ body }) => body.polygon || body.original);
    return { target, sentence: conflict, theirs: target === SCALE ? scale : finding, isOutline };
  }

  /** Settle the disagreement that is shown. */
  settle({ keepMine }) {
    const [[target, body]] = this.#conflicts;
    this.#conflicts.delete(target);
    if (!keepMine) {
      this.undo.forget(target);
      this.outline.forget(target);
    }
    if (target === SCALE) this.#moveScale(body.scale, body.scale_tag);
    else this.findings.rebase(body.finding);
    this.#saver.release(target, { drop: !keepMine });
    this.set({ notice: null });
  }
}
