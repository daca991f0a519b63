// What lies before the senior: the adjudication, the difference in hand, what was decided in which order.

import { differences, rulings } from "./case_api.js";

/** Emits "change" when something was settled or taken back, "move" when another difference is in hand. */
export class Docket extends EventTarget {
  constructor() {
    super();
    this.clear();
  }

  clear() {
    Object.assign(this, { case: null, at: 0, steps: [] });
  }

  lay(found) {
    this.clear();
    this.case = found;
    this.at = Math.max(this.all.findIndex((one) => !one.choice), 0);
  }

  get all() {
    return this.case?.differences ?? [];
  }

  get inHand() {
    return this.all[this.at] ?? null;
  }

  /** The difference of the last step, if that settled only one. */
  get lastSettled() {
    const id = this.steps.at(-1)?.difference;
    return this.all.find((one) => one.id === id) ?? null;
  }

  get left() {
    return this.all.filter((one) => !one.choice).length;
  }

  get isOpen() {
    return this.case?.state === "open";
  }

  go(at) {
    if (at < 0 || at >= this.all.length) return;
    this.at = at;
    this.dispatchEvent(new Event("move"));
  }

  /** The next one that is not settled, else the one after; false at the end of all. */
  next() {
    const open = (one) => !one.choice;
    const later = this.all.findIndex((one, index) => index > this.at && open(one));
    const found = later >= 0 ? later : this.all.findIndex(open);
    if (found >= 0 && found !== this.at) this.go(found);
    return found >= 0;
  }

  async settle(decision) {
    const one = this.inHand;
    Object.assign(one, await differences.settle(one.id, decision));
    this.steps.push({ difference: one.id });
    this.#told();
  }

  async correctCause(cause) {
    const one = this.inHand;
    Object.assign(one, await differences.cause(one.id, cause));
    this.#told();
  }

  /** The answer to a ruling for several; what it settled here is fetched anew by whoever asked. */
  ruled({ ruling }, changed) {
    this.steps.push({ ruling });
    this.refresh(changed);
  }

  /** Takes the last step back: one difference, or a whole group. Answers what was undone in words, null when there is nothing. */
  async undo(reread) {
    const step = this.steps.pop() ?? this.#stepOf(this.inHand);
    if (!step) return null;
    try {
      if (step.ruling) {
        const { differences: opened } = await rulings.undo(step.ruling);
        this.refresh(await reread());
        this.go(this.all.findIndex((one) => opened.includes(one.id)));
        return `Taken back in ${opened.length} documents`;
      }
      const one = this.all.find(({ id }) => id === step.difference);
      Object.assign(one, await differences.undo(one.id));
      this.go(this.all.indexOf(one));
      this.#told();
      return `${one.label} is open again`;
    } catch (error) {
      if (error.body?.ruling && !step.ruling) return this.#undoRuling(error.body.ruling, reread);
      this.steps.push(step);
      throw error;
    }
  }

  async #undoRuling(ruling, reread) {
    this.steps.push({ ruling });
    return this.undo(reread);
  }

  #stepOf(one) {
    return one?.choice && !one.by_itself ? { difference: one.id } : null;
  }

  refresh(found) {
    const id = this.inHand?.id;
    this.case = found;
    this.at = Math.max(this.all.findIndex((one) => one.id === id), 0);
    this.#told();
  }

  #told() {
    this.dispatchEvent(new Event("change"));
  }
}
