// From adjudication to adjudication: claim, open, resolve, give back; the lease is kept while the screen is looked at.

import { toast } from "../../../countersign/toast.js";
import { cases } from "./case_api.js";

const HEARTBEAT_MS = 120_000;

export class CaseFlow {
  constructor({ docket, config }) {
    Object.assign(this, { docket, config });
    setInterval(() => this.#keepLease(), HEARTBEAT_MS);
  }

  /** Opens one adjudication; one that is open is claimed first. */
  async open(id) {
    let found = await cases.read(id);
    if (found.state === "open" && found.task) {
      await cases.claim({ task: found.task.id });
      found = await cases.read(id);
    }
    this.#lay(found);
  }

  /** Claims the best one; the empty state when there is none. */
  async next() {
    try {
      this.docket.clear();
      const task = await cases.claim({ kind: this.config.kind });
      if (!task) this.screen.showEmpty();
      else this.#lay(await cases.read(task.adjudication));
    } catch (error) {
      this.screen.fail(error);
    }
  }

  #lay(found) {
    this.docket.lay(found);
    this.screen.showCase(found);
  }

  /** The case as it is now. */
  reread() {
    return cases.read(this.docket.case.id);
  }

  async resolve() {
    const { id, document: paper } = this.docket.case;
    await cases.resolve(id);
    const note = toast(`${paper.name} is gold.`, "confirmed");
    const back = Object.assign(document.createElement("button"), { type: "button", className: "button button--small", textContent: "Open it again" });
    back.addEventListener("click", () => this.#reopen(id, note));
    note.querySelector("p").after(back);
    await this.next();
  }

  async #reopen(id, note) {
    try {
      await cases.reopen(id);
      note.remove();
      await this.open(id);
    } catch (error) {
      this.screen.fail(error);
    }
  }

  async release() {
    if (this.docket.case.task) await cases.release(this.docket.case.task.id);
    location.assign(this.config.urls.list);
  }

  #keepLease() {
    const { case: open } = this.docket;
    if (open?.state === "open" && open.task && !document.hidden) cases.keep(open.task.id).catch((error) => this.screen.fail(error));
  }
}
