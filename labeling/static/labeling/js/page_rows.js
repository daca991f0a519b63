// Lines of words from the page read as line items: codes by their form, numbers by their arithmetic, the rest is text.

import { toMicro, productInCents, abs, CENT } from "./decimal.js";
import { isProcedureCode, ndc11, parseDecimal } from "./normalise.js";
import { around } from "./words.js";

const MONEY = /\d[.,]\d{2}\)?$/;

/** One item for each line that has words: column name -> {text, evidence}. */
export function itemsFromLines(page, lines) {
  return lines.map((words) => itemFromLine(page, words)).filter((item) => Object.keys(item).length > 0);
}

function itemFromLine(page, words) {
  const rest = [...words];
  const taken = {};
  const take = (name, word) => {
    taken[name] = [word];
    rest.splice(rest.indexOf(word), 1);
  };
  const ndc = rest.find((word) => word.text.includes("-") && ndc11(word.text));
  if (ndc) take("ndc_code", ndc);
  const numbers = rest.filter((word) => parseDecimal(word.text) !== null);
  const amounts = numbers.filter((word) => MONEY.test(word.text));
  const triple = findTriple(numbers);
  if (triple) ["quantity", "unit_price", "total"].forEach((name, index) => take(name, triple[index]));
  else if (amounts.length) take("total", amounts.at(-1));
  const code = rest.find((word) => isProcedureCode(word.text));
  if (code) take("cpt_code", code);
  if (rest.length) taken.description = rest;
  return Object.fromEntries(Object.entries(taken).map(([name, found]) => [name, cellFrom(page, name, found)]));
}

/** The last three numbers a, b, c of the line in order with a x b = c. */
function findTriple(numbers) {
  const values = numbers.map((word) => toMicro(parseDecimal(word.text)));
  for (let c = numbers.length - 1; c >= 2; c -= 1) {
    for (let b = c - 1; b >= 1; b -= 1) {
      for (let a = b - 1; a >= 0; a -= 1) {
        if (values[c] && abs(productInCents(values[a], values[b]) - values[c]) <= CENT) return [numbers[a], numbers[b], numbers[c]];
      }
    }
  }
  return null;
}

function cellFrom(page, name, words) {
  const text = words.map((word) => word.text).join(" ");
  const isNumber = name === "quantity" || name === "unit_price" || name === "total";
  return { text: isNumber ? parseDecimal(text) : text, evidence: [{ page, box: around(words) }] };
}
