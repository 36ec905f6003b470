// What the server would not take is not lost: it goes back into the hand of the person who drew it.

import { draws } from "./findings.js";
import { toShape } from "./geometry.js";
import { takeUpAgain } from "./sketch.js";

export class Returned {
  // {kind, points}: drawings and lines, oldest first.
  #sketches = [];

  /** Take what a change drew, which is undone already; false where it drew nothing that still counts. */
  take(change, { findings, outline }) {
    const { target, body } = change;
    const isFollowed = findings.pending.some((later) => later.target === target && later.body.polygon);
    const shape = body.polygon && toShape(body.polygon);
    if (body.start) this.#sketches.push({ kind: "line", points: [body.start, body.end] });
    else if (shape && draws(change)) this.#sketches.push({ kind: "draw", points: shape[0][0] });
    else if (shape && !isFollowed) outline.keep(target, shape);
    else return false;
    return true;
  }

  /** Give the first one back once nothing else is being drawn. */
  giveBack(desk) {
    const isBusy = desk.sketch?.points.length || desk.asking || desk.locked || !desk.canEdit;
    if (isBusy || !this.#sketches.length) return;
    const { kind, points } = this.#sketches.shift();
    takeUpAgain(desk, kind, points);
  }
}
