// Swaps that change only what differs, so that focus, scroll and what a person opened all stay.

import { Idiomorph } from "idiomorph";

const STYLES = {
  morph: "outerHTML",
  "morph:outerHTML": "outerHTML",
  "morph:innerHTML": "innerHTML",
};

/** What an `hx-swap` value asks Idiomorph to replace, or undefined if it isn't a morph. */
export const morphStyle = (swap) => STYLES[swap];

/** Morph a target into new elements; the nodes that stand there afterwards. */
export function morph(target, content, style) {
  return Idiomorph.morph(target, content, {
    morphStyle: style,
    ignoreActiveValue: true,
    // A person opens and closes details and dialogs; the server never does.
    callbacks: { beforeAttributeUpdated: (name) => name !== "open" },
  });
}
