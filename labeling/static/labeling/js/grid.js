// The line items: one row of inputs for each, one of which takes part in Tab order. Rows that did not change are not
// touched, so that 200 of them stay quick.

import { CellInput } from "./cell_input.js";
import { cellKey } from "./schema.js";
import { moveInGrid } from "./grid_moves.js";

const CODES = ["ndc_code", "cpt_code"];
const SHORT = { cpt_code: "CPT", unit_price: "Price" };

export class Grid {
  /** `head` and `body` take the rows; `empty` is shown while there are none. */
  constructor({ head, body, empty, desk }) {
    Object.assign(this, { head, body, empty, desk });
    this.rows = new Map();
    this.active = null;
    this.order = [];
    const { columns } = desk.schema;
    head.replaceChildren(heading("#", "Row"), ...columns.map((spec) => heading(SHORT[spec.name] ?? spec.label, spec.hint, spec.kind)));
    body.addEventListener("keydown", (event) => moveInGrid(event, this));
    body.addEventListener("focusin", (event) => event.target.dataset.key && this.#activate(event.target.dataset.key));
  }

  input(key) {
    const row = this.rows.get(this.desk.schema.rowOf(key));
    return row?.cells.get(this.desk.schema.columnOf(key))?.input ?? null;
  }

  get columnNames() {
    return this.desk.schema.columns.map((spec) => spec.name);
  }

  /** The key `down` rows and `across` columns away, kept inside the grid. */
  neighbour(key, across, down) {
    const { schema } = this.desk;
    const clip = (value, size) => Math.min(Math.max(value, 0), size - 1);
    const row = clip(this.order.indexOf(schema.rowOf(key)) + down, this.order.length);
    const column = clip(this.columnNames.indexOf(schema.columnOf(key)) + across, this.columnNames.length);
    return cellKey(this.order[row], this.columnNames[column]);
  }

  /** Brings the rows in line with the draft and shows states. */
  refresh(states, saved) {
    this.#arrange();
    const inHand = document.activeElement.dataset.key;
    for (const [id, row] of this.rows) {
      for (const [name, cell] of row.cells) {
        const key = cellKey(id, name);
        const state = states.get(key);
        const signature = this.#signature(key, state, saved(key), key === inHand);
        if (row.shown.get(name) === signature) continue;
        row.shown.set(name, signature);
        cell.refresh(state, saved(key));
        cell.input.parentElement.dataset.state = state.state;
        cell.input.parentElement.dataset.saved = saved(key);
      }
    }
    this.#yieldRoom();
  }

  /** Names the code columns that are empty in every row and not in hand. */
  #yieldRoom() {
    const { draft, schema, focus } = this.desk;
    const inHand = focus && !schema.isHeader(focus) ? schema.columnOf(focus) : null;
    const without = CODES.filter((name) => name !== inHand && draft.rows.every((row) => !draft.cell(cellKey(row, name)).value));
    this.body.parentElement.dataset.without = without.join(" ");
  }

  #signature(key, state, saved, isInHand) {
    const { value, mark, unsure } = this.desk.draft.cell(key);
    return `${value}|${mark}|${unsure}|${state.state}|${state.word}|${state.message}|${saved}|${isInHand}`;
  }

  #arrange() {
    const { rows: ids } = this.desk.draft;
    this.empty.hidden = ids.length > 0;
    if (this.order.length === ids.length && ids.every((id, index) => id === this.order[index])) return;
    const wanted = new Set(ids);
    for (const [id, row] of this.rows) {
      if (wanted.has(id)) continue;
      row.element.remove();
      this.rows.delete(id);
    }
    ids.forEach((id, index) => {
      if (!this.rows.has(id)) this.rows.set(id, this.#buildRow(id));
      const row = this.rows.get(id);
      if (this.body.children[index] !== row.element) this.body.insertBefore(row.element, this.body.children[index] ?? null);
      this.#number(row, index);
    });
    this.order = [...ids];
    this.body.parentElement.setAttribute("aria-rowcount", ids.length + 1);
    if (this.active && wanted.has(this.desk.schema.rowOf(this.active))) return;
    this.#activate(ids.length ? cellKey(ids[0], this.columnNames[0]) : null);
  }

  #buildRow(id) {
    const element = document.createElement("div");
    element.className = "grid__row";
    element.setAttribute("role", "row");
    element.dataset.row = id;
    const number = document.createElement("div");
    number.className = "grid__number";
    number.setAttribute("role", "rowheader");
    element.append(number);
    const cells = new Map();
    for (const spec of this.desk.schema.columns) {
      const frame = document.createElement("div");
      frame.className = `grid__cell grid__cell--${spec.kind}`;
      frame.setAttribute("role", "gridcell");
      const cell = new CellInput({ key: cellKey(id, spec.name), spec, label: spec.label, desk: this.desk });
      cell.input.tabIndex = -1;
      cells.set(spec.name, cell);
      frame.append(cell.input);
      element.append(frame);
    }
    return { element, number, cells, shown: new Map(), place: null };
  }

  #number(row, index) {
    if (row.place === index) return;
    row.place = index;
    row.number.textContent = index + 1;
    row.element.setAttribute("aria-rowindex", index + 2);
    for (const cell of row.cells.values()) cell.input.setAttribute("aria-label", `Row ${index + 1}, ${cell.spec.label}`);
  }

  #activate(key) {
    const before = this.active && this.input(this.active);
    if (before) before.tabIndex = -1;
    this.active = key;
    const input = key && this.input(key);
    if (input) input.tabIndex = 0;
    const current = key === null ? null : this.desk.schema.rowOf(key);
    for (const [id, row] of this.rows) row.element.classList.toggle("grid__row--current", id === current);
  }

  clear() {
    this.rows.clear();
    this.order = [];
    this.active = null;
    this.body.replaceChildren();
  }
}

function heading(text, hint, kind = "") {
  const element = document.createElement("div");
  element.className = `grid__head-cell grid__head-cell--${kind}`;
  element.setAttribute("role", "columnheader");
  element.textContent = text;
  element.title = hint;
  return element;
}
