// From what is printed or typed to a canonical value. Port of mlcore/normalize.py: a text that the server would
// refuse gives null here, and the other way round; tests/e2e/label/test_modules.py holds the two together.

const MONTHS = new Map();
const MONTH_NAMES = [
  "jan january janvier januar enero janv",
  "feb february février fevrier februar febrero fév févr fevr",
  "mar march mars märz maerz marzo mär",
  "apr april avril abril avr",
  "may mai mayo",
  "jun june juin juni junio",
  "jul july juillet juli julio juil",
  "aug august août aout agosto",
  "sep sept september septembre septiembre",
  "oct october octobre oktober octubre okt",
  "nov november novembre noviembre",
  "dec december décembre decembre dezember diciembre déc dez",
];
MONTH_NAMES.forEach((names, index) => names.split(" ").forEach((name) => MONTHS.set(name, index + 1)));

const CURRENCY = /US\$|USD|EUR|MYR|RM|GBP|CHF|CAD|AUD|[$€£¥₹]/gi;
const NUMBER = /^[+-]?\d[\d.,' ]*$|^[+-]?[.,]\d+$/;
const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const NUMERIC = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$/;
const DAY_MONTH_NAME = /^(\d{1,2})(?:st|nd|rd|th|er)?[-/. ,]*(\p{L}+)[-/. ,']*(\d{4}|\d{2})$/iu;
const MONTH_NAME_DAY = /^(\p{L}+)[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/. ,']+(\d{4}|\d{2})$/iu;
const NDC_SHAPES = new Set(["5-4-2", "5-3-2", "4-4-2", "5-4-1"]);
const PROCEDURE = /^(?:\d{4}[0-9FTU]|[A-V]\d{4})(?:-?[A-Z0-9]{2})?$/;
const MAX_WHOLE = "999999999999";

export function collapseSpaces(text) {
  return text.normalize("NFKC").replace(/\s+/g, " ").trim();
}

/** A printed number as a plain decimal string ("1,234.50" -> "1234.50"), or null. */
export function parseDecimal(text) {
  let body = collapseSpaces(text).replace(CURRENCY, "").trim();
  let negative = body.startsWith("(") && body.endsWith(")");
  body = body.replace(/^[()]+|[()]+$/g, "").trim();
  if (body.toUpperCase().endsWith("CR")) {
    negative = true;
    body = body.slice(0, -2).trim();
  }
  if (body.endsWith("-")) {
    negative = true;
    body = body.slice(0, -1).trim();
  }
  if (/^[-−–]/.test(body)) {
    negative = true;
    body = body.slice(1).trim();
  }
  if (!NUMBER.test(body)) return null;
  const plain = plainNumber(body.replace(/^\++/, "").replace(/[ ']/g, ""));
  if (plain === null || isTooLarge(plain)) return null;
  return negative && /[1-9]/.test(plain) ? `-${plain.replace(/^-/, "")}` : plain;
}

function isTooLarge(plain) {
  const [whole, fraction = ""] = plain.replace(/^-/, "").split(".");
  const digits = whole.replace(/^0+/, "");
  if (digits.length !== MAX_WHOLE.length) return digits.length > MAX_WHOLE.length;
  return digits === MAX_WHOLE && fraction.slice(0, 4) === "9999" && /[1-9]/.test(fraction.slice(4));
}

function plainNumber(body) {
  const mark = decimalMark(body);
  const group = mark === "." ? "," : ".";
  const at = body.lastIndexOf(mark);
  const whole = at < 0 ? body : body.slice(0, at);
  const fraction = at < 0 ? "" : body.slice(at + 1);
  if (fraction.includes(group) || whole.includes(mark)) return null;
  const groups = whole.split(group);
  if (groups.length > 1 && (groups[0].length < 1 || groups[0].length > 3 || groups.slice(1).some((part) => part.length !== 3))) return null;
  const digits = groups.join("") || "0";
  if (!/^-?\d+$/.test(digits)) return null;
  return fraction ? `${digits}.${fraction}` : digits;
}

function decimalMark(body) {
  const point = body.lastIndexOf(".");
  const comma = body.lastIndexOf(",");
  if (point >= 0 && comma >= 0) return point > comma ? "." : ",";
  const mark = point >= 0 ? "." : ",";
  const other = mark === "." ? "," : ".";
  const parts = body.split(mark);
  if (parts.length > 2) return other;
  if (mark === "," && parts.length === 2) {
    const [whole, fraction] = parts;
    if (fraction.length === 3 && whole.length >= 1 && whole.length <= 3 && /[^0]/.test(whole)) return other;
  }
  return mark;
}

/** Every ISO date that the text may mean: none, one, or two when day and month can be swapped. */
export function readingsOfDate(text) {
  const body = collapseSpaces(text).replace(/^[ .,;:]+|[ .,;:]+$/g, "");
  let match = ISO.exec(body) ?? COMPACT.exec(body);
  if (match) return present([isoDate(match[1], match[2], match[3])]);
  match = NUMERIC.exec(body);
  if (match) {
    const year = fullYear(match[3]);
    return present([isoDate(year, match[1], match[2]), isoDate(year, match[2], match[1])]);
  }
  match = DAY_MONTH_NAME.exec(body);
  if (match) return present([isoDate(fullYear(match[3]), MONTHS.get(match[2].toLowerCase()), match[1])]);
  match = MONTH_NAME_DAY.exec(body);
  if (match) return present([isoDate(fullYear(match[3]), MONTHS.get(match[1].toLowerCase()), match[2])]);
  return [];
}

/** The one ISO date of the text; null when there is none or when it reads both ways. */
export function parseDate(text) {
  const readings = readingsOfDate(text);
  return readings.length === 1 ? readings[0] : null;
}

function present(dates) {
  return [...new Set(dates.filter((date) => date !== null))];
}

function fullYear(text) {
  if (text.length === 4) return Number(text);
  return Number(text) <= 68 ? 2000 + Number(text) : 1900 + Number(text);
}

function isoDate(year, month, day) {
  if (!month || year < 1900 || year > 2100) return null;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() + 1 !== Number(month) || date.getUTCDate() !== Number(day)) return null;
  return date.toISOString().slice(0, 10);
}

/** The 11 digits of a National Drug Code, or null when the form is none of 5-4-2, 5-3-2, 4-4-2, 5-4-1 or 11 digits. */
export function ndc11(text) {
  const body = collapseSpaces(text).replace(/[\s*]/g, "").replace(/[–−]/g, "-");
  if (/^\d{11}$/.test(body)) return body;
  const parts = body.split("-");
  if (!parts.every((part) => /^\d+$/.test(part)) || !NDC_SHAPES.has(parts.map((part) => part.length).join("-"))) return null;
  return parts[0].padStart(5, "0") + parts[1].padStart(4, "0") + parts[2].padStart(2, "0");
}

export function isProcedureCode(text) {
  return PROCEDURE.test(collapseSpaces(text).toUpperCase());
}

const WITH_MODIFIERS = /^([0-9]{4}[0-9AFMTU]|[A-EGHJ-MP-V][0-9]{4})((?:[-–,/: ]*[0-9A-Z]{2}){0,4})$/;

/** {code, modifiers} of a CPT or HCPCS code as a person writes it: "99213 25", "j1100-jw"; null when it is none. */
export function procedureParts(text) {
  const match = WITH_MODIFIERS.exec(collapseSpaces(text).toUpperCase());
  if (!match) return null;
  return { code: match[1], modifiers: match[2].replace(/[^0-9A-Z]/g, "").match(/../g) ?? [] };
}

/** Letters and digits without case and accents: two texts with the same key are the same value. */
export function textKey(text) {
  return text
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
