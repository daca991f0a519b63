// The list of runs: marking some to compare them, and looking again while something goes on.

import { localiseTimes } from "../countersign/times.js";

const form = document.querySelector("[data-compare]");

if (form) {
  const bar = form.querySelector("[data-bulk]");
  const button = form.querySelector("[data-bulk-do]");
  const said = form.querySelector("[data-bulk-count]");
  const least = Number(form.dataset.least);
  const most = Number(form.dataset.most);

  const refresh = () => {
    const chosen = form.querySelectorAll('input[name="runs"]:checked').length;
    bar.hidden = chosen === 0;
    button.disabled = chosen < least || chosen > most;
    if (chosen < least) said.textContent = `${chosen} run is marked; mark ${least} to ${most} to compare them.`;
    else if (chosen > most) said.textContent = `${chosen} runs are marked; ${most} at most can be compared.`;
    else said.textContent = `${chosen} runs are marked.`;
  };
  form.addEventListener("change", refresh);
  refresh();
}

// What goes on is told again every ten seconds, unless somebody is about to do something in the table.
const EVERY = 10000;

async function lookAgain() {
  const frame = document.querySelector("[data-open-runs]");
  const busy = document.hidden || document.querySelector('input[name="runs"]:checked') || frame.contains(document.activeElement);
  if (busy) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Countersign-Background": "1" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    localiseTimes(page);
    for (const place of [".table-frame", ".tabs", ".swept__chart"]) {
      const [old, fresh] = [document.querySelector(place), page.querySelector(place)];
      if (old && fresh) old.innerHTML = fresh.innerHTML;
    }
  } catch {
    // The server is away; the next turn asks again.
  }
}

if (document.querySelector("[data-open-runs]")) setInterval(lookAgain, EVERY);
