/** An element with properties and children; never markup from a string. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A sentence from the page with its {places} filled in. */
export const filled = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

export const button = (label, kind, onClick) => {
  const made = element("button", { type: "button", className: `button ${kind}`.trim() }, label);
  made.addEventListener("click", onClick);
  return made;
};
