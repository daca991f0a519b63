// While a version is being put together, its page looks for itself whether it is done, less often as time goes on, and not while hidden.

import { callApi } from "../countersign/http.js";

const SHORTEST = 2000;
const LONGEST = 20000;

const waiting = document.querySelector("[data-collecting]");
let pause = SHORTEST;
let timer = null;

async function look() {
  try {
    const version = await callApi("GET", waiting.dataset.collecting);
    if (version.state !== "collecting") {
      location.reload();
      return;
    }
  } catch {
    // a station that is restarted answers again in a moment
  }
  pause = Math.min(LONGEST, pause * 1.3);
  plan();
}

function plan() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, pause);
}

if (waiting) {
  document.addEventListener("visibilitychange", plan);
  plan();
}
