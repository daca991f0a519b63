// Why an invoice does not add up, and which single change would explain it. Port of mlcore/balance, which
// states the algorithm; tests/vectors/balance.json holds both to the same answers.

import { CENT, MICRO, abs, decimalsOf, divide, grouped, productInCents, toMicro, toText } from "./decimal.js";
import { booksOf, isCreditNote, linesResidual, rowOf, rowViolated, totalResidual, violatedSums } from "./balance_books.js";
import { slipBetween } from "./balance_slips.js";
import { sentenceFor } from "./balance_sentences.js";

const MAX_EXPLANATIONS = 8;
const FURTHER_EQUATION = 25;
const BASE_SCORE = {
  duplicated_row: 90,
  tax_line_as_item: 88,
  transposed_digits: 80,
  decimal_shift: 78,
  sign: 76,
  fill_in: 70,
  digit_typo: 60,
  dropped_digit: 58,
  extra_digit: 57,
  extra_row: 55,
  missing_row: 50,
  recomputed: 30,
};
const TAX_WORDS = new Set("tax vat gst sst hst pst tva taxe taxes mwst ust umsatzsteuer mehrwertsteuer iva".split(" "));
const HEADER_ORDER = ["subtotal", "tax", "total"];
const CELL_ORDER = ["", "quantity", "unit_price", "total"];

/**
 * Residuals and up to 8 ranked single changes that repair an equation.
 * `record`: line_items, subtotal, tax, total; numbers as plain decimal strings or null.
 * Answers {residuals: {rows, lines, total} as strings or null, explanations: [{path, kind, value, sentence, score}],
 * violated: {rows, sums}}.
 */
export function explainImbalance(record) {
  const books = booksOf(record);
  const count = books.rows.length;
  const sums = violatedSums(books, count);
  const badRows = books.rows.flatMap((row, index) => (rowViolated(row) ? [index] : []));
  const best = new Map();
  const creditNote = isCreditNote(books);
  for (const change of changes(books, record.line_items, sums, badRows)) {
    if (change.row !== null && change.name === "total" && change.value < 0n && !creditNote) continue;
    const repaired = repairedBy(books, change, sums);
    if (repaired < 1) continue;
    const score = BASE_SCORE[change.kind] + FURTHER_EQUATION * (repaired - 1);
    const value = change.name === "quantity" ? toText(change.value) : toText(change.value, 2);
    const path = pathOf(change);
    const key = `${path} ${value}`;
    if (!best.has(key) || score > best.get(key).score) best.set(key, { path, value, score, change });
  }
  const ranked = [...best.values()].sort((a, b) => b.score - a.score || byPlace(a.change, b.change));
  return {
    residuals: {
      rows: books.rows.map((row) => (row.residual === null ? null : toText(row.residual, 0, 12))),
      lines: textOrNull(linesResidual(books, count)),
      total: textOrNull(totalResidual(books, count)),
    },
    explanations: ranked.slice(0, MAX_EXPLANATIONS).map(({ path, value, score, change }) => ({
      path,
      kind: change.kind,
      value,
      score,
      sentence: sentenceFor(path, change, value, record),
    })),
    violated: { rows: badRows, sums },
  };
}

function textOrNull(value) {
  return value === null ? null : toText(value);
}

function pathOf({ row, name }) {
  if (row === null) return name;
  return name ? `line_items[${row}].${name}` : `line_items[${row}]`;
}

function byPlace(a, b) {
  const rank = ({ row, name }) => (row === null ? [Infinity, HEADER_ORDER.indexOf(name)] : [row, CELL_ORDER.indexOf(name)]);
  const [rowA, cellA] = rank(a);
  const [rowB, cellB] = rank(b);
  if (rowA !== rowB) return rowA < rowB ? -1 : 1;
  if (cellA !== cellB) return cellA - cellB;
  return a.value < b.value ? -1 : Number(a.value > b.value);
}

function* changes(books, items, sums, badRows) {
  for (const index of badRows) {
    for (const [name, needed] of neededInRow(books.rows[index])) {
      yield* cell(index, name, books.rows[index][name], needed);
    }
  }
  const residual = linesResidual(books, books.rows.length);
  if (sums.includes("lines")) {
    for (const [index, row] of books.rows.entries()) {
      if (row.total !== null || row.quantity === null || row.unit_price === null) {
        yield* cell(index, "total", row.total, (row.total ?? 0n) - residual);
      }
    }
    if (books.subtotal !== null) yield* cell(null, "subtotal", books.subtotal, books.subtotal + residual);
    yield* rowChanges(books, items, residual);
  }
  if (sums.includes("total")) {
    const tax = books.tax ?? 0n;
    yield* cell(null, "subtotal", books.subtotal, books.total - tax);
    yield* cell(null, "tax", books.tax, books.total - books.subtotal);
    yield* cell(null, "total", books.total, books.subtotal + tax);
  }
}

function* cell(row, name, present, needed) {
  const kind = slipBetween(present, needed, name === "quantity" ? 0 : 2);
  if (kind === null) return;
  if (kind === "recomputed" && present !== null && (needed * present < 0n || (needed === 0n && row !== null))) return;
  if (name === "quantity" && present !== null && decimalsOf(present) === 0 && decimalsOf(needed) > 0) return;
  yield { row, name, kind, value: needed };
}

function* neededInRow({ quantity, unit_price: price, total }) {
  if (quantity === null || price === null || total === null) return;
  yield ["total", productInCents(quantity, price)];
  for (const [name, other, choices] of [["quantity", price, [0, 2, 3]], ["unit_price", quantity, [2, 4]]]) {
    if (other === 0n) continue;
    for (const decimals of choices) {
      const needed = divide(total * 10n ** BigInt(decimals), other) * 10n ** BigInt(6 - decimals);
      if (abs(needed * other - total * MICRO) <= CENT * MICRO) {
        yield [name, needed];
        break;
      }
    }
  }
}

function* rowChanges(books, items, residual) {
  if (residual < 0n) yield { row: books.rows.length, name: "", kind: "missing_row", value: -residual };
  const seen = new Set();
  for (const [index, row] of books.rows.entries()) {
    const key = [row.amount, row.quantity, row.unit_price, lettersAndDigits(items[index].description)].join("|");
    if (row.amount !== 0n && abs(row.amount - residual) <= CENT) {
      yield { row: index, name: "", kind: rowKind(books, row, items[index], seen.has(key)), value: row.amount };
    }
    seen.add(key);
  }
}

function rowKind(books, row, item, repeated) {
  if (repeated) return "duplicated_row";
  if (books.tax !== null && abs(row.amount - books.tax) <= CENT) return "tax_line_as_item";
  const words = (item.description ?? "").toLowerCase().split(/\s+/);
  return words.some((word) => TAX_WORDS.has(word.replace(/[^\p{L}]/gu, ""))) ? "tax_line_as_item" : "extra_row";
}

function lettersAndDigits(text) {
  return (text ?? "").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** How many violated equations the change repairs; -1 when it breaks one that held. */
function repairedBy(books, change, sums) {
  let count = books.rows.length;
  let before = 0;
  let after = 0;
  let changed = books;
  if (change.row === null) {
    changed = { ...books, [change.name]: change.value };
  } else if (change.kind === "missing_row") {
    changed = { ...books, linesSum: books.linesSum + change.value };
    count += 1;
  } else {
    const row = books.rows[change.row];
    before = Number(rowViolated(row));
    if (change.name) {
      const cells = { ...row, [change.name]: change.value };
      const fresh = rowOf(cells.quantity, cells.unit_price, cells.total);
      after = Number(rowViolated(fresh));
      changed = { ...books, linesSum: books.linesSum - row.amount + fresh.amount };
    } else {
      const tax = change.kind === "tax_line_as_item" && books.tax === null ? change.value : books.tax;
      changed = { ...books, linesSum: books.linesSum - row.amount, tax };
      count -= 1;
    }
  }
  const now = violatedSums(changed, count);
  if (after > before || now.some((name) => !sums.includes(name))) return -1;
  return sums.filter((name) => !now.includes(name)).length + before - after;
}

/** "Lines exceed the subtotal by 40.00": the residual as a sentence; "" when it is within tolerance or unknown. */
export function residualSentence(sum, residuals, hasSubtotal) {
  const text = residuals[sum];
  const size = grouped(toText(abs(toMicro(text)), 2));
  const over = !text.startsWith("-");
  if (sum === "lines") return `Lines ${over ? "exceed" : "fall short of"} the ${hasSubtotal ? "subtotal" : "total"} by ${size}`;
  return `Subtotal and tax ${over ? "exceed" : "fall short of"} the total by ${size}`;
}
