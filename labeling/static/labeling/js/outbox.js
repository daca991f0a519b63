// The edits of one task on their way to the server: on disk the moment they are made, off it when acknowledged.

import { randomId } from "./window_id.js";

const MOST_EDITS = 2000;

let order = Date.now() * 1000;

export class Outbox {
  /** `store` from outbox_store, `windowId` of this window. */
  constructor(store, task, windowId) {
    this.store = store;
    this.task = task;
    this.windowId = windowId;
    this.edits = [];
    this.rows = null;
    this.rowsTurn = 0;
    this.version = 0;
    this.acknowledged = { cells: {}, rows: null };
  }

  get size() {
    return this.edits.length + (this.rows === null ? 0 : 1);
  }

  /**
   * Takes up what an earlier window of this person left behind. Answers {edits, base}: base is the state {version,
   * cells, rows} those edits were made on, null when nothing is known of it.
   */
  async adopt(isAlive) {
    const known = await this.store.get("tasks", this.task);
    for (const edit of await this.store.edits(this.task)) {
      if (edit.window !== this.windowId && (await isAlive(edit.window))) continue;
      this.edits.push({ ...edit, window: this.windowId, attempted: true });
    }
    const elsewhere = known && known.window !== this.windowId && (await isAlive(known.window));
    if (known?.pendingRows && !elsewhere) this.rows = known.pendingRows;
    return { base: known ? { version: known.version, cells: known.cells, rows: known.rows } : null };
  }

  /** Records an edit. Joins the last one of the same cell while that has not been sent. */
  add(key, cell, { activeMs, keystrokes }) {
    const waiting = this.edits.find((edit) => edit.key === key && !edit.attempted);
    const edit = waiting ?? { id: randomId(), task: this.task, window: this.windowId, key, active_ms: 0, keystrokes: 0, attempted: false };
    if (!waiting) this.edits.push(edit);
    order += 1;
    Object.assign(edit, { cell, order, at: new Date().toISOString() });
    edit.active_ms += activeMs;
    edit.keystrokes += keystrokes;
    return this.store.put("edits", edit);
  }

  setRows(rows) {
    this.rows = [...rows];
    this.rowsTurn += 1;
    return this.#keepState();
  }

  /** Drops edits that a merge decided against. */
  async drop(keys) {
    const dropped = this.edits.filter((edit) => keys.has(edit.key));
    this.edits = this.edits.filter((edit) => !keys.has(edit.key));
    await this.store.remove("edits", dropped.map((edit) => edit.id));
  }

  /** What to send now. The edits in it are frozen: a later change of the same cell gets an id of its own. */
  batch() {
    const edits = this.edits.slice(0, MOST_EDITS);
    for (const edit of edits) edit.attempted = true;
    return { edits: edits.map(asSent), rows: this.rows, rowsTurn: this.rowsTurn };
  }

  /** The server has these edits (and the rows of that batch) at this version. */
  async settle({ version, acknowledged, batch }) {
    const ids = new Set(acknowledged);
    for (const edit of batch.edits) {
      if (!ids.has(edit.id)) continue;
      if (edit.cell === null) delete this.acknowledged.cells[edit.key];
      else this.acknowledged.cells[edit.key] = edit.cell;
    }
    this.edits = this.edits.filter((edit) => !ids.has(edit.id));
    if (batch.rows) this.acknowledged.rows = batch.rows;
    if (batch.rows && this.rowsTurn === batch.rowsTurn) this.rows = null;
    this.version = version;
    await this.store.remove("edits", [...ids]);
    await this.#keepState();
  }

  /** The server's draft is the new base of whatever is still waiting. */
  async rebase({ version, cells, rows }) {
    this.version = version;
    this.acknowledged = { cells: { ...cells }, rows };
    await this.#keepState();
  }

  /** The task is done with: nothing of it stays in the browser. */
  async clear() {
    await this.store.remove("edits", this.edits.map((edit) => edit.id));
    await this.store.remove("tasks", [this.task]);
    this.edits = [];
    this.rows = null;
  }

  #keepState() {
    const { cells, rows } = this.acknowledged;
    const { task, version, windowId } = this;
    return this.store.put("tasks", { task, version, cells, rows, pendingRows: this.rows, window: windowId });
  }
}

/** What the server is told of an edit; the rest is for this browser. */
function asSent({ task, window, attempted, order: made, ...edit }) {
  return edit;
}
