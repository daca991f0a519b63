// The adjudication screen starts here: reads what the server put on the page, ties the parts together, opens the case.

import { Keymap, chordOf } from "../keymap.js";
import { PageView, tellView } from "../page_view.js";
import { bindSplit } from "../split.js";
import { CaseFlow } from "./case_flow.js";
import { CaseScreen } from "./case_screen.js";
import { Docket } from "./docket.js";
import { actionsOf } from "./keys.js";

const config = JSON.parse(document.getElementById("adjudicate-config").textContent);
const parts = Object.fromEntries([...document.querySelectorAll("[data-part]")].map((element) => [element.dataset.part, element]));

async function start() {
  const docket = new Docket();
  const view = new PageView({ viewport: parts.viewport, strip: parts.strip });
  const flow = new CaseFlow({ docket, config });
  const screen = new CaseScreen({ parts, docket, view, config, flow });
  flow.screen = screen;
  screen.keymap = new Keymap(actionsOf(screen));
  bindKeys(screen);
  bindButtons(screen);
  tellView(view, parts);
  bindSplit(parts.split, parts.root);
  if (config.adjudication === null) await flow.next();
  else await flow.open(config.adjudication).catch((error) => screen.fail(error));
}

function bindKeys(screen) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const { target } = event;
    if (target.matches("input:not([type=radio]), select, textarea")) {
      leaveInput(event, screen);
      return;
    }
    const chord = chordOf(event);
    if (target.matches("input[type=radio]") && chord?.startsWith("Arrow")) return;
    const isOwn = chord === "Enter" && target.matches("button:not(.option), a, summary");
    const action = chord && !isOwn ? screen.keymap.find(chord) : null;
    if (!action) return;
    event.preventDefault();
    action.run();
  });
}

/** Enter and Escape lead back from the reason and the cause to the card; Ctrl+Enter goes on from anywhere. */
function leaveInput(event, screen) {
  if (event.target.closest(".other")) return;
  if (event.key !== "Enter" && event.key !== "Escape") return;
  event.preventDefault();
  if (event.target.matches("[data-reason]")) screen.keepReason();
  screen.cards.focus();
}

function bindButtons(screen) {
  for (const button of document.querySelectorAll("[data-action-id]")) {
    const action = screen.keymap.actions.find((candidate) => candidate.id === button.dataset.actionId);
    button.title = `${action.label} (${action.keys[0]})`;
    button.addEventListener("click", () => (action.when?.() ?? true) && action.run());
  }
  parts.failedNext.addEventListener("click", () => screen.flow.next());
  parts.lookAgain.addEventListener("click", () => screen.flow.next());
}

start();
