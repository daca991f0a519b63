// Automatic logoff: after a while without mouse or keyboard in any tab, the page signs out and leaves, so that
// nobody's invoices stay on an empty desk. While somebody is active, the server hears of it once a minute.

import { csrfToken } from "./http.js";

const KEY = "countersign.active";
const PING_EVERY = 60_000;
const LOOK_EVERY = 5_000;

let here = Date.now();
let pinged = Date.now();

function lastActive() {
  try {
    return Math.max(here, Number(localStorage.getItem(KEY)) || 0);
  } catch {
    return here;
  }
}

function noteActivity(meUrl) {
  const now = Date.now();
  if (now - here < 1000) return;
  here = now;
  try {
    localStorage.setItem(KEY, String(now));
  } catch {
    // Without storage each tab counts for itself.
  }
  if (now - pinged < PING_EVERY) return;
  pinged = now;
  fetch(meUrl, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => {});
}

async function leave(signInUrl, signOutUrl) {
  try {
    await fetch(signOutUrl, { method: "POST", headers: { "X-CSRFToken": csrfToken() }, credentials: "same-origin", redirect: "manual" });
  } catch {
    // The server ends the session by its own clock.
  }
  location.replace(`${signInUrl}?idle=1&next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Starts the watch. `seconds` is the server's limit; `urls` are me, signIn and signOut. */
export function watchIdle(seconds, { me, signIn, signOut }) {
  for (const name of ["pointerdown", "pointermove", "keydown", "wheel"]) addEventListener(name, () => noteActivity(me), { passive: true });
  const timer = setInterval(() => {
    if (Date.now() - lastActive() < seconds * 1000) return;
    clearInterval(timer);
    leave(signIn, signOut);
  }, LOOK_EVERY);
}
