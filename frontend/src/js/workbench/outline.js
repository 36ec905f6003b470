import { ask } from "./api.js";
import {
  crosses, inserted, inside, middleAfter, moved, nearestPoint, paths, pointAt, removed, simplified, toGeoJSON, toShape,
  withOpening,
} from "./geometry.js";

// Two hundred points are one row of dots; thirty can be worked with. Nothing is saved by looking.
const TOLERANCE = 1.5;

// Points that a person has set stay where they were set.
const editable = (finding, polygon) => {
  const shape = toShape(polygon);
  return finding.source === "engine" && !finding.edited ? simplified(shape, TOLERANCE) : shape;
};

/** The outline of the selected finding, in the hand of the person who reshapes it. */
export class Outline {
  /** The shape as it is being changed, or null as long as it may not or cannot be. */
  shape = null;
  /** The path of the point in hand, or null. */
  point = null;
  #desk;
  #key = null;
  // The outline that the shape was taken from or saved as, the very object.
  #source = null;
  #isNudged = false;
  #asked = "";
  // Outlines that cannot be saved as they are, such as one that crosses itself: key -> the shapes
  // since the one that is saved, newest last.
  #unsaved = new Map();

  constructor(desk) {
    this.#desk = desk;
  }

  /** Keep up with what is selected and with what became of it. */
  follow() {
    const { selected, canEdit, locked, findings } = this.#desk;
    const isOpen = selected && canEdit && !locked && findings.get(selected);
    if (this.#key !== selected || !isOpen) this.letGo();
    if (!isOpen) return;
    this.#key = selected;
    const polygon = findings.outline(selected);
    if (!polygon) this.#fetch(selected);
    else if (polygon !== this.#source) this.#take(polygon);
  }

  letGo() {
    Object.assign(this, { shape: null, point: null });
    [this.#key, this.#source, this.#isNudged] = [null, null, false];
  }

  rename(from, to) {
    if (this.#key === from) this.#key = to;
    if (!this.#unsaved.has(from)) return;
    this.#unsaved.set(to, this.#unsaved.get(from));
    this.#unsaved.delete(from);
  }

  #take(polygon) {
    // Why it was not saved was said, but that was before another one was looked at.
    const isTakenUpAgain = this.#source === null && this.isUnsaved;
    this.#source = polygon;
    this.#show();
    if (isTakenUpAgain) this.complain();
  }

  /** The last shape that could not be saved, else the one that is. */
  #show() {
    const saved = () => editable(this.#desk.findings.get(this.#key), this.#source);
    this.shape = this.#unsaved.get(this.#key)?.at(-1) ?? saved();
    if (this.point && !pointAt(this.shape, this.point)) this.point = null;
  }

  // --- what cannot be saved as it is ---

  get isUnsaved() {
    return this.#unsaved.has(this.#key);
  }

  get hasUnsaved() {
    return this.#unsaved.size > 0;
  }

  complain() {
    this.#desk.complain(this.#desk.word("crossed-outline"));
  }

  /** Keep a shape in hand that cannot be saved, until a point of it is moved or the move taken back. */
  keep(key, shape) {
    this.#unsaved.set(key, [...(this.#unsaved.get(key) ?? []), shape]);
    if (key === this.#key) this.#show();
  }

  /** Take back the last move since the outline was saved. */
  takeBack() {
    const rest = this.#unsaved.get(this.#key).slice(0, -1);
    if (rest.length) this.#unsaved.set(this.#key, rest);
    else this.#unsaved.delete(this.#key);
    this.#show();
    this.#desk.set({ notice: null });
  }

  /** Somebody else's outline takes the place of this one. */
  forget(key) {
    this.#unsaved.delete(key);
    this.letGo();
  }

  async #fetch(key) {
    const { findings } = this.#desk;
    const url = findings.urlOf(key);
    const revision = findings.revision(key);
    if (!url || this.#asked === `${url} ${revision}`) return;
    this.#asked = `${url} ${revision}`;
    const { kind, body } = await ask(url);
    this.#asked = "";
    if (kind === "done" && body) findings.receive([body.finding], null);
    // Without an answer the list's own copy serves: it is within a pixel.
    const polygon = body?.finding?.polygon ?? findings.get(key)?.polygon;
    if (polygon) findings.rememberOutline(key, findings.revision(key), polygon);
    this.#desk.changed();
  }

  // --- points ---

  get points() {
    return this.shape ? paths(this.shape) : [];
  }

  /** Where the point in hand stands in the row of all, from 0; -1 without one. */
  get place() {
    return this.points.findIndex((path) => String(path) === String(this.point));
  }

  hold(path) {
    this.point = path;
    this.#desk.changed();
  }

  /** Take the next (+1) or previous (-1) point in hand. */
  step(by) {
    const { points } = this;
    if (!points.length) return;
    this.nudged();
    const from = this.place < 0 && by < 0 ? 0 : this.place;
    this.hold(points[(from + by + points.length) % points.length]);
  }

  /** Show a point elsewhere; nothing is saved until `commit`. */
  drag(path, spot) {
    this.shape = moved(this.shape, path, spot);
  }

  moveTo(spot) {
    this.drag(this.point, spot);
    this.commit();
  }

  /** Move the point in hand by pixels; saved once the key comes up: `nudged`. */
  nudge(dx, dy) {
    const [x, y] = pointAt(this.shape, this.point);
    this.drag(this.point, inside(this.#desk.photo, [x + dx, y + dy]));
    this.#isNudged = true;
    this.#desk.changed();
  }

  nudged() {
    if (this.#isNudged) this.commit();
  }

  /** A new point after the one at `path`; it is the one in hand then. */
  insert(path, spot) {
    this.shape = inserted(this.shape, path, spot);
    this.point = [path[0], path[1], path[2] + 1];
  }

  insertHere() {
    const path = this.point ?? this.points[0];
    if (!path) return;
    this.insert(path, middleAfter(this.shape, path));
    this.commit();
  }

  removeHere() {
    const rest = removed(this.shape, this.point);
    if (!rest) {
      this.#desk.complain(this.#desk.word("too-few"));
      return;
    }
    const spot = pointAt(this.shape, this.point);
    this.shape = rest;
    this.point = nearestPoint(rest, spot, Infinity);
    this.commit();
  }

  /** Cut an opening; false where the ring does not lie inside the finding. */
  cut(ring) {
    const shape = this.shape && withOpening(this.shape, ring);
    if (!shape) return false;
    this.shape = shape;
    this.commit();
    return true;
  }

  /** Save the shape as it is, unless it crosses itself. */
  commit() {
    this.#isNudged = false;
    if (crosses(this.shape)) {
      this.keep(this.#key, this.shape);
      this.complain();
      return;
    }
    this.#unsaved.delete(this.#key);
    const finding = this.#desk.findings.get(this.#key);
    const isOwn = finding.source === "engine" && !finding.edited;
    const before = isOwn ? { original: true } : { polygon: this.#source };
    this.#source = toGeoJSON(this.shape);
    this.#desk.change(this.#key, { polygon: this.#source }, before);
  }

  /** Go back to what the engine drew. */
  restore() {
    this.#unsaved.delete(this.#key);
    this.#desk.change(this.#key, { original: true }, { polygon: this.#source });
  }
}
