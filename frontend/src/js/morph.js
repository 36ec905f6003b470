// Swaps that change only what differs, so that focus, scroll and what a person opened all stay.

import { Idiomorph } from "idiomorph";

const STYLES = {
  morph: "outerHTML",
  "morph:outerHTML": "outerHTML",
  "morph:innerHTML": "innerHTML",
};

// A person opens and closes details and dialogs and ticks boxes; the server never does.
const PERSONS_OWN = ["open", "checked"];

/** What an `hx-swap` value asks Idiomorph to replace, or undefined if it isn't a morph. */
export const morphStyle = (swap) => STYLES[swap];

/** Morph a target into new elements; the nodes that stand there afterwards. */
export function morph(target, content, style) {
  return Idiomorph.morph(target, content, {
    morphStyle: style,
    ignoreActiveValue: true,
    callbacks: { beforeAttributeUpdated: (name) => !PERSONS_OWN.includes(name) },
  });
}
