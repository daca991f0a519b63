// Times stand in the page as UTC; here they become the reader's own.

const two = (number) => String(number).padStart(2, "0");

/** `2026-11-22 14:05` in the zone of this computer. */
export function localTime(iso) {
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Rewrites every `<time data-time>` below `root` once; `data-time="clock"` shows hours and minutes alone. */
export function localiseTimes(root) {
  for (const element of root.querySelectorAll("time[data-time]")) {
    const text = localTime(element.dateTime);
    element.textContent = element.dataset.time === "clock" ? text.slice(11) : text;
    element.removeAttribute("data-time");
  }
}
