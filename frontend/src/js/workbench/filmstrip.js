import { part, setText } from "./parts.js";
import { left } from "./review.js";

/** The count of findings left on this photo, among its neighbours, follows what is reviewed. */
export class Filmstrip {
  #count;
  #check;

  constructor(root, desk) {
    this.#count = part(root, "strip-left");
    this.#check = part(root, "strip-done");
    // A claim of one photo has no strip; a photo that is at work or has failed shows that instead.
    if (this.#count) desk.listen(() => this.#show(left(desk)));
  }

  #show(open) {
    setText(part(this.#count, "strip-count"), String(open));
    this.#count.hidden = !open;
    this.#check.toggleAttribute("hidden", open > 0);
  }
}
