// The four states of a value and the words for them; a colour never stands alone.

import { needsAttention } from "./assess.js";

export const MARK_WORDS = { blank: "Blank", illegible: "Illegible", not_applicable: "Not applicable" };
export const ICONS = { invalid: "invalid", confirm: "confirm", confirmed: "confirmed", untouched: "untouched" };

/** {state: invalid | confirm | confirmed | untouched, word, message} of one cell. */
export function stateOf(draft, key, finding) {
  const cell = draft.cell(key);
  const unsure = cell.unsure ? " · unsure" : "";
  const { message } = finding;
  if (finding.level === "invalid") return { state: "invalid", word: `Invalid${unsure}`, message };
  if (cell.mark) return { state: "confirmed", word: MARK_WORDS[cell.mark] + unsure, message };
  if (needsAttention(draft, key, finding)) return { state: "confirm", word: checkWord(draft, key, finding) + unsure, message };
  const verifiedBy = draft.prediction(key)?.verifiedBy;
  if (verifiedBy && !draft.isTouched(key)) return { state: "confirmed", word: "Verified", message: message || `Verified in batch by ${verifiedBy}.` };
  if (cell.confirmed) return { state: "confirmed", word: (cell.value === null ? "Absent" : "Confirmed") + unsure, message };
  const confidence = draft.prediction(key)?.confidence;
  if (cell.value === null) return { state: "untouched", word: `Empty${unsure}`, message };
  return { state: "untouched", word: (confidence ? `Read ${Math.floor(confidence * 100)} %` : "Read") + unsure, message };
}

function checkWord(draft, key, finding) {
  if (finding.level === "empty") return "Missing";
  const confidence = draft.prediction(key)?.confidence;
  return finding.level === "low" && confidence ? `Check ${Math.floor(confidence * 100)} %` : "Check";
}
