import { crosses, distance, inside, toGeoJSON } from "./geometry.js";

// Screen pixels: so close to the first point closes the outline, so close to the last ends it.
const CLOSE = 12;
const SAME = 5;
// What an arrow key moves the crosshair by, alone and with Shift.
const STEP = 4;
const LEAP = 40;

/**
 * A line or outline that is being drawn, by clicks or with a crosshair from the keyboard; nothing
 * is saved until it is finished. `kind` is "draw", "opening" or "line".
 */
export class Sketch {
  points = [];
  /** Where the pointer or the crosshair is, or null. */
  at = null;
  /** Whether the keyboard moves it. */
  isCrosshair = false;
  isClosed = false;
  #desk;

  constructor(desk, kind) {
    this.#desk = desk;
    this.kind = kind;
  }

  /** Set a point, or end with it; `scale` is photo pixels per screen pixel. */
  set(spot, scale) {
    if (this.isClosed) return;
    const point = inside(this.#desk.photo, spot);
    if (this.#ends(point, scale)) this.close();
    else this.#add(point);
    this.#desk.changed();
  }

  #add(point) {
    this.points = [...this.points, point];
    if (this.kind === "line" && this.points.length === 2) this.#finish();
  }

  #ends(point, scale) {
    const [first, ...rest] = this.points;
    if (this.kind === "line" || rest.length < 2) return false;
    return distance(point, first) <= CLOSE * scale || distance(point, rest.at(-1)) <= SAME * scale;
  }

  close() {
    if (this.kind !== "line" && this.points.length > 2) this.#finish();
  }

  dropLast() {
    this.isClosed = false;
    this.points = this.points.slice(0, -1);
    this.#desk.set({ asking: null, notice: null });
  }

  moveCrosshair([dx, dy], isLeap, scale, middle) {
    const by = (isLeap ? LEAP : STEP) * scale;
    const [x, y] = this.at ?? middle;
    this.at = inside(this.#desk.photo, [x + dx * by, y + dy * by]);
    this.isCrosshair = true;
    this.#desk.changed();
  }

  /** What crosses itself stays open, so that points can be taken back and set anew. */
  #finish() {
    const desk = this.#desk;
    if (this.kind !== "line" && crosses([[this.points]])) desk.complain(desk.word("crossed-drawing"));
    else if (this.kind === "opening") this.#cut();
    else {
      this.isClosed = true;
      desk.set({ asking: this.kind === "line" ? "length" : "drawn" });
    }
  }

  #cut() {
    const desk = this.#desk;
    if (desk.outline.cut(this.points)) desk.set({ tool: "select", sketch: null });
    else desk.complain(desk.word("outside"));
  }

  /** The outline is drawn and its type is known: it becomes a finding. */
  become(type) {
    const desk = this.#desk;
    const key = desk.draw({ damage_type: type, polygon: toGeoJSON([[this.points]]) });
    desk.set({ tool: "select", sketch: null, asking: null, selected: key });
  }

  /** The line is drawn and its length in metres is known: it becomes the scale. */
  measure(length) {
    const [start, end] = this.points;
    const desk = this.#desk;
    desk.setScale({ start, end, length_m: length });
    desk.set({ tool: "select", sketch: null, asking: null });
  }
}

/** Take up a tool; with "opening" only over a finding that may be reshaped. */
export function takeTool(desk, tool) {
  if (desk.locked || !desk.canEdit) return;
  if (tool === "opening" && !desk.outline.shape) {
    desk.complain(desk.word("select-first"));
    return;
  }
  if (tool === "opening" && desk.outline.isUnsaved) {
    desk.outline.complain();
    return;
  }
  desk.outline.nudged();
  const sketch = tool === "select" ? null : new Sketch(desk, tool);
  desk.outline.point = null;
  desk.set({ tool, sketch, asking: null, notice: null });
}

/** Draw on with what was drawn before. */
export function takeUpAgain(desk, kind, points) {
  const sketch = new Sketch(desk, kind);
  sketch.points = points;
  sketch.isClosed = kind === "line";
  desk.set({ tool: kind, sketch, asking: kind === "line" ? "length" : null });
}

/** Take back what was done last, be it a point, a move that could not be saved or a change. */
export function takeBack(desk) {
  if (desk.sketch?.points.length) desk.sketch.dropLast();
  else if (desk.outline.isUnsaved) desk.outline.takeBack();
  else desk.takeBack();
}

export const canTakeBack = ({ sketch, outline, undo }) =>
  Boolean(sketch?.points.length) || outline.isUnsaved || undo.canUndo;

/** Escape: one thing after the other is let go. */
export function letGo(desk) {
  if (desk.asking === "drawn" || desk.asking === "length") desk.sketch.dropLast();
  else if (desk.asking) desk.set({ asking: null });
  else if (desk.sketch?.points.length) takeTool(desk, desk.tool);
  else if (desk.tool !== "select") takeTool(desk, "select");
  else if (desk.outline.point) desk.outline.hold(null);
  else desk.set({ selected: null });
}
