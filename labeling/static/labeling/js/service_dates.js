// Dates and periods of service printed in a description, against the date of the invoice. Port of
// mlcore/billing/service_dates.py; tests/vectors/billing.json holds the two together.

import { collapseSpaces, readingsOfDate } from "./normalise.js";

const DAYS_IN_ADVANCE = 31;
const DAYS_IN_YEAR = 366;
const DAY_MS = 24 * 3600 * 1000;

const DATE = [
  "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}",
  "[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})",
  "[0-9]{1,2}-[0-9]{1,2}-(?:[0-9]{4}|[0-9]{2})",
  "[0-9]{1,2}\\.[0-9]{1,2}\\.(?:[0-9]{4}|[0-9]{2})",
  "[0-9]{1,2}[- ][A-Za-z]{3,9}[- ](?:[0-9]{4}|[0-9]{2})",
  "[A-Za-z]{3,9}\\.? [0-9]{1,2}, ?[0-9]{4}",
].join("|");
const FIRST = `(?:(${DATE}|[0-9]{1,2}/[0-9]{1,2}) ?(?:-|–|—|to|thru|through|until) ?)?`;
const SERVICE = new RegExp(`(?<![0-9A-Za-z./-])${FIRST}(${DATE})(?![0-9A-Za-z]|[./-][0-9])`, "gi");
const SOMETHING_ELSE = new RegExp(
  "\\b(?:exp|expires?|expired|expiry|expiration|expiring|use by|best before|valid|lot|dob|d\\.o\\.b|born|birth|due|rev|revised)" +
    "[ .:#(-]*(?:date|on|of|to|until)?[ .:#(-]*$",
  "i",
);
const WITHOUT_YEAR = /^[0-9]{1,2}\/[0-9]{1,2}$/;
const ORDERS = [0, 1];

/** Every date or period of service: {printed, readings: [[first, last]]} with ISO dates, in reading order. */
export function printedPeriods(description) {
  const text = collapseSpaces(description);
  const periods = [];
  for (const match of text.matchAll(SERVICE)) {
    if (SOMETHING_ELSE.test(text.slice(0, match.index))) continue;
    const read = ORDERS.map((order) => reading(match[1], match[2], order)).filter((period) => period !== null);
    const readings = read.filter((period, index) => index === 0 || period.join() !== read[0].join());
    if (readings.length) periods.push({ printed: match[0], readings });
  }
  return periods;
}

/** The date read month first (0) or day first (1), or null. */
function dateIn(text, order) {
  const readings = readingsOfDate(text);
  return readings[order] ?? readings[0] ?? null;
}

function reading(first, last, order) {
  const end = dateIn(last, order);
  if (end === null) return null;
  if (first === undefined) return [end, end];
  const year = Number(end.slice(0, 4));
  let start = WITHOUT_YEAR.test(first) ? dateIn(`${first}/${year}`, order) : dateIn(first, order);
  if (WITHOUT_YEAR.test(first) && start !== null && start > end) start = dateIn(`${first}/${year - 1}`, order);
  return start === null ? null : [start, end];
}

/** The first thing that is odd about the dates of service: {code, message, concernsInvoiceDate}, or null. */
export function serviceProblem(description, invoiceDate) {
  for (const period of printedPeriods(description)) {
    const problem = problemOf(period, invoiceDate);
    if (problem) return problem;
  }
  return null;
}

function problemOf({ printed, readings: all }, invoiceDate) {
  const readings = all.filter(([first, last]) => first <= last);
  if (!readings.length) return problem("service_reversed", `The service ${printed} ends before it begins.`);
  if (readings.every(([first, last]) => days(first, last) > DAYS_IN_YEAR)) {
    return problem("service_too_long", `The service ${printed} lasts more than a year.`);
  }
  if (invoiceDate === null) return null;
  if (readings.every(([first]) => days(invoiceDate, first) > DAYS_IN_ADVANCE)) {
    const text = `The service ${printed} begins more than ${DAYS_IN_ADVANCE} days after the invoice date ${invoiceDate}.`;
    return problem("service_after_invoice", text, true);
  }
  if (readings.every(([, last]) => days(last, invoiceDate) > DAYS_IN_YEAR)) {
    const text = `The service ${printed} was over more than a year before the invoice date ${invoiceDate}: too late to bill?`;
    return problem("service_too_old", text, true);
  }
  return null;
}

function problem(code, message, concernsInvoiceDate = false) {
  return { code, message, concernsInvoiceDate };
}

function days(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}
