// Changes of whole rows and columns: insert, delete, ditto, fill down, blocks from the clipboard or the page.

import { newRowId } from "./draft.js";
import { isBlankRow } from "./record.js";
import { cellKey } from "./schema.js";

/** Inserts a blank row beside `row` (null: at the end). Answers the key of its first cell. */
export function insertRow(draft, row, { above = false } = {}) {
  const id = newRowId();
  const rows = [...draft.rows];
  const at = row === null ? rows.length : rows.indexOf(row) + (above ? 0 : 1);
  rows.splice(at, 0, id);
  draft.change(new Map(), { rows, cause: "typed", focus: row === null ? null : cellKey(row, draft.schema.columns[0].name) });
  return cellKey(id, draft.schema.columns[0].name);
}

/** Takes the row out. Answers the row that is at its place then, null when none is left. */
export function deleteRow(draft, row) {
  const at = draft.rows.indexOf(row);
  const rows = draft.rows.filter((id) => id !== row);
  draft.change(new Map(), { rows, cause: "typed", focus: cellKey(row, draft.schema.columns[0].name) });
  return rows[Math.min(at, rows.length - 1)] ?? null;
}

/** The value of the cell above. Answers whether there was one. */
export function ditto(draft, key) {
  const at = draft.rows.indexOf(draft.schema.rowOf(key));
  if (at < 1) return false;
  const { value, mark } = draft.cell(cellKey(draft.rows[at - 1], draft.schema.columnOf(key)));
  draft.change(new Map([[key, { value, mark, confirmed: true, evidence: [] }]]), { cause: "ditto", focus: key });
  return true;
}

/** The cell's value into every row below it. Answers how many cells took it. */
export function fillDown(draft, key) {
  const { value, mark } = draft.cell(key);
  const column = draft.schema.columnOf(key);
  const below = draft.rows.slice(draft.rows.indexOf(draft.schema.rowOf(key)) + 1);
  const cells = new Map(below.map((row) => [cellKey(row, column), { value, mark, confirmed: true, evidence: [] }]));
  if (cells.size) draft.change(cells, { cause: "fill", focus: key });
  return cells.size;
}

/**
 * Writes a block of texts from `key` to the right and down; rows are added as needed. `block` is a list of rows of
 * texts, null leaves a cell as it is. Answers {rows, cells} written.
 */
export function pasteBlock(draft, key, block) {
  const columns = draft.schema.columns.map((spec) => spec.name);
  const first = columns.indexOf(draft.schema.columnOf(key));
  const rows = [...draft.rows];
  const start = rows.indexOf(draft.schema.rowOf(key));
  const cells = new Map();
  block.forEach((texts, down) => {
    if (rows[start + down] === undefined) rows.push(newRowId());
    texts.slice(0, columns.length - first).forEach((text, across) => {
      if (text === null) return;
      const value = draft.schema.columns[first + across].kind === "item_type" ? itemType(draft.schema, text) : text.trim() || null;
      cells.set(cellKey(rows[start + down], columns[first + across]), { value, mark: null, confirmed: value !== null, evidence: [] });
    });
  });
  const added = rows.length > draft.rows.length;
  draft.change(cells, { rows: added ? rows : null, cause: "paste", focus: key });
  return { rows: block.length, cells: cells.size };
}

function itemType(schema, text) {
  const plain = text.trim().toLowerCase().replace(/[\s-]+/g, "_");
  if (plain === "") return null;
  const names = ({ value, label, short }) => [value, label.toLowerCase().replace(/\s+/g, "_"), short.toLowerCase()];
  const type = schema.itemTypes.find((entry) => names(entry).includes(plain));
  return type?.value ?? text.trim();
}

/** Rows read off the page: in the place of a blank current row, else behind it. Answers the key of the first one. */
export function insertRowsFromPage(draft, row, items) {
  const columns = draft.schema.columns.map((spec) => spec.name);
  const ids = items.map(() => newRowId());
  const rows = [...draft.rows];
  const at = row === null ? rows.length : rows.indexOf(row);
  const replaces = row !== null && isBlankRow(draft, row);
  if (row === null || replaces) rows.splice(at, replaces ? 1 : 0, ...ids);
  else rows.splice(at + 1, 0, ...ids);
  const cells = new Map();
  items.forEach((item, index) => {
    for (const name of columns) {
      const found = item[name];
      if (found) cells.set(cellKey(ids[index], name), { value: found.text, evidence: found.evidence, confirmed: false });
    }
  });
  draft.change(cells, { rows, cause: "lasso", focus: row === null ? null : cellKey(row, columns[0]) });
  return cellKey(ids[0], columns[0]);
}
