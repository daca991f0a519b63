// From the draft to what is submitted: the record with marks, unsure fields and places by path.

import { readValue } from "./formats.js";
import { cellKey } from "./schema.js";

/** The record's values as plain texts (null where absent or not valid yet); `rows` are the ids of its line items. */
export function composeRecord(draft, { keepBlankRows = false } = {}) {
  const { schema } = draft;
  const read = (key) => readValue(schema.spec(key).kind, draft.cell(key).value, schema.typeValues).value;
  const record = { vendor: {}, line_items: [] };
  for (const { name } of schema.header) {
    if (name.startsWith("vendor.")) record.vendor[name.slice(7)] = read(name);
    else record[name] = read(name);
  }
  const rows = draft.rows.filter((row) => keepBlankRows || !isBlankRow(draft, row));
  for (const row of rows) {
    record.line_items.push(Object.fromEntries(schema.columns.map(({ name }) => [name, read(cellKey(row, name))])));
  }
  return { record, rows };
}

/** A row in which nothing is entered or marked; it is left out of the record. */
export function isBlankRow(draft, row) {
  return draft.schema.columns.every(({ name }) => {
    const cell = draft.cell(cellKey(row, name));
    return !cell.value?.trim() && !cell.mark;
  });
}

/** The body of a submit request without its totals. */
export function composeSubmission(draft) {
  const { record, rows } = composeRecord(draft);
  const marks = {};
  const unsure = [];
  const evidence = {};
  for (const [path, key] of pathsOf(draft.schema, rows)) {
    const cell = draft.cell(key);
    if (cell.mark) marks[path] = cell.mark;
    if (cell.unsure) unsure.push(path);
    if (cell.value !== null && cell.evidence.length) evidence[path] = cell.evidence;
  }
  return { record, marks, unsure, evidence };
}

/** [path, key] of every field, with these row ids as line items 0, 1, ... */
export function pathsOf(schema, rows) {
  const header = schema.header.map(({ name }) => [name, name]);
  const items = rows.flatMap((row, index) => schema.columns.map(({ name }) => [`line_items[${index}].${name}`, cellKey(row, name)]));
  return [...header, ...items];
}

/** Characters in the record, to compare with the keys that were pressed for it. */
export function charactersIn(record) {
  const texts = [...Object.values(record.vendor), record.invoice_number, record.date, record.subtotal, record.tax, record.total];
  for (const item of record.line_items) texts.push(...Object.values(item).filter((text) => !text || !text.includes("_")));
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
