// Words beside the record: what is known of the field in hand, how many are left, whether everything is saved.

import { icon } from "../../countersign/icon.js";
import { SAVED } from "./saved.js";
import { ICONS } from "./states.js";

const SECOND = 1000;

export class InfoBar {
  constructor({ note, status, left, live, desk, signIn }) {
    Object.assign(this, { note, status, left, live, desk, signIn });
    this.queued = 0;
    this.message = "";
    setInterval(() => this.#showStatus(), SECOND);
  }

  /** Something that just happened: in the note line until the next field, and for screen readers. */
  say(message) {
    this.message = message;
    this.live.textContent = message;
    this.#showNote();
  }

  moved() {
    this.message = "";
  }

  refresh() {
    this.#showNote();
    this.#showLeft();
    this.#showStatus();
  }

  #showNote() {
    const { desk, note } = this;
    const key = desk.focus;
    const state = key && desk.states?.get(key);
    const spec = key && desk.schema.spec(key);
    const text = this.message || state?.message || hintOf(desk, key, spec);
    const shown = this.message || !state?.message ? "info" : { confirmed: "warning", untouched: "info" }[state.state] ?? state.state;
    const saved = (key && desk.savedOf(key)) || "";
    if (note.dataset.text === text && note.dataset.shown === shown && note.dataset.saved === saved) return;
    Object.assign(note.dataset, { text, shown, saved, state: this.message ? "said" : shown });
    const sentence = document.createElement("span");
    sentence.textContent = text;
    sentence.title = text;
    note.replaceChildren(icon(ICONS[shown] ?? shown), sentence, ...(saved ? [savedNote(saved)] : []));
  }

  #showLeft() {
    const { left } = this.desk;
    const text = left ? `${left} left` : "All checked";
    if (this.left.dataset.text === text) return;
    this.left.dataset.text = text;
    this.left.dataset.state = left ? "confirm" : "confirmed";
    const words = document.createElement("span");
    words.textContent = text;
    this.left.replaceChildren(icon(left ? "confirm" : "confirmed"), words);
  }

  #showStatus() {
    const session = this.desk.session;
    if (!session) return;
    const [state, name, text] = statusOf(session, this.queued);
    if (this.status.dataset.text === text && this.status.dataset.state === state) return;
    this.status.dataset.text = text;
    this.status.dataset.state = state;
    const words = document.createElement("span");
    words.textContent = text;
    const parts = [icon(name), words];
    if (state === "signed-out") parts.push(this.#signInLink());
    this.status.replaceChildren(...parts);
    this.status.title = text;
  }

  #signInLink() {
    const link = document.createElement("a");
    link.href = `${this.signIn}?next=${encodeURIComponent(location.pathname)}`;
    link.target = "_blank";
    link.textContent = "Sign in again";
    return link;
  }
}

/** Whether the field in hand has reached the server, at the end of its line. */
function savedNote(state) {
  const element = document.createElement("span");
  element.className = "note__saved";
  const words = document.createElement("span");
  words.textContent = SAVED[state].words;
  element.append(icon(SAVED[state].icon), words);
  return element;
}

function statusOf({ sync, outbox, task }, queued) {
  const edits = `${outbox.size} ${outbox.size === 1 ? "edit" : "edits"}`;
  const others = queued ? ` · ${queued} other ${queued === 1 ? "document waits" : "documents wait"} to be sent` : "";
  const kept = outbox.store.durable ? "kept on this computer" : "kept only while this window is open";
  if (sync.state === "offline") return ["offline", "warning", `Offline: ${edits} ${kept}${others}`];
  if (sync.state === "signed-out") return ["signed-out", "lock", `Signed out: ${edits} ${kept}`];
  if (sync.state === "refused") return ["offline", "invalid", `Not saved: ${sync.refusal} ${edits} ${kept}`];
  if (outbox.size) return ["saving", "clock", `Saving ${edits}…${others}`];
  const since = sync.savedAt ?? (task.draft.saved_at ? new Date(task.draft.saved_at) : null);
  return ["saved", "check", (since ? `All saved ${ago(since)}` : "Nothing to save yet") + others];
}

function ago(time) {
  const seconds = Math.max(Math.floor((Date.now() - time.getTime()) / SECOND), 0);
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `at ${time.toTimeString().slice(0, 5)}`;
}

function hintOf(desk, key, spec) {
  if (!key) return "Click a field, or press Tab.";
  if (spec.kind === "item_type") return desk.schema.itemTypes.map((type) => `${type.key} ${type.label.toLowerCase()}`).join(" · ");
  return spec.hint;
}
