// What an explanation of an imbalance says to a biller. Port of mlcore/balance/sentences.py.

import { grouped, toMicro, toText } from "./decimal.js";

const LABEL = { quantity: "Qty", unit_price: "Unit price", subtotal: "Subtotal", tax: "Tax", total: "Total" };
const CLAUSE = {
  sign: "the sign is turned",
  decimal_shift: "the decimal point is shifted",
  transposed_digits: "two neighbouring digits are swapped",
  digit_typo: "one digit differs",
  dropped_digit: "a digit is missing",
  extra_digit: "there is a digit too many",
  recomputed: "the other values give it",
};
const ROW_SENTENCE = {
  duplicated_row: (row, value) => `Row ${row} (${value}) stands there twice; without it the lines add up.`,
  tax_line_as_item: (row, value) => `Row ${row} (${value}) looks like the tax; without it the lines add up.`,
  extra_row: (row, value) => `Without row ${row} (${value}) the lines add up; it may be a subtotal or a carried amount.`,
  missing_row: (row, value) => `A row of ${value} is missing from the lines.`,
};

export function sentenceFor(path, { row, name, kind }, plain, record) {
  const value = grouped(plain);
  if (kind in ROW_SENTENCE) return ROW_SENTENCE[kind](row + 1, value);
  const label = row !== null && name === "total" ? "Amount" : LABEL[name];
  const place = row === null ? label : `Row ${row + 1}, ${label}`;
  const present = toMicro(row === null ? record[name] : record.line_items[row][name]);
  if (present === null) return `${place} is empty; ${value} makes it add up.`;
  return `${place} is ${grouped(toText(present, name === "quantity" ? 0 : 2))}; ${value} fits: ${CLAUSE[kind]}.`;
}
