// What documents that are no longer open still owe the server: edits and submits kept on this computer.

import { OfflineError, tasks } from "./api.js";
import { Outbox } from "./outbox.js";

const RETRY_MS = 15_000;

export class Delivery extends EventTarget {
  /** `openTask` answers the id of the task that is open in this window; its own sync takes care of it. */
  constructor({ store, windowIdentity, openTask }) {
    super();
    Object.assign(this, { store, windowIdentity, openTask });
    this.running = null;
    this.left = 0;
    addEventListener("online", () => this.run());
    setInterval(() => this.left && this.run(), RETRY_MS);
  }

  /** Keeps a submit until the server has answered it. */
  keep(task, body) {
    return this.store.put("submits", { task: task.id, name: task.document.name, body });
  }

  forget(task) {
    return this.store.remove("submits", [task.id]);
  }

  /** Tries everything once. Emits "left" with the number of documents still waiting, "refused" with {task, name, message}. */
  run() {
    this.running ??= this.#run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async #run() {
    const submits = new Map((await this.store.all("submits")).map((submit) => [submit.task, submit]));
    const waiting = new Set([...submits.keys(), ...(await this.store.all("edits")).map((edit) => edit.task)]);
    waiting.delete(this.openTask());
    this.left = 0;
    for (const task of waiting) {
      try {
        await this.#deliver(task, submits.get(task));
      } catch (error) {
        this.left += 1;
        const later = error instanceof OfflineError || error.status === 401 || error.status === 403;
        if (!later) await this.#refuse(task, submits.get(task), error);
      }
    }
    this.dispatchEvent(new CustomEvent("left", { detail: this.left }));
  }

  async #deliver(task, submit) {
    const outbox = new Outbox(this.store, task, this.windowIdentity.id);
    const { base } = await outbox.adopt(this.windowIdentity.isAlive);
    if (!outbox.size && !submit) return;
    outbox.version = base?.version ?? 0;
    if (base) outbox.acknowledged = { cells: base.cells, rows: base.rows };
    if (outbox.size) {
      const batch = outbox.batch();
      const body = { version: outbox.version, edits: batch.edits, active_ms: 0, keystrokes: 0 };
      if (batch.rows) body.rows = batch.rows;
      const answer = await tasks.save(task, body);
      await outbox.settle({ version: answer.version, acknowledged: answer.acknowledged, batch });
    }
    if (submit) await tasks.submit(task, { ...submit.body, version: outbox.version });
    if (submit) await this.store.remove("submits", [task]);
    await outbox.clear();
  }

  /** A submit that is refused is not tried again; the edits stay until the document is opened. */
  async #refuse(task, submit, error) {
    if (!submit) return;
    await this.store.remove("submits", [task]);
    this.dispatchEvent(new CustomEvent("refused", { detail: { task, name: submit.name, message: error.message } }));
  }
}
