// What stands against each value: format, rules, confidence; and where the person is needed next.

import { explainImbalance, residualSentence } from "./balance.js";
import { billingFindings } from "./billing.js";
import { toMicro } from "./decimal.js";
import { readValue, readable } from "./formats.js";
import { cellKey, keyOfPath } from "./schema.js";
import { composeRecord, isBlankRow } from "./record.js";

/** The order of work. */
const URGENCY = { invalid: 0, rule: 1, doubt: 1, low: 2, empty: 3 };

/**
 * Assesses the whole draft. Answers {findings: Map key -> {level, message, choices}, balance, residual sentences}.
 * `level`: invalid (the server would refuse it) | rule | doubt (of a review) | low | empty | ok. `confident` {critical, other} is trusted unseen.
 */
export function assess(draft, { confident, refused = new Map(), doubts = new Map() }) {
  const { schema } = draft;
  const findings = new Map();
  const { record } = composeRecord(draft, { keepBlankRows: true });
  const balance = explainImbalance(record);
  balance.explanations = balance.explanations.filter(({ path }) => !isInBlankRow(draft, path));
  const rules = ruleFindings(draft, record, balance);
  for (const key of draft.keys()) {
    findings.set(key, findingOf(draft, key, schema.spec(key), { confident, refused, rules, doubts }));
  }
  return { findings, balance, sums: sumSentences(record, balance) };
}

function findingOf(draft, key, spec, { confident, refused, rules, doubts }) {
  const cell = draft.cell(key);
  const enough = spec.critical ? confident.critical : confident.other;
  const read = readValue(spec.kind, cell.value, draft.schema.typeValues);
  if (read.problem) return { level: "invalid", message: read.problem, choices: read.choices };
  const refusal = refused.get(key);
  if (refusal && refusal.value === cell.value) return { level: "invalid", message: refusal.message, choices: [] };
  const rule = rules.get(key) ?? read.warning;
  if (rule) return { level: "rule", message: rule, choices: [] };
  const prediction = draft.prediction(key);
  if (cell.confirmed || cell.mark) return { level: "ok", message: "", choices: [] };
  if (doubts.has(key)) return { level: "doubt", message: doubts.get(key), choices: [] };
  if (cell.value === null) return emptyFinding(draft, key, spec, prediction, enough);
  const confidence = prediction?.confidence ?? null;
  if (prediction?.note) return { level: "low", message: prediction.note, choices: [] };
  if (confidence === null) return { level: "low", message: "Read without a confidence; check it against the page.", choices: [] };
  if (confidence < enough) {
    return { level: "low", message: `Read with ${percent(confidence)} confidence; check it against the page.`, choices: [] };
  }
  return { level: "ok", message: "", choices: [] };
}

/** An absent value is worth a look when the document should have it and nobody has said that it does not. */
function emptyFinding(draft, key, spec, prediction, enough) {
  const sure = prediction?.confidence >= enough;
  const expected = draft.schema.isHeader(key) ? spec.critical || prediction === null : spec.critical && inUse(draft, key);
  if (!expected || sure) return { level: "ok", message: "", choices: [] };
  return { level: "empty", message: "Nothing entered. Enter confirms that it is not on the document.", choices: [] };
}

/** A row that nobody has begun explains nothing: it is left out of the record. */
function isInBlankRow(draft, path) {
  const row = draft.rows[Number(/^line_items\[(\d+)\]/.exec(path)?.[1])];
  return row !== undefined && isBlankRow(draft, row);
}

/** Whether this paper has the column of a cell, as far as the pre-fill knows; a blank row is not begun yet. */
function inUse(draft, key) {
  const { schema, baseRows } = draft;
  if (isBlankRow(draft, schema.rowOf(key))) return false;
  const column = schema.columnOf(key);
  return baseRows.length === 0 || baseRows.some((other) => draft.prediction(cellKey(other, column))?.cell.value !== null);
}

function percent(confidence) {
  return `${Math.floor(confidence * 100)} %`;
}

/** One cell for each equation that does not hold, where the best explanation points; odd totals; dates, codes and repetitions. */
function ruleFindings(draft, record, balance) {
  const rules = new Map();
  const suggest = (key, sentence) => rules.has(key) || rules.set(key, sentence);
  const { rows } = draft;
  for (const index of balance.violated.rows) {
    const best = balance.explanations.find((entry) => entry.path.startsWith(`line_items[${index}].`));
    const off = balance.residuals.rows[index].replace("-", "");
    const text = `Quantity × unit price differs from the amount by ${readable("money", off)}.`;
    rules.set(keyOfPath(best?.path ?? `line_items[${index}].total`, rows), text);
  }
  const suspect = balance.explanations.length ? keyOfPath(cellPath(balance.explanations[0].path), rows) : null;
  for (const sum of balance.violated.sums) {
    const anchor = suspect ?? (sum === "lines" && record.subtotal !== null ? "subtotal" : "total");
    suggest(anchor, `${residualSentence(sum, balance.residuals, record.subtotal !== null)}.`);
  }
  const [tax, total] = [toMicro(record.tax), toMicro(record.total)];
  if (total !== null && total < 0n) suggest("total", "A negative total: is this a credit note?");
  if (tax !== null && total !== null && total >= 0n && tax > total) suggest("tax", "The tax is larger than the total.");
  for (const { message, paths } of billingFindings(record)) suggest(keyOfPath(paths.at(-1), rows), message);
  return rules;
}

/** A whole row stands for its amount. */
function cellPath(path) {
  return path.endsWith("]") ? `${path}.total` : path;
}

function sumSentences(record, balance) {
  return balance.violated.sums.map((sum) => residualSentence(sum, balance.residuals, record.subtotal !== null));
}

/** Whether the person has to look at this cell. A confirmed one is left alone unless the server would refuse it. */
export function needsAttention(draft, key, finding) {
  if (finding.level === "invalid") return true;
  return finding.level !== "ok" && !draft.cell(key).confirmed && !draft.cell(key).mark;
}

/** The keys that need attention, in reading order. */
export function openKeys(draft, findings) {
  return draft.keys().filter((key) => needsAttention(draft, key, findings.get(key)));
}

/** Where to go from `from`: the rest of its row first, then by urgency, each in reading order and around. */
export function nextOpen(draft, findings, from) {
  const waiting = openKeys(draft, findings).filter((key) => key !== from);
  if (!waiting.length) return null;
  const order = new Map(draft.keys().map((key, index) => [key, index]));
  const place = order.get(from) ?? -1;
  const row = from === null ? null : draft.schema.rowOf(from);
  const sameRow = row === null ? [] : waiting.filter((key) => draft.schema.rowOf(key) === row && order.get(key) > place);
  if (sameRow.length) return sameRow[0];
  const most = Math.min(...waiting.map((key) => URGENCY[findings.get(key).level]));
  const urgent = waiting.filter((key) => URGENCY[findings.get(key).level] === most);
  return urgent.find((key) => order.get(key) > place) ?? urgent[0];
}
