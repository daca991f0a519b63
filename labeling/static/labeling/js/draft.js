// The record being labeled: the pre-fill, the cells that a person changed, the order of rows, undo and redo.
// Knows nothing of the network, the page image or the DOM.

import { cellKey } from "./schema.js";

const MAX_HISTORY = 500;
const EMPTY = { value: null, mark: null, unsure: false, confirmed: false, evidence: [], cause: null };

/** Emits "change" with detail {keys: Set, rowsChanged, cause, focus} after every change. */
export class Draft extends EventTarget {
  constructor(task, schema) {
    super();
    this.schema = schema;
    this.base = withVerified(basePrediction(task.prediction, schema), task.verified ?? []);
    this.baseRows = (task.prediction?.record?.line_items ?? []).map((_, index) => `p${index}`);
    this.cells = new Map(Object.entries(task.draft.cells));
    this.rows = task.draft.rows ?? [...this.baseRows];
    this.undone = [];
    this.done = [];
    this.open = null;
  }

  /** The cell as it stands: the person's, else the pre-fill's. Never null. */
  cell(key) {
    return this.cells.get(key) ?? this.base.get(key)?.cell ?? EMPTY;
  }

  /** {cell, confidence, note, raw} of the pre-fill, or null. */
  prediction(key) {
    return this.base.get(key) ?? null;
  }

  isTouched(key) {
    return this.cells.has(key);
  }

  /** Every key in reading order: header above the items, the items, the totals. */
  keys() {
    const items = this.rows.flatMap((row) => this.schema.columns.map((column) => cellKey(row, column.name)));
    return [...this.schema.top.map((spec) => spec.name), ...items, ...this.schema.totals.map((spec) => spec.name)];
  }

  /** Typing: changes of one cell in a row are one step of undo until `settle`. */
  type(key, text) {
    if (this.open?.key !== key) {
      this.settle();
      this.open = { key, step: { cells: new Map([[key, this.cells.get(key) ?? null]]), rows: null, focus: key } };
      this.#remember(this.open.step);
    }
    const value = text === "" ? null : text;
    this.#put(new Map([[key, { ...this.cell(key), value, mark: null, confirmed: value !== null, cause: "typed" }]]), null, "typed", key);
  }

  settle() {
    this.open = null;
  }

  /** One step: `cells` maps keys to partial cells, `rows` is the new order or null. */
  change(cells, { rows = null, cause, focus = null }) {
    this.settle();
    const full = new Map();
    for (const [key, part] of cells) full.set(key, part === null ? null : { ...EMPTY, ...this.cell(key), ...part, cause });
    const before = { cells: new Map(), rows: rows ? [...this.rows] : null, focus };
    for (const key of full.keys()) before.cells.set(key, this.cells.get(key) ?? null);
    this.#remember(before);
    this.#put(full, rows, cause, focus);
  }

  undo() {
    return this.#step(this.done, this.undone);
  }

  redo() {
    return this.#step(this.undone, this.done);
  }

  /** Takes over what another window stored; not a step of undo, and nothing to send. */
  adopt(cells, rows) {
    const keys = new Set([...this.cells.keys(), ...Object.keys(cells)]);
    this.cells = new Map(Object.entries(cells));
    this.rows = rows ?? [...this.baseRows];
    this.#emit({ keys, rowsChanged: true, cause: "adopted", focus: null });
  }

  #remember(step) {
    this.done.push(step);
    if (this.done.length > MAX_HISTORY) this.done.shift();
    this.undone.length = 0;
  }

  #step(from, to) {
    this.settle();
    const step = from.pop();
    if (!step) return null;
    const back = { cells: new Map(), rows: step.rows ? [...this.rows] : null, focus: step.focus };
    for (const key of step.cells.keys()) back.cells.set(key, this.cells.get(key) ?? null);
    to.push(back);
    const cells = new Map([...step.cells].map(([key, cell]) => [key, cell && { ...cell, cause: "undo" }]));
    this.#put(cells, step.rows, "undo", step.focus);
    return step.focus;
  }

  #put(cells, rows, cause, focus) {
    for (const [key, cell] of cells) {
      if (cell === null) this.cells.delete(key);
      else this.cells.set(key, cell);
    }
    if (rows) this.rows = [...rows];
    this.#emit({ keys: new Set(cells.keys()), rowsChanged: rows !== null, cause, focus });
  }

  #emit(detail) {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }
}

function basePrediction(prediction, schema) {
  const base = new Map();
  if (!prediction) return base;
  const fields = new Map(prediction.fields.map((field) => [field.path, field]));
  const put = (key, path, value) => {
    const field = fields.get(path);
    const evidence = field?.evidence ?? [];
    const cell = { ...EMPTY, value: value === null || value === undefined ? null : String(value), evidence };
    base.set(key, { cell, confidence: field?.confidence ?? null, note: field?.note ?? "", raw: field?.raw ?? "" });
  };
  const { record } = prediction;
  for (const { name } of schema.header) {
    put(name, name, name.startsWith("vendor.") ? record.vendor?.[name.slice(7)] : record[name]);
  }
  (record.line_items ?? []).forEach((item, index) => {
    for (const { name } of schema.columns) put(cellKey(`p${index}`, name), `line_items[${index}].${name}`, item[name]);
  });
  return base;
}

/** What somebody verified among the same field of other documents is confirmed from the start; it may be another value than was read. */
function withVerified(base, verified) {
  for (const { path, value, by } of verified) {
    const known = base.get(path) ?? { cell: EMPTY, confidence: null, note: "", raw: "" };
    base.set(path, { ...known, cell: { ...known.cell, value, confirmed: true }, verifiedBy: by });
  }
  return base;
}

/** An id for a row that a person adds. */
export function newRowId() {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return `n${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
