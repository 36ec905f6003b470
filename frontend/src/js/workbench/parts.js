// The pieces of the page's markup, by the name in their data-part.

export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** A fresh copy of what a <template data-part> holds. */
export const copyOf = (root, name) => part(root, name).content.cloneNode(true);

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Show a sentence, or nothing at all. */
export function tell(node, text) {
  setText(node, text);
  node.hidden = !text;
}

/** Put an icon of the sprite into an <svg><use/></svg>. */
export function setIcon(svg, name) {
  const use = svg.querySelector("use");
  const [sprite] = use.getAttribute("href").split("#");
  use.setAttribute("href", `${sprite}#${name}`);
}
