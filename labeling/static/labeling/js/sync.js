// Sends the outbox of the open task: batched, retried with growing pauses, at once when the network comes back.

import { OfflineError, ProblemError, me, tasks } from "./api.js";

const BATCH_MS = 400;
const TYPING_MS = 1200;
const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000];
const SIGNED_OUT = new Set([401, 403]);

/**
 * Emits "status" {state, waiting, savedAt}, "acknowledged" {keys}, and for the refusals of the protocol "stale",
 * "finished", "lost" with the problem's body as detail. States: saved | saving | offline | signed-out | refused.
 */
export class Sync extends EventTarget {
  constructor({ outbox, username, totals, leaseSeconds }) {
    super();
    Object.assign(this, { outbox, username, totals });
    this.state = "saved";
    this.savedAt = null;
    this.failures = 0;
    this.timer = null;
    this.running = null;
    this.stopped = false;
    this.active = false;
    this.wake = () => this.#soon(0);
    addEventListener("online", this.wake);
    addEventListener("focus", this.wake);
    this.heartbeat = setInterval(() => this.#beat(), (leaseSeconds * 1000) / 3);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.heartbeat);
    removeEventListener("online", this.wake);
    removeEventListener("focus", this.wake);
  }

  /** Something waits in the outbox. While a person is still typing in a cell there is no hurry: it is on disk. */
  poke({ typing = false } = {}) {
    this.active = true;
    if (!this.failures) this.#soon(typing ? TYPING_MS : BATCH_MS);
    this.#say(this.failures ? this.state : "saving");
  }

  /** Sends everything now. Answers whether all of it is acknowledged. */
  async flush() {
    clearTimeout(this.timer);
    await this.running;
    if (this.outbox.size) await this.#run();
    return this.outbox.size === 0;
  }

  /** The page goes away: one last attempt that outlives it. What does not arrive is still on disk. */
  flushOnLeave() {
    if (!this.outbox.size || this.stopped) return;
    tasks.save(this.outbox.task, this.#body(this.outbox.batch()), { keepalive: true }).catch(() => undefined);
  }

  #body(batch) {
    const body = { version: this.outbox.version, edits: batch.edits, ...this.totals() };
    if (batch.rows) body.rows = batch.rows;
    return body;
  }

  #soon(delay) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.outbox.size && this.#run(), delay);
  }

  async #beat() {
    if (!this.active || this.stopped || this.running) return;
    this.active = false;
    await this.#run();
  }

  #run() {
    this.running ??= this.#send().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async #send() {
    if (this.state === "signed-out" && !(await this.#isBack())) return;
    const batch = this.outbox.batch();
    if (this.outbox.size) this.#say("saving");
    try {
      const answer = await tasks.save(this.outbox.task, this.#body(batch));
      if (this.stopped) return;
      await this.outbox.settle({ version: answer.version, acknowledged: answer.acknowledged, batch });
      this.#arrived(new Set(batch.edits.map((edit) => edit.key)));
    } catch (error) {
      await this.#failed(error, batch);
    }
  }

  #arrived(keys) {
    this.failures = 0;
    this.savedAt = new Date();
    this.dispatchEvent(new CustomEvent("acknowledged", { detail: { keys } }));
    this.#say(this.outbox.size ? "saving" : "saved");
    if (this.outbox.size) this.#soon(BATCH_MS);
  }

  async #failed(error, batch) {
    if (error instanceof ProblemError && SIGNED_OUT.has(error.status)) {
      this.#again("signed-out");
    } else if (error instanceof ProblemError && error.status < 500 && error.status !== 429) {
      await this.#refused(error, batch);
    } else if (error instanceof OfflineError || error instanceof ProblemError) {
      this.#again("offline");
    } else {
      throw error;
    }
  }

  async #refused(error, batch) {
    const event = { stale_version: "stale", task_finished: "finished", task_withdrawn: "lost", lease_lost: "lost" }[error.code];
    if (!event) {
      this.refusal = error.message;
      this.#again("refused");
      return;
    }
    if (event !== "stale") {
      const kept = error.body.draft?.version ?? this.outbox.version;
      await this.outbox.settle({ version: kept, acknowledged: batch.edits.map((edit) => edit.id), batch });
      this.stop();
    }
    this.dispatchEvent(new CustomEvent(event, { detail: error.body }));
  }

  #again(state) {
    this.#say(state);
    this.#soon(PAUSES_MS[Math.min(this.failures, PAUSES_MS.length - 1)]);
    this.failures += 1;
  }

  /** Signed in again, and as the same person? Another person must never send these edits. */
  async #isBack() {
    try {
      const person = await me.read();
      if (person.username === this.username) return true;
      this.#again("signed-out");
    } catch {
      this.#again("signed-out");
    }
    return false;
  }

  #say(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("status", { detail: { state, waiting: this.outbox.size, savedAt: this.savedAt } }));
  }
}
