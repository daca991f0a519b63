// What lies on the desk: the open document with its values, what stands against them, and the field in hand.
// Every part of the screen is shown from here.

import { assess, nextOpen, openKeys } from "./assess.js";
import { isBlankRow } from "./record.js";
import { doubtsByKey } from "./review.js";
import { cellKey } from "./schema.js";
import { stateOf } from "./states.js";

export class Desk extends EventTarget {
  constructor({ schema, confident }) {
    super();
    Object.assign(this, { schema, confident });
    this.clear();
  }

  clear() {
    this.session = null;
    this.draft = null;
    this.words = null;
    this.pages = new Map();
    this.focus = null;
    this.findings = new Map();
    this.balance = { explanations: [], violated: { rows: [], sums: [] } };
    this.sums = [];
    this.refused = new Map();
    this.scheduled = false;
    this.doubts = null;
    this.pageChecks = [];
    this.seenChecks = new Set();
    this.checkInHand = null;
  }

  /** Lays a session on the desk. Words may come later. */
  lay(session) {
    this.clear();
    this.session = session;
    this.draft = session.draft;
    this.doubts = session.task.doubts ? doubtsByKey(session.task.doubts, this.draft) : null;
    this.pageChecks = checksOfPages(session.task.prediction);
    this.pages = new Map(session.task.document.pages.map((page) => [page.number, page]));
    this.draft.addEventListener("change", () => this.schedule());
    session.sync.addEventListener("status", () => this.schedule());
    session.sync.addEventListener("acknowledged", () => this.schedule());
    this.assess();
  }

  /** Emits "refresh" once before the next frame. */
  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => this.refresh());
  }

  refresh() {
    this.scheduled = false;
    if (!this.draft) return;
    this.assess();
    this.dispatchEvent(new Event("refresh"));
  }

  assess() {
    const { findings, balance, sums } = assess(this.draft, { confident: this.confident, refused: this.refused, doubts: this.doubts ?? undefined });
    Object.assign(this, { findings, balance, sums });
    this.states = new Map([...findings].map(([key, finding]) => [key, stateOf(this.draft, key, finding)]));
  }

  get left() {
    return openKeys(this.draft, this.findings).length;
  }

  get firstInvalid() {
    return this.draft.keys().find((key) => this.findings.get(key).level === "invalid") ?? null;
  }

  /** The next field that needs the person, from the one in hand; null when none is left. */
  next() {
    this.assess();
    return nextOpen(this.draft, this.findings, this.focus);
  }

  /** What is odd on the pages and was not looked at yet. */
  get unseenChecks() {
    return this.pageChecks.filter((check) => !this.seenChecks.has(check));
  }

  /** The next check of the pages to look at; it counts as seen. */
  lookAtCheck() {
    const { pageChecks } = this;
    const [unseen] = this.unseenChecks;
    this.checkInHand = unseen ?? pageChecks[(pageChecks.indexOf(this.checkInHand) + 1) % pageChecks.length];
    this.seenChecks.add(this.checkInHand);
    this.schedule();
    return this.checkInHand;
  }

  /** Every sentence that stands against the record though it could be submitted. */
  get warnings() {
    const isUnseen = (key) => !["invalid", "rule"].includes(this.findings.get(key).level);
    const unseen = openKeys(this.draft, this.findings).filter(isUnseen);
    const rules = [...this.findings].filter(([, { level }]) => level === "rule");
    const sentences = rules.map(([key, { message }]) => `${this.labelOf(key)}: ${message}`);
    if (this.draft.rows.every((row) => isBlankRow(this.draft, row))) sentences.push("There are no line items.");
    sentences.push(...this.unseenChecks.map(({ message, places }) => `Page ${places[0].page}: ${message}`));
    if (!unseen.length) return sentences;
    return [`${unseen.length} ${unseen.length === 1 ? "field needs" : "fields need"} a look: ${this.listed(unseen)}.`, ...sentences];
  }

  listed(keys) {
    const names = keys.slice(0, 3).map((key) => this.labelOf(key));
    return names.join(", ") + (keys.length > 3 ? ` and ${keys.length - 3} more` : "");
  }

  labelOf(key) {
    return this.schema.label(key, this.draft.rows);
  }

  /** pending | saved | "" of one value. */
  savedOf(key) {
    return this.session.savedStates()(key);
  }

  choicesFor(key) {
    return this.findings.get(key)?.choices ?? [];
  }

  typed(key, text) {
    this.draft.type(key, text);
  }

  focused(key) {
    const changed = this.focus !== key;
    this.focus = key;
    if (changed) this.dispatchEvent(new CustomEvent("focus", { detail: key }));
    this.schedule();
  }

  blurred() {
    this.draft.settle();
  }

  /** The places of a field on the page; for a cell without one those of its row. */
  placesOf(key) {
    const { evidence } = this.draft.cell(key);
    if (evidence.length || this.schema.isHeader(key)) return evidence;
    return this.placesOfRow(this.schema.rowOf(key));
  }

  placesOfRow(row) {
    const places = this.schema.columns.flatMap(({ name }) => this.draft.cell(cellKey(row, name)).evidence);
    return places.filter((place) => place.page === places[0].page);
  }
}

/** The checks of a pre-fill that no field of the record holds; their places are on the pages. */
function checksOfPages(prediction) {
  return (prediction?.checks ?? []).filter(({ severity, paths, places }) => severity !== "ok" && !paths.length && places?.length);
}
