import { nameOf } from "./list.js";
import { part, setText, tell } from "./parts.js";
import { statusOf } from "./review.js";

/** Whether all is saved, what went wrong, and who was first. */
export class Status {
  #root;
  #desk;
  #words;
  #place = document.getElementById("save-status");
  #live = document.getElementById("live");
  #said = "saved";

  constructor(root, desk, words) {
    this.#root = root;
    this.#desk = desk;
    this.#words = words;
    part(root, "notice-close").addEventListener("click", () => desk.set({ notice: null }));
    part(root, "keep-mine").addEventListener("click", () => desk.settle({ keepMine: true }));
    part(root, "use-theirs").addEventListener("click", () => desk.settle({ keepMine: false }));
    desk.listen(() => this.#show());
  }

  #show() {
    this.#showSaving();
    this.#showSignedOut();
    this.#showNotice();
    const { disagreement } = this.#desk;
    part(this.#root, "conflict").hidden = !disagreement;
    setText(part(this.#root, "conflict-text"), disagreement?.sentence ?? "");
    part(this.#root, "conflict-outline").hidden = !disagreement?.isOutline;
    tell(part(this.#root, "conflict-theirs"), disagreement ? this.#theirs(disagreement.theirs) : "");
  }

  /** How the other person left the finding; a line needs no words, it is drawn. */
  #theirs(theirs) {
    if (!theirs?.review) return "";
    const status = this.#words.say(`status-${statusOf(theirs)}`);
    return this.#words.say("theirs", { status, name: nameOf(this.#desk, this.#words, theirs) });
  }

  #showSaving() {
    const { saving, locked } = this.#desk;
    const { kind } = saving;
    this.#place.dataset.state = locked ? "locked" : kind;
    setText(this.#place, locked ? this.#words.say("read-only") : this.#sentence(saving));
    if (kind === this.#said) return;
    this.#said = kind;
    // Every save would be too much to listen to; one that fails is not.
    if (kind === "waiting") setText(this.#live, this.#sentence(saving));
  }

  /** Signing in again brings the person back here, where what was kept is saved. */
  #showSignedOut() {
    const { kind, count, keeps } = this.#desk.saving;
    const isOut = kind === "signed-out";
    part(this.#root, "signed-out").hidden = !isOut;
    setText(part(this.#root, "signed-out-text"), isOut ? this.#words.count(keeps ? "out-kept" : "out-open", count) : "");
  }

  #sentence({ kind, seconds, count, keeps }) {
    if (kind === "held") return this.#words.say("held");
    if (kind !== "waiting") return this.#words.say(kind);
    const kept = this.#words.count(keeps ? "kept" : "open", count);
    return `${this.#words.say("waiting", { seconds })} ${kept}`;
  }

  #showNotice() {
    const { notice } = this.#desk;
    tell(part(this.#root, "notice-text"), notice?.bad ? notice.text : "");
    part(this.#root, "notice").hidden = !notice?.bad;
    if (notice && !notice.bad) setText(this.#live, notice.text);
  }
}
