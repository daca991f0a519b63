// One value against the form of its field: what the server would refuse, and what is merely odd.

import { drugCodeProblem, procedureProblem } from "./billing.js";
import { grouped } from "./decimal.js";
import { collapseSpaces, parseDate, parseDecimal, readingsOfDate } from "./normalise.js";

const MAX_TEXT = 2000;
const MAX_DECIMALS = 6;
const PLAUSIBLE_YEARS = 10;
const NUMERIC = new Set(["money", "quantity"]);
const MAX_MEMORY = 5000;
const ABSENT = answer(null);

/** Every key press reads the whole record; what was read once is not read again. */
const memory = new Map();

/**
 * Reads `text` as a value of `kind`. Answers {value, problem, warning, choices}:
 * `value` is the canonical text for the record (null when absent or invalid), `problem` a sentence when the server
 * would refuse it, `warning` a sentence when it is unusual, `choices` canonical texts to pick from.
 */
export function readValue(kind, text, itemTypes) {
  if (text === null || text.trim() === "") return ABSENT;
  const known = memory.get(kind)?.get(text);
  if (known) return known;
  const found = read(kind, text, itemTypes);
  if (!memory.has(kind) || memory.get(kind).size > MAX_MEMORY) memory.set(kind, new Map());
  memory.get(kind).set(text, found);
  return found;
}

function read(kind, text, itemTypes) {
  if (text.includes("\u0000")) return refuse("The text has a NUL character; remove it.");
  if (NUMERIC.has(kind)) return readNumber(kind, text);
  const clean = collapseSpaces(text);
  if (clean.length > MAX_TEXT) return refuse(`${clean.length} characters; the limit is ${MAX_TEXT}.`);
  if (kind === "date") return readDate(clean);
  if (kind === "item_type") {
    return itemTypes.includes(clean) ? answer(clean) : refuse(`“${clean}” is no line type; press S, C, D or B.`);
  }
  if (kind === "ndc") return answer(clean, drugCodeProblem(clean)?.message);
  if (kind === "procedure") return answer(clean, procedureProblem(clean)?.message);
  return answer(clean);
}

function answer(value, warning = "") {
  return { value, problem: "", warning, choices: [] };
}

function refuse(problem, choices = []) {
  return { value: null, problem, warning: "", choices };
}

function readNumber(kind, text) {
  const plain = parseDecimal(text);
  if (plain === null) return refuse(`“${text.trim().slice(0, 60)}” is not a number; write it as 1234.50.`);
  const decimals = plain.split(".")[1]?.length ?? 0;
  if (decimals > MAX_DECIMALS) return refuse(`${decimals} decimals; the limit is ${MAX_DECIMALS}.`);
  const padded = kind === "money" && decimals < 2 ? `${plain}${decimals ? "" : "."}${"0".repeat(2 - decimals)}` : plain;
  if (kind === "quantity" && /^-?0*(\.0*)?$/.test(plain)) return answer(padded, "A quantity of zero is unusual.");
  return answer(padded);
}

function readDate(text) {
  const date = parseDate(text);
  if (date === null) {
    const choices = readingsOfDate(text);
    if (choices.length) return refuse(`“${text}” reads both ways. Press ↓ for ${choices.join(", again for ")}.`, choices);
    return refuse(`“${text}” is not a date; write it as YYYY-MM-DD.`);
  }
  const years = (Date.now() - Date.parse(date)) / (365.25 * 24 * 3600 * 1000);
  if (years < -1 / 365) return answer(date, `${date} lies in the future.`);
  if (years > PLAUSIBLE_YEARS) return answer(date, `${date} is more than ${PLAUSIBLE_YEARS} years ago.`);
  return answer(date);
}

/** How a canonical value is written for reading: money "1,234.50", a quantity "1,234"; other kinds as they are. */
export function readable(kind, value) {
  if (!NUMERIC.has(kind) || !/^-?\d+(\.\d+)?$/.test(value)) return value;
  const [whole, fraction = ""] = value.split(".");
  const decimals = kind === "money" ? fraction.padEnd(2, "0") : fraction;
  return grouped(decimals ? `${whole}.${decimals}` : whole);
}
