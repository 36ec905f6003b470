// Keys for desks where hands stay on the keyboard. A key only focuses or clicks what the page
// already offers, so nothing is reached by keys alone:
//   /        the field in .search            J, K    the next and previous [data-row]
//   ?        <dialog id="keys">              Enter   the link in that row
//   G, x     the element with data-go="x"
// [data-opens=ID] opens a dialog by mouse; the checkbox [data-keys] in one switches the keys off.

const OFF = "keys-off";
export const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
// A second key that comes later than this is a new thought, not the end of a sequence.
const SEQUENCE_MS = 1500;

export const isOff = () => localStorage.getItem(OFF) !== null;

function isForUs(event) {
  if (event.defaultPrevented || event.isComposing) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  return !isOff() && !event.target.closest(TYPING) && !document.querySelector("dialog[open]");
}

const linkOf = (row) => (row.matches("a[href]") ? row : row.querySelector("a[href]"));

/** Focus the row after (+1) or before (-1) the one that has the focus, or the link in it. */
function moveRow(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const first = step > 0 ? 0 : rows.length - 1;
  const row = rows[here < 0 ? first : here + step];
  if (!row) return false;
  const place = row.hasAttribute("tabindex") ? row : linkOf(row);
  place?.focus();
  row.scrollIntoView({ block: "nearest" });
  return true;
}

/** A link or button that has the focus answers Enter by itself; a row does not. */
function openRow() {
  const row = document.activeElement;
  if (!row.matches("[data-row]") || row.matches("a")) return false;
  linkOf(row)?.click();
  return true;
}

function focusSearch() {
  const field = document.querySelector(".search input");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  dialog?.showModal();
  return Boolean(dialog);
}

function go(key) {
  const goal = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  goal?.click();
  return Boolean(goal);
}

const ACTIONS = {
  "/": focusSearch,
  "?": () => openDialog("keys"),
  enter: openRow,
  j: () => moveRow(1),
  k: () => moveRow(-1),
};

function startSwitch() {
  for (const box of document.querySelectorAll("input[data-keys]")) box.checked = !isOff();
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("input[data-keys]")) return;
    if (target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}

export function startKeyboard() {
  let goSince = -Infinity;

  document.addEventListener("keydown", (event) => {
    if (!isForUs(event)) return;
    const key = event.key.toLowerCase();
    const isSecond = event.timeStamp - goSince < SEQUENCE_MS;
    goSince = key === "g" && !isSecond ? event.timeStamp : -Infinity;
    const done = isSecond ? go(key) : ACTIONS[key]?.();
    if (done) event.preventDefault();
  });
  document.addEventListener("click", ({ target }) => {
    const opener = target.closest("[data-opens]");
    if (opener) openDialog(opener.dataset.opens);
  });
  startSwitch();
}
