// The keyboard of the workbench. Single keys rest in text fields, in dialogs and when a person has
// switched them off; what belongs to the focused picture works all the same.

import { isOff, TYPING } from "../keyboard.js";

import { pointAt } from "./geometry.js";
import { part } from "./parts.js";
import { accept, askType, reject, remove, step, stepToOpen } from "./review.js";
import { letGo, takeBack, takeTool } from "./sketch.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LEAP = 10;
const PAN = 60;

export class Keys {
  #root;
  #desk;
  #picture;
  #canvas;
  #characters;

  constructor(root, desk, picture) {
    this.#root = root;
    this.#desk = desk;
    this.#picture = picture;
    this.#canvas = part(root, "canvas");
    this.#characters = this.#charactersOf();
    document.addEventListener("keydown", (event) => this.#down(event));
    document.addEventListener("keyup", ({ key }) => this.#up(key));
    window.addEventListener("blur", () => this.#release());
  }

  #charactersOf() {
    const desk = this.#desk;
    const tool = (name) => () => {
      takeTool(desk, name);
      this.#canvas.focus();
    };
    return {
      a: () => accept(desk),
      x: () => reject(desk),
      t: () => askType(desk),
      n: () => stepToOpen(desk, +1),
      "shift+n": () => stepToOpen(desk, -1),
      j: () => step(desk, +1),
      k: () => step(desk, -1),
      v: tool("select"),
      d: tool("draw"),
      h: tool("opening"),
      m: tool("line"),
      i: () => desk.outline.insertHere(),
      ".": () => this.#stepPoint(+1),
      ",": () => this.#stepPoint(-1),
      b: () => desk.set({ held: "hidden" }),
      o: () => desk.set({ held: "original" }),
      f: () => this.#picture.fitAll(),
      "+": () => this.#picture.zoom(+1),
      "=": () => this.#picture.zoom(+1),
      "-": () => this.#picture.zoom(-1),
      "[": () => follow("previous"),
      "]": () => follow("next"),
    };
  }

  #down(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (document.querySelector("dialog[open]") || event.target.closest(TYPING)) return;
    const action = this.#actionFor(event);
    if (!action) return;
    event.preventDefault();
    action();
  }

  #actionFor(event) {
    // On many keyboards a bracket is typed with AltGr, which some systems report as Ctrl and Alt.
    if (event.getModifierState("AltGraph")) return this.#alone(event);
    if (event.altKey) return null;
    return event.ctrlKey || event.metaKey ? this.#withControl(event) : this.#alone(event);
  }

  #withControl({ key, shiftKey }) {
    const name = key.toLowerCase();
    if (name === "enter") return () => follow("next-open");
    if (name === "z" && !shiftKey) return () => takeBack(this.#desk);
    if (name === "y" || name === "z") return () => this.#desk.doAgain();
    return null;
  }

  #alone(event) {
    const onPicture = this.#isFree(event.target) && this.#pictureKey(event);
    if (onPicture) return onPicture;
    if (event.key === "Escape") return () => letGo(this.#desk);
    return isOff() ? null : this.#character(event);
  }

  #character({ key, shiftKey, target, repeat }) {
    const { asking } = this.#desk;
    if (asking && /^\d$/.test(key)) return this.#chip(key);
    if (asking === "reason" && key === "Enter" && !target.closest("button, a")) return () => reject(this.#desk);
    if (key === "Delete") return () => this.#delete();
    const name = /^[a-z]$/i.test(key) && shiftKey ? `shift+${key.toLowerCase()}` : key.toLowerCase();
    const isHeldDown = repeat && !"jkn.,+=-".includes(key);
    return isHeldDown ? null : this.#characters[name];
  }

  #chip(digit) {
    const chip = this.#root.querySelector(`[data-digit="${digit}"]`);
    return chip && (() => chip.click());
  }

  /** Whether the arrow keys and Enter are the picture's: no other control has the focus. */
  #isFree(target) {
    return target === document.body || target === this.#canvas || target.id === "main";
  }

  #pictureKey(event) {
    const { sketch, outline } = this.#desk;
    if (ARROWS[event.key]) return () => this.#arrow(event);
    if (sketch && !sketch.isClosed) return this.#sketchKey(event.key);
    const isDelete = event.key === "Delete" || event.key === "Backspace";
    return isDelete && outline.point ? () => outline.removeHere() : null;
  }

  #sketchKey(key) {
    const { sketch } = this.#desk;
    if (key === "Backspace") return () => sketch.dropLast();
    if (key !== "Enter" && key !== " ") return null;
    return () => sketch.set(sketch.at ?? this.#picture.middle, this.#picture.scale);
  }

  #arrow({ key, shiftKey }) {
    const { sketch, outline } = this.#desk;
    const [dx, dy] = ARROWS[key];
    if (sketch && !sketch.isClosed) {
      sketch.moveCrosshair([dx, dy], shiftKey, this.#picture.scale, this.#picture.middle);
      this.#picture.follow(sketch.at);
    } else if (outline.point) this.#nudge(dx, dy, shiftKey ? LEAP : 1);
    else this.#picture.pan(dx * PAN, dy * PAN);
  }

  /** By what is seen: a pixel of the screen, but never less than one of the photo. */
  #nudge(dx, dy, times) {
    const { outline } = this.#desk;
    const by = Math.max(1, this.#picture.scale) * times;
    outline.nudge(dx * by, dy * by);
    this.#picture.follow(pointAt(outline.shape, outline.point));
  }

  #stepPoint(by) {
    const { outline } = this.#desk;
    outline.step(by);
    if (!outline.point) return;
    this.#canvas.focus();
    this.#picture.follow(pointAt(outline.shape, outline.point));
  }

  #delete() {
    const { outline } = this.#desk;
    if (outline.point) outline.removeHere();
    else remove(this.#desk);
  }

  #up(key) {
    if (ARROWS[key]) this.#desk.outline.nudged();
    if (/^[bo]$/i.test(key)) this.#release();
  }

  #release() {
    this.#desk.outline.nudged();
    if (this.#desk.held) this.#desk.set({ held: null });
  }
}

/** A link of the page, as if it was clicked. */
const follow = (name) => document.querySelector(`a[data-photo~="${name}"]`)?.click();
