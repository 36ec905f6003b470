// What the server would not take is not lost: it goes back into the hand of the person who drew it.

import { draws } from "./findings.js";
import { toShape } from "./geometry.js";
import { takeUpAgain } from "./sketch.js";

export class Returned {
  // {kind, points}: drawings and lines, oldest first.
  #sketches = [];

  /** Take what a change drew; the change is no longer among the findings' own. */
  take(change, { findings, outline }) {
    const { target, body } = change;
    if (body.start) this.#sketches.push({ kind: "line", points: [body.start, body.end] });
    if (!body.polygon) return;
    const shape = toShape(body.polygon);
    const isFollowed = findings.pending.some((later) => later.target === target && later.body.polygon);
    if (draws(change)) this.#sketches.push({ kind: "draw", points: shape[0][0] });
    else if (!isFollowed) outline.keep(target, shape);
  }

  /** Give the first one back once nothing else is being drawn. */
  giveBack(desk) {
    const isBusy = desk.sketch?.points.length || desk.asking || desk.locked || !desk.canEdit;
    if (isBusy || !this.#sketches.length) return;
    const { kind, points } = this.#sketches.shift();
    takeUpAgain(desk, kind, points);
  }
}
