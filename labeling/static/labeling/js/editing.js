// What a person does to the values of the open document: confirm, mark, fill from the page, rows, undo.

import { readValue } from "./formats.js";
import { itemsFromLines } from "./page_rows.js";
import { insertRowsFromPage, deleteRow, ditto, fillDown, insertRow, pasteBlock } from "./row_edits.js";
import { parseDate, parseDecimal } from "./normalise.js";
import { cellKey } from "./schema.js";
import { readLines } from "./words.js";

const ONE_WORD = new Set(["date", "money", "quantity", "ndc", "procedure", "identifier"]);

/** `go(key)` moves the focus, `say(text)` tells the person something, `finish()` is called when nothing is left. */
export class Editing {
  constructor({ desk, go, say, finish, autoAdvance }) {
    Object.assign(this, { desk, go, say, finish, autoAdvance });
    this.filled = null;
  }

  /** Confirms the field in hand and goes on. An invalid value stays in hand, with its reason. */
  confirm() {
    const { desk } = this;
    const key = desk.focus;
    if (!this.#confirmValue(key)) {
      this.say(desk.findings.get(key).message);
      this.go(key);
      return;
    }
    this.advance();
  }

  advance() {
    const next = this.desk.next();
    if (next) this.go(next);
    else this.finish();
  }

  #confirmValue(key) {
    const { draft, schema, words } = this.desk;
    draft.settle();
    const cell = draft.cell(key);
    const read = readValue(schema.spec(key).kind, cell.value, schema.typeValues);
    if (read.problem) {
      this.desk.assess();
      return false;
    }
    const same = cell.mark || read.value === cell.value;
    if (same && cell.confirmed && cell.cause !== "typed") return true;
    const found = cell.cause === "typed" && read.value !== null ? nearest(words?.find(cell.value) ?? [], cell.evidence) : null;
    const evidence = found ?? cell.evidence;
    const moved = evidence !== cell.evidence;
    if (same && cell.confirmed && !moved) return true;
    const value = cell.mark ? null : read.value;
    const cause = cell.cause === "typed" ? "typed" : "confirm";
    draft.change(new Map([[key, { value, evidence, confirmed: true }]]), { cause, focus: key });
    return true;
  }

  mark(mark) {
    const { draft, focus } = this.desk;
    const on = draft.cell(focus).mark !== mark;
    const change = on ? { value: null, mark, confirmed: true } : { mark: null, confirmed: false };
    draft.change(new Map([[focus, change]]), { cause: "mark", focus });
    if (on) this.advance();
  }

  toggleUnsure() {
    const { draft, focus } = this.desk;
    draft.change(new Map([[focus, { unsure: !draft.cell(focus).unsure }]]), { cause: "mark", focus });
  }

  restore() {
    const { draft, focus } = this.desk;
    if (draft.isTouched(focus)) draft.change(new Map([[focus, null]]), { cause: "undo", focus });
  }

  /** Takes back what is being typed in this field. */
  revert() {
    const { desk } = this;
    if (desk.draft.open?.key !== desk.focus) return;
    desk.draft.undo();
    desk.refresh();
    this.go(desk.focus);
  }

  undo() {
    const focus = this.desk.draft.undo();
    if (focus) this.go(focus);
    else this.say("There is nothing to undo.");
  }

  redo() {
    const focus = this.desk.draft.redo();
    if (focus) this.go(focus);
    else this.say("There is nothing to redo.");
  }

  /** Words taken from the page by click or lasso. */
  take({ lines, page, append, lasso, block }) {
    if (block) {
      this.#takeRows(page, lines);
      return;
    }
    const key = append ? this.#appendsTo() : this.desk.focus;
    if (key === null) {
      this.say("Choose a field first, then click the word that belongs there.");
      return;
    }
    const { draft, schema } = this.desk;
    const { kind } = schema.spec(key);
    const found = readLines(page, lines);
    const before = draft.cell(key);
    const joined = append && before.value ? joinTexts(kind, before.value, found.text) : found.text;
    const value = cleaned(kind, joined, schema.itemTypes);
    const evidence = append ? [...before.evidence, ...found.evidence] : found.evidence;
    const cause = lasso ? "lasso" : "click";
    draft.change(new Map([[key, { value, mark: null, evidence, confirmed: true }]]), { cause, focus: key });
    const valid = !readValue(kind, value, schema.typeValues).problem;
    if (this.autoAdvance && !append && valid && (lasso || ONE_WORD.has(kind))) this.advance();
    else this.go(key);
    this.filled = { key, then: this.desk.focus };
  }

  /** The field that was just filled, also when the focus has gone on by itself; else the field in hand. */
  #appendsTo() {
    return this.filled?.then === this.desk.focus ? this.filled.key : this.desk.focus;
  }

  untake() {
    this.undo();
  }

  #takeRows(page, lines) {
    const items = itemsFromLines(page, lines);
    if (!items.length) return;
    const { draft, focus, schema } = this.desk;
    this.go(insertRowsFromPage(draft, focus === null ? null : schema.rowOf(focus), items));
    this.say(`${items.length} ${items.length === 1 ? "row" : "rows"} taken from the page; check them.`);
  }

  insertRow(above) {
    const { draft, schema, focus } = this.desk;
    this.go(insertRow(draft, focus === null ? null : schema.rowOf(focus), { above }));
  }

  deleteRow() {
    const { draft, schema, focus } = this.desk;
    const row = deleteRow(draft, schema.rowOf(focus));
    this.go(row === null ? schema.totals[0].name : cellKey(row, schema.columnOf(focus)));
    this.say("Row deleted. Ctrl+Z brings it back.");
  }

  ditto() {
    const { draft, focus } = this.desk;
    if (ditto(draft, focus)) this.go(focus);
    else this.say("There is no row above.");
  }

  fillDown() {
    const count = fillDown(this.desk.draft, this.desk.focus);
    this.say(count ? `Filled ${count} ${count === 1 ? "row" : "rows"} below.` : "There is no row below.");
  }

  /** A block of cells from a spreadsheet or table. Answers whether it was one. */
  paste(text) {
    const { draft, focus, schema } = this.desk;
    if (!/[\t\n]/.test(text.trim()) || schema.isHeader(focus)) return false;
    const block = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
    const { rows, cells } = pasteBlock(draft, focus, block);
    this.say(`Pasted ${rows} ${rows === 1 ? "row" : "rows"}, ${cells} values.`);
    this.go(focus);
    return true;
  }
}

/** Where the text stands closest to where the value was read before; null when it stands nowhere, or in several places. */
function nearest(places, evidence) {
  if (places.length <= 1) return places.length ? [places[0]] : null;
  const [before] = evidence;
  if (!before) return null;
  const distance = ({ page, box }) => Math.abs(page - before.page) * 10 + Math.hypot(box[0] - before.box[0], box[1] - before.box[1]);
  return [places.reduce((best, place) => (distance(place) < distance(best) ? place : best))];
}

function joinTexts(kind, before, added) {
  return kind === "identifier" || kind === "ndc" || kind === "procedure" ? before + added : `${before} ${added}`;
}

/** A label that hangs on the word is left out where only the value can be meant: "Total:$45.00", "#INV-7". */
function cleaned(kind, text, itemTypes) {
  if (kind === "money" || kind === "quantity") {
    const parts = [text, ...(text.match(/[-(]?[$€£]?\s?\d[\d.,' ]*\)?-?/g) ?? [])];
    return parts.map((part) => parseDecimal(part)).find((plain) => plain !== null) ?? text;
  }
  if (kind === "date") {
    const parts = [text, ...text.split(/(?<=:)\s*|\s+/)];
    return parts.map((part) => parseDate(part)).find((date) => date !== null) ?? text.replace(/^[^:]*:\s*/, "");
  }
  if (kind === "identifier") return text.replace(/^#\s*/, "").replace(/[:;,]+$/, "");
  if (kind === "item_type") return itemTypes.find(({ label }) => label.toLowerCase().startsWith(text.toLowerCase()))?.value ?? text;
  return text;
}
