// The equations of an invoice and their residuals. Port of mlcore/balance/books.py; micro units throughout,
// a row's own residual has 12 decimals because it is a product.

import { CENT, MICRO, abs, productInCents, toMicro } from "./decimal.js";

const HALF_CENT = 5_000n;

/** The numbers of a record whose values are plain decimal strings or null. */
export function booksOf(record) {
  const rows = record.line_items.map((item) => rowOf(toMicro(item.quantity), toMicro(item.unit_price), toMicro(item.total)));
  const linesSum = rows.reduce((sum, row) => sum + row.amount, 0n);
  return { rows, linesSum, subtotal: toMicro(record.subtotal), tax: toMicro(record.tax), total: toMicro(record.total) };
}

export function rowOf(quantity, unitPrice, total) {
  const known = quantity !== null && unitPrice !== null;
  const amount = total ?? (known ? productInCents(quantity, unitPrice) : 0n);
  const residual = known && total !== null ? quantity * unitPrice - total * MICRO : null;
  return { quantity, unit_price: unitPrice, total, amount, residual };
}

/** Whether the invoice gives money back: a number of a row, the subtotal or the total is negative. */
export function isCreditNote({ rows, subtotal, total }) {
  const numbers = rows.flatMap((row) => [row.quantity, row.unit_price, row.total]);
  return [...numbers, subtotal, total].some((value) => value !== null && value < 0n);
}

function linesTolerance(count) {
  const rounding = HALF_CENT * BigInt(count);
  return rounding > CENT ? rounding : CENT;
}

export function linesResidual(books, count) {
  if (count === 0) return null;
  if (books.subtotal !== null) return books.linesSum - books.subtotal;
  if (books.total === null) return null;
  if (abs(books.linesSum - books.total) <= linesTolerance(count)) return 0n;
  return books.linesSum - (books.total - (books.tax ?? 0n));
}

export function totalResidual(books, count) {
  if (books.subtotal === null || books.total === null) return null;
  const lines = linesResidual(books, count);
  if (books.subtotal === books.total && lines !== null && abs(lines) <= linesTolerance(count)) return 0n;
  return books.subtotal + (books.tax ?? 0n) - books.total;
}

/** Which of the sums "lines" and "total" do not hold. */
export function violatedSums(books, count) {
  const lines = linesResidual(books, count);
  const total = totalResidual(books, count);
  const names = [];
  if (lines !== null && abs(lines) > linesTolerance(count)) names.push("lines");
  if (total !== null && abs(total) > CENT) names.push("total");
  return names;
}

export function rowViolated(row) {
  return row.residual !== null && abs(row.residual) > CENT * MICRO;
}
