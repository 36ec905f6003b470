import { part, setText } from "./parts.js";
import { canTakeBack, takeBack, takeTool } from "./sketch.js";

/** One stop of the Tab key, arrow keys within; and the line that says what the tool does. */
export class Toolbar {
  #root;
  #desk;
  #words;
  #buttons;

  constructor(root, desk, words, picture) {
    this.#root = root;
    this.#desk = desk;
    this.#words = words;
    const bar = part(root, "tools");
    this.#buttons = [...bar.querySelectorAll("button")];
    const actions = {
      undo: () => takeBack(desk),
      redo: () => desk.doAgain(),
      "zoom-in": () => picture.zoom(+1),
      "zoom-out": () => picture.zoom(-1),
      fit: () => picture.fitAll(),
    };
    bar.addEventListener("click", ({ target }) => {
      const { tool, do: action } = target.closest("button")?.dataset ?? {};
      if (tool) this.#take(tool);
      if (action) actions[action]();
    });
    bar.addEventListener("keydown", (event) => this.#key(event));
    this.#rove(this.#buttons[0]);
    desk.listen(() => this.#show());
  }

  #take(tool) {
    takeTool(this.#desk, tool);
    this.#desk.focusPicture();
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const shown = this.#buttons.filter((button) => button.offsetParent);
    const next = shown.at((shown.indexOf(event.target.closest("button")) + step) % shown.length);
    this.#rove(next);
    next.focus();
  }

  #rove(current) {
    for (const button of this.#buttons) button.tabIndex = button === current ? 0 : -1;
  }

  #show() {
    const { tool, undo, locked } = this.#desk;
    for (const button of this.#buttons) {
      const { tool: own, do: action } = button.dataset;
      if (own) {
        button.setAttribute("aria-pressed", own === tool);
        button.hidden = Boolean(locked);
      }
      if (action === "undo") this.#allow(button, canTakeBack(this.#desk));
      if (action === "redo") this.#allow(button, undo.canRedo);
    }
    setText(part(this.#root, "hint"), this.#hint());
    part(this.#root, "canvas").dataset.tool = tool;
  }

  #allow(button, isPossible) {
    button.hidden = Boolean(this.#desk.locked);
    button.setAttribute("aria-disabled", !isPossible);
  }

  #hint() {
    const { tool, outline, selected, locked, canEdit } = this.#desk;
    if (!canEdit && !locked) return this.#words.say("hint-small");
    if (tool !== "select") return this.#words.say(`hint-${tool}`);
    if (outline.point) return this.#words.say("hint-point", { place: outline.place + 1, count: outline.points.length });
    if (!selected || !outline.shape) return this.#words.say("hint-select");
    return this.#words.say("hint-outline");
  }
}
