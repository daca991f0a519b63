// Keeps the numbers around a list true while its rows change: tabs, the pager and the count of failures in the bar.

const EVERY = 4000;
const NUMBERS = [".tabs", ".pager__place", ".nav__links"];

let planned = null;
let asked = 0;

async function refresh() {
  planned = null;
  asked = Date.now();
  try {
    const response = await fetch(location.href, { credentials: "same-origin", headers: { "X-Countersign-Background": "1" } });
    if (response.ok && !response.redirected) take(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    // The server is away; the next change asks again.
  }
}

function take(page) {
  for (const selector of NUMBERS) {
    const shown = document.querySelector(selector);
    const fresh = page.querySelector(selector);
    if (shown && fresh && !shown.contains(document.activeElement) && shown.innerHTML !== fresh.innerHTML) shown.replaceWith(fresh);
  }
}

/** Asks for the page again soon, at most once in a few seconds. */
export function refreshCounts() {
  planned ??= setTimeout(refresh, Math.max(500, asked + EVERY - Date.now()));
}
