import PointerInteraction from "ol/interaction/Pointer.js";

import { area, holds, inside, nearestEdge, nearestPoint, toShape } from "./geometry.js";
import { toPhoto } from "./place.js";
import { select } from "./review.js";

// Screen pixels around a point and beside an edge that count as on it: targets of 24 and more.
const POINT_REACH = { mouse: 12, pen: 12, touch: 20 };
const EDGE_REACH = { mouse: 7, pen: 7, touch: 12 };
// A hand that trembles has not dragged.
const TREMBLE = 3;

/**
 * Mouse, pen and finger on the picture. Nothing needs dragging: a click takes a point in hand, the
 * next click puts it where it goes; a click on the edge adds a point.
 */
export class Pointer extends PointerInteraction {
  #desk;
  #picture;
  // What the pointer went down on: {path, from, isNew, hasMoved}.
  #grip = null;
  #isSpent = false;

  constructor(desk, picture) {
    super();
    this.#desk = desk;
    this.#picture = picture;
    picture.map.addInteraction(this);
    picture.map.on("click", (event) => this.#click(event));
    picture.map.on("pointermove", (event) => this.#hover(event));
  }

  handleDownEvent(event) {
    this.#isSpent = false;
    if (!this.#canGrip(event.originalEvent)) return false;
    this.#grip = this.#gripAt(event);
    return this.#grip !== null;
  }

  handleDragEvent(event) {
    const grip = this.#grip;
    const [x, y] = event.pixel;
    grip.hasMoved ||= Math.hypot(x - grip.from[0], y - grip.from[1]) > TREMBLE;
    if (!grip.hasMoved) return;
    this.#desk.outline.drag(grip.path, inside(this.#desk.photo, toPhoto(event.coordinate)));
    this.#picture.showHand(this.#desk);
  }

  handleUpEvent({ originalEvent }) {
    const { path, isNew, hasMoved } = this.#grip;
    const { outline } = this.#desk;
    this.#grip = null;
    // The click that follows belongs to this, too.
    this.#isSpent = true;
    if (hasMoved || isNew) outline.commit();
    else if (originalEvent.altKey) this.#removeAt(path);
    else outline.hold(String(path) === String(outline.point) ? null : path);
    return false;
  }

  #removeAt(path) {
    this.#desk.outline.point = path;
    this.#desk.outline.removeHere();
  }

  #canGrip({ button, isPrimary }) {
    const { tool, outline, disagreement } = this.#desk;
    return tool === "select" && outline.shape && !disagreement && button === 0 && isPrimary;
  }

  #gripAt(event) {
    const { outline } = this.#desk;
    const spot = toPhoto(event.coordinate);
    const kind = event.originalEvent.pointerType || "mouse";
    const grip = { from: event.pixel, hasMoved: false };
    const path = nearestPoint(outline.shape, spot, POINT_REACH[kind] * this.#picture.scale);
    if (path) return { ...grip, path, isNew: false };
    const edge = nearestEdge(outline.shape, spot, EDGE_REACH[kind] * this.#picture.scale);
    // A point in hand goes where the next click is, be it on an edge.
    if (!edge || outline.point) return null;
    outline.insert(edge.path, edge.point);
    return { ...grip, path: outline.point, isNew: true };
  }

  #click({ coordinate, originalEvent }) {
    if (this.#isSpent || originalEvent.button > 0) return;
    const desk = this.#desk;
    const spot = toPhoto(coordinate);
    if (desk.sketch) desk.sketch.set(spot, this.#picture.scale);
    else if (desk.outline.point) desk.outline.moveTo(inside(desk.photo, spot));
    else this.#selectAt(coordinate);
  }

  #selectAt(coordinate) {
    const picture = this.#picture;
    const found = picture.findingAt(coordinate, POINT_REACH.mouse * picture.scale);
    // A click within the finding in hand leaves it there, unless a smaller one lies in it.
    const own = this.#sizeInHand(coordinate);
    if (own < (found?.get("size") ?? Infinity)) return;
    select(this.#desk, found?.get("finding").key ?? null, { isSeen: true });
  }

  #sizeInHand(coordinate) {
    const finding = this.#desk.findings.get(this.#desk.selected);
    const shape = finding ? toShape(finding.polygon) : [];
    return holds(shape, toPhoto(coordinate)) ? area(shape) : Infinity;
  }

  #hover({ coordinate, dragging, originalEvent }) {
    const { sketch } = this.#desk;
    if (dragging || originalEvent.pointerType === "touch") return;
    if (sketch && !sketch.isClosed) {
      sketch.at = inside(this.#desk.photo, toPhoto(coordinate));
      sketch.isCrosshair = false;
      this.#picture.showHand(this.#desk);
    } else this.#showCursor(coordinate);
  }

  /** Tell by the cursor what a click would do. */
  #showCursor(coordinate) {
    const { outline, tool } = this.#desk;
    const spot = toPhoto(coordinate);
    const reach = EDGE_REACH.mouse * this.#picture.scale;
    const isOn = (find) => outline.shape && tool === "select" && find(outline.shape, spot, reach);
    const overPoint = isOn(nearestPoint) ? "point" : "";
    const overEdge = isOn(nearestEdge) ? "edge" : "";
    this.#picture.map.getTargetElement().dataset.over = overPoint || overEdge;
  }
}
