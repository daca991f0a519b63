// One open document: its draft, its outbox and the way to the server, tied together.

import { Activity } from "./activity.js";
import { Draft } from "./draft.js";
import { mergeDrafts } from "./merge.js";
import { Outbox } from "./outbox.js";
import { Sync } from "./sync.js";

export class Session {
  /** Opens a task as the server answered it, with whatever an earlier window left unsent. */
  static async open({ task, schema, store, windowIdentity, username }) {
    const outbox = new Outbox(store, task.id, windowIdentity.id);
    const { base } = await outbox.adopt(windowIdentity.isAlive);
    const session = new Session({ task, schema, outbox, username });
    session.leftover = await session.#takeIn(base ?? task.draft, task.draft);
    return session;
  }

  constructor({ task, schema, outbox, username }) {
    Object.assign(this, { task, outbox });
    this.draft = new Draft(task, schema);
    this.activity = new Activity({ activeMs: task.draft.active_ms, keystrokes: task.draft.keystrokes });
    this.sync = new Sync({ outbox, username, totals: () => this.activity.totals, leaseSeconds: task.lease_seconds });
    this.savedKeys = new Set(Object.keys(task.draft.cells));
    this.sync.addEventListener("acknowledged", ({ detail }) => detail.keys.forEach((key) => this.savedKeys.add(key)));
    this.draft.addEventListener("change", ({ detail }) => this.#keep(detail));
    this.stopListening = this.activity.listen(window);
    this.closed = false;
  }

  #keep({ keys, rowsChanged, cause }) {
    if (cause === "adopted") return;
    const effort = this.activity.takeField();
    let first = true;
    for (const key of keys) {
      this.outbox.add(key, this.draft.cells.get(key) ?? null, first ? effort : { activeMs: 0, keystrokes: 0 });
      first = false;
    }
    if (rowsChanged) this.outbox.setRows(this.draft.rows);
    this.sync.poke({ typing: cause === "typed" && !rowsChanged });
  }

  /** Answers pending | saved | "" for a key: the mark beside a field as it is now. What is as it was read needs none. */
  savedStates() {
    const pending = new Set(this.outbox.edits.map((edit) => edit.key));
    const isSaved = (key) => this.savedKeys.has(key) && this.draft.isTouched(key);
    return (key) => (pending.has(key) ? "pending" : isSaved(key) ? "saved" : "");
  }

  /**
   * Another window stored `theirs`. Takes over what only one side changed and answers the rest as conflicts
   * [{key, base, mine, theirs}]; until they are decided mine stands.
   */
  reconcile(theirs) {
    return this.#takeIn(this.outbox.acknowledged, theirs);
  }

  async #takeIn(base, theirs) {
    const mine = { cells: new Map(this.outbox.edits.map((edit) => [edit.key, edit.cell])), rows: this.outbox.rows };
    const { agreed, conflicts, rows } = mergeDrafts(base, mine, theirs);
    await this.outbox.drop(agreed);
    await this.outbox.rebase(theirs);
    if (this.outbox.rows) {
      if (rows) await this.outbox.setRows(rows);
      else this.outbox.rows = null;
    }
    const cells = { ...theirs.cells };
    for (const [key, cell] of mine.cells) {
      if (cell === null) delete cells[key];
      else cells[key] = cell;
    }
    this.draft.adopt(cells, this.outbox.rows ?? theirs.rows);
    if (this.outbox.size) this.sync.poke();
    return conflicts;
  }

  /** The person decided for theirs: one more change, so that it can be undone like any other. */
  takeTheirs(conflicts) {
    const cells = new Map(conflicts.map(({ key, theirs }) => [key, theirs]));
    if (cells.size) this.draft.change(cells, { cause: "undo" });
  }

  close() {
    this.closed = true;
    this.sync.stop();
    this.stopListening();
  }
}
