/**
 * What was done on a photo, so that it can be taken back. A step is {target, before, after}: how to
 * put the target back and how to do it again. Doing something new forgets what was taken back.
 */
export class UndoStack {
  #done = [];
  #undone = [];

  push(step) {
    this.#done.push(step);
    this.#undone = [];
  }

  /** The step to take back, now counted as undone, or undefined. */
  undo() {
    return this.#shift(this.#done, this.#undone);
  }

  redo() {
    return this.#shift(this.#undone, this.#done);
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Forget the steps that touch a target: what they would put back is no longer theirs. */
  forget(target) {
    const others = (step) => step.target !== target;
    this.#done = this.#done.filter(others);
    this.#undone = this.#undone.filter(others);
  }

  /** Forget one step: the server would not have it. */
  drop(step) {
    const others = (other) => other !== step;
    this.#done = this.#done.filter(others);
    this.#undone = this.#undone.filter(others);
  }

  /** A finding that was drawn has got its number. */
  rename(from, to) {
    for (const step of [...this.#done, ...this.#undone]) if (step.target === from) step.target = to;
  }

  #shift(from, to) {
    const step = from.pop();
    if (step) to.push(step);
    return step;
  }
}
