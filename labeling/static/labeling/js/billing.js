// What a medical biller would find odd in a record: dates of service, codes and modifiers, what is billed twice. Port of
// mlcore/billing; tests/vectors/billing.json holds the two together. Nothing here changes a value.

import { toMicro } from "./decimal.js";
import { ndc11, procedureParts, textKey } from "./normalise.js";
import { printedPeriods, serviceProblem } from "./service_dates.js";

const FILL_INS = new Set(["12345678901", "12345678910", "01234567890", "01234567891"]);
const EXCLUSIVE = [
  { JW: "some was discarded", JZ: "nothing was discarded" },
  { NU: "new", RR: "rented", UE: "used" },
];
const MEANT = new Set(["76", "77", "91"]);

/** Every finding of a record {code, row, message, paths}, in the order of its lines; the last path is the field to look at. */
export function billingFindings(record) {
  const repeated = repeats(record.line_items);
  return record.line_items.flatMap((item, row) => {
    const found = ofLine(record, row, item);
    return repeated.has(row) ? [...found, repeated.get(row)] : found;
  });
}

function ofLine(record, row, item) {
  const path = (name) => `line_items[${row}].${name}`;
  const found = [];
  const add = (problem, paths) => problem && found.push({ code: problem.code, row, message: problem.message, paths });
  const service = item.description === null ? null : serviceProblem(item.description, record.date ?? null);
  add(service, service?.concernsInvoiceDate ? ["date", path("description")] : [path("description")]);
  if (item.ndc_code !== null) add(drugCodeProblem(item.ndc_code), [path("ndc_code")]);
  if (item.cpt_code !== null) add(procedureProblem(item.cpt_code), [path("cpt_code")]);
  return found;
}

/** What is wrong with the form of an NDC: {code, message}, or null. */
export function drugCodeProblem(text) {
  const digits = ndc11(text);
  if (digits === null) {
    return { code: "ndc_form", message: `${text} is no NDC. It has 11 digits, or groups of 5-4-2, 5-3-2, 4-4-2 or 5-4-1.` };
  }
  if (digits.startsWith("00000") || new Set(digits).size === 1 || FILL_INS.has(digits)) {
    return { code: "ndc_fill_in", message: `${text} looks like a fill-in: no drug has this NDC.` };
  }
  return null;
}

/** What is wrong with a CPT or HCPCS code and its modifiers: {code, message}, or null. */
export function procedureProblem(text) {
  const parts = procedureParts(text);
  if (parts === null) {
    const form = "It has five characters and up to four modifiers, like 99213-25.";
    return { code: "procedure_form", message: `${text} is no CPT or HCPCS code. ${form}` };
  }
  const { modifiers } = parts;
  const unknown = modifiers.find((modifier) => /^[0-9]{2}$/.test(modifier) && modifier < "22");
  if (unknown) return { code: "modifier_form", message: `${text}: there is no modifier ${unknown}; those of CPT run from 22 to 99.` };
  const twice = modifiers.find((modifier, place) => modifiers.indexOf(modifier) < place);
  if (twice) return { code: "modifier_conflict", message: `${text}: the modifier ${twice} stands twice.` };
  for (const group of EXCLUSIVE) {
    const named = modifiers.filter((modifier) => modifier in group);
    if (named.length < 2) continue;
    const told = named.map((modifier) => `${modifier} (${group[modifier]})`).join(" and ");
    return { code: "modifier_conflict", message: `${text}: ${told} exclude each other.` };
  }
  return null;
}

/** Lines that may be billed twice: Map row -> finding about the first line that it repeats. */
function repeats(items) {
  const lines = new Map();
  const services = new Map();
  const found = new Map();
  items.forEach((item, row) => {
    const line = firstOf(lines, lineKey(item), row);
    const service = firstOf(services, serviceKey(item), row);
    const both = (first, name) => [`line_items[${first}].${name}`, `line_items[${row}].${name}`];
    if (line !== row) {
      const message = `The same as row ${line + 1}: text, codes, quantity and amount repeat. Was it billed twice?`;
      found.set(row, { code: "duplicate_line", row, message, paths: both(line, "description") });
    } else if (service !== row) {
      const same = printedPeriods(item.description).length ? "dates of service" : "description";
      const message = `${item.cpt_code} stands in row ${service + 1} too, with the same ${same}. Was it billed twice?`;
      found.set(row, { code: "repeated_service", row, message, paths: both(service, "cpt_code") });
    }
  });
  return found;
}

function firstOf(seen, key, row) {
  if (key === null) return row;
  if (!seen.has(key)) seen.set(key, row);
  return seen.get(key);
}

function lineKey(item) {
  if (item.total === null || !(item.description || item.ndc_code || item.cpt_code)) return null;
  const drug = ndc11(item.ndc_code ?? "") ?? (item.ndc_code ?? "").replace(/[^\p{L}\p{N}_]/gu, "");
  const code = (item.cpt_code ?? "").replace(/[\s,/:–-]/g, "").toUpperCase();
  const amounts = [item.quantity, item.total].map((text) => String(toMicro(text)));
  return JSON.stringify([textKey(item.description ?? ""), drug, code, ...amounts]);
}

function serviceKey(item) {
  const parts = procedureParts(item.cpt_code ?? "");
  if (parts === null || item.description === null) return null;
  const { code, modifiers } = parts;
  if (modifiers.some((modifier) => MEANT.has(modifier))) return null;
  const periods = printedPeriods(item.description).map((period) => period.readings);
  const when = periods.length ? periods : textKey(item.description);
  return JSON.stringify([code, [...new Set(modifiers)].sort(), ndc11(item.ndc_code ?? "") ?? "", when]);
}
