import { Desk } from "./desk.js";
import { Detail } from "./detail.js";
import { Filmstrip } from "./filmstrip.js";
import { Keys } from "./keys.js";
import { LengthForm } from "./length.js";
import { FindingsList } from "./list.js";
import { PanelHead } from "./panel.js";
import { copyOf, part, tell } from "./parts.js";
import { Picture } from "./picture.js";
import { Pointer } from "./pointer.js";
import { select, stepToOpen } from "./review.js";
import { Shelf } from "./shelf.js";
import { Status } from "./status.js";
import { Toolbar } from "./toolbar.js";
import { Words } from "./words.js";

// How long a person who goes on waits for the last changes to be saved.
const PATIENCE_MS = 3000;
// Narrower than this there is no room to reshape anything; see workbench.css.
const isWide = matchMedia("(min-width: 600px)");

const canDraw = () => Boolean(document.createElement("canvas").getContext("2d"));

/**
 * <photo-workbench data-findings="URL" data-scale="URL" data-keeper="who and where"> around the
 * plain page: the picture with outlines and the list with its forms, which stay where there is no
 * canvas. Its templates hold the workbench, `bench`, and every sentence, `words`. It says
 * data-ready="true" once it can be worked with.
 */
export class PhotoWorkbench extends HTMLElement {
  #desk;
  #words;
  #shelf;
  #picture;
  #isLoading = false;
  #isFirst = true;

  connectedCallback() {
    if (this.#desk || !canDraw()) return;
    this.#words = new Words(part(this, "words").content);
    this.#shelf = new Shelf(this.dataset.keeper);
    const urls = { findings: this.dataset.findings, scale: this.dataset.scale };
    this.#desk = new Desk({ urls, words: this.#words, shelf: this.#shelf });
    document.body.addEventListener("poll", () => this.#poll());
    this.#leaveWithCare();
    this.#load();
  }

  async #load() {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const [isLoaded, unsaved] = await Promise.all([this.#desk.load(), this.#shelf.load()]);
    this.#isLoading = false;
    part(this, "unloaded").hidden = isLoaded;
    if (isLoaded) this.#open(unsaved);
  }

  #poll() {
    if (!this.#picture) this.#load();
    else if (this.#desk.isWorking) this.#desk.load();
  }

  #open(unsaved) {
    part(this, "plain").remove();
    part(this, "bench").before(copyOf(this, "bench"));
    this.classList.add("open");
    this.#desk.canEdit = isWide.matches;
    isWide.addEventListener("change", () => this.#desk.set({ canEdit: isWide.matches, tool: "select", sketch: null }));
    this.#furnish();
    this.#desk.resume(unsaved);
    this.#begin();
  }

  #furnish() {
    const [desk, words] = [this.#desk, this.#words];
    const canvas = part(this, "canvas");
    const codes = new Map(desk.damageTypes.map(({ value, code }) => [value, code]));
    this.#picture = new Picture(canvas, desk.photo, {
      codeOf: (type) => codes.get(type) ?? "",
      onPicture: (state) => this.#showPictureState(state),
    });
    desk.focusPicture = () => canvas.focus();
    new Pointer(desk, this.#picture);
    new Keys(this, desk, this.#picture);
    new Toolbar(this, desk, words, this.#picture);
    new PanelHead(this, desk, words);
    new LengthForm(this, desk, words);
    new Status(this, desk, words);
    new Filmstrip(this, desk);
    new Detail(this, desk, words, { onDone: () => this.#onDone() });
    // The last: how much room is left for the list depends on what the others show.
    new FindingsList(this, desk, words);
    desk.listen(() => this.#show());
    part(this, "drawer").addEventListener("click", () => this.#toggleDrawer());
  }

  #show() {
    const desk = this.#desk;
    this.#picture.show(desk);
    const finding = desk.findings.get(desk.toShow);
    desk.toShow = null;
    if (finding) this.#picture.lookAt(finding);
  }

  /** The finding that the address names, else the first that is not reviewed. */
  #begin() {
    const named = location.hash.replace("#finding-", "");
    if (this.#desk.findings.get(named)) select(this.#desk, named);
    else stepToOpen(this.#desk, +1);
    this.#desk.changed();
  }

  #showPictureState(state) {
    const sentences = { loading: "loading-full", failed: "no-picture", "small-only": "small-only" };
    tell(part(this, "picture-state"), sentences[state] ? this.#words.say(sentences[state]) : "");
    if (this.#isFirst) this.#becomeReady();
  }

  /** After the frame that shows it. */
  #becomeReady() {
    this.#isFirst = false;
    this.#picture.map.once("postrender", () => {
      this.dataset.ready = "true";
    });
    this.#picture.map.render();
  }

  #toggleDrawer() {
    const isShut = this.classList.toggle("shut");
    part(this, "drawer").setAttribute("aria-expanded", !isShut);
    this.#picture.map.updateSize();
  }

  /** The buttons that had the focus are gone with the finding; the way on is here. */
  #onDone() {
    if (document.activeElement === document.body) part(this, "done").querySelector("a").focus();
    this.#desk.say("done");
  }

  #leaveWithCare() {
    window.addEventListener("beforeunload", (event) => {
      if (!this.#desk.mayLeave) event.preventDefault();
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.ctrlKey || event.metaKey || this.#desk.mayLeave) return;
      event.preventDefault();
      this.#goOn(link.href);
    });
  }

  /** To wait would help nothing where a person must choose first. */
  #goOn(address) {
    const desk = this.#desk;
    if (!desk.disagreement) desk.settled(PATIENCE_MS).then(() => location.assign(address));
    else {
      desk.complain(desk.word("choose-first"));
      part(this, "keep-mine").focus();
    }
  }
}
