// htmx as this house uses it: no eval, no inline style, nothing about a claim kept in the browser.

import htmx from "htmx.org";

import { csrfToken } from "./csrf.js";
import { morph, morphStyle } from "./morph.js";

Object.assign(htmx.config, {
  allowEval: false,
  historyCacheSize: 0,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  responseHandling: [
    { code: "204|304", swap: false },
    { code: "[23]..", swap: true },
    // A form that came back with its errors is what the person must see.
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

htmx.defineExtension("morph", {
  isInlineSwap: (style) => morphStyle(style) === "outerHTML",
  handleSwap: (style, target, fragment) =>
    morphStyle(style) ? morph(target, fragment.children, morphStyle(style)) : false,
});
