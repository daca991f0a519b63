// When a document has to be done, in words for the bar above its page.

const DAY = 86_400_000;

/** `""` unless it is late or due within a day. Both are ISO times of the server. */
export function dueWords(dueAt, now) {
  const left = dueAt ? Date.parse(dueAt) - Date.parse(now) : Infinity;
  if (left > DAY) return "";
  if (left > 0) return "Due within a day";
  const days = Math.floor(-left / DAY);
  return days < 1 ? "Overdue" : `Overdue by ${days} day${days === 1 ? "" : "s"}`;
}
