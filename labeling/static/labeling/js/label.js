// The labeling screen starts here: reads what the server put on the page, ties the parts together, opens the document.

import { me } from "./api.js";
import { actionsOf } from "./actions.js";
import { Delivery } from "./deliver.js";
import { Desk } from "./desk.js";
import { Flow } from "./flow.js";
import { Help } from "./help.js";
import { Keymap, chordOf } from "./keymap.js";
import { openStore } from "./outbox_store.js";
import { PageView, tellView } from "./page_view.js";
import { Queue } from "./queue.js";
import { Schema } from "./schema.js";
import { Screen } from "./screen.js";
import { bindSplit } from "./split.js";
import { toast } from "../../countersign/toast.js";
import { identifyWindow } from "./window_id.js";

const config = JSON.parse(document.getElementById("label-config").textContent);
const parts = Object.fromEntries([...document.querySelectorAll("[data-part]")].map((element) => [element.dataset.part, element]));

async function start() {
  const queue = new Queue(config.kind);
  const claiming = queue.claim(config.task);
  claiming.catch(() => undefined);
  const [store, windowIdentity] = await Promise.all([openStore(config.username), identifyWindow()]);
  const desk = new Desk({ schema: new Schema(config.schema), confident: config.confident });
  const view = new PageView({ viewport: parts.viewport, strip: parts.strip });
  const screen = new Screen({ parts, desk, view, config });
  const keymap = new Keymap(actionsOf(screen), config.preferences.keymap);
  screen.useKeymap(keymap);
  screen.helpDialog = new Help({ dialog: parts.help, keymap, save: (changes) => me.prefer({ keymap: changes }) });
  const delivery = new Delivery({ store, windowIdentity, openTask: () => desk.session?.task.id ?? null });
  const dialogs = { skip: parts.skip, postpone: parts.postpone, compare: parts.compare };
  screen.flow = new Flow({ screen, desk, queue, delivery, store, windowIdentity, config, dialogs });
  bindKeys(keymap, screen);
  bindButtons(keymap, screen);
  tellView(view, parts);
  bindDelivery(delivery, screen);
  bindSplit(parts.split, parts.root);
  if (!store.durable) toast("This browser keeps nothing on disk: what the server has not saved is lost when the window closes.", "confirm");
  try {
    const task = await claiming;
    if (task) await screen.flow.open(task);
    else screen.showEmpty();
  } catch (error) {
    screen.fail(error);
  }
  delivery.run();
}

function bindKeys(keymap, screen) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const { target } = event;
    const chord = chordOf(event);
    const isCell = target.matches("input.cell");
    if (!chord || (chord === "Enter" && !isCell) || (chord === "Shift+?" && isText(target) && !isUntouched(target))) return;
    if (!isCell && target.matches("input, textarea, select, summary") && !chord.includes("Ctrl+") && !chord.includes("Alt+")) return;
    const action = keymap.find(chord);
    if (!action) return;
    event.preventDefault();
    action.run();
  });
  document.addEventListener("paste", (event) => {
    if (event.target.matches("input.cell") && screen.editing.paste(event.clipboardData.getData("text"))) event.preventDefault();
  });
  addEventListener("pagehide", () => screen.desk.session?.sync.flushOnLeave());
  document.addEventListener("visibilitychange", () => document.hidden && screen.desk.session?.sync.flush());
}

function isText(element) {
  return element.matches(".cell--text, .cell--identifier");
}

/** Just arrived: everything in it is selected, so that a "?" would replace it. */
function isUntouched(input) {
  return input.selectionStart === 0 && input.selectionEnd === input.value.length;
}

function bindButtons(keymap, screen) {
  for (const button of document.querySelectorAll("[data-action-id]")) {
    const action = keymap.actions.find((candidate) => candidate.id === button.dataset.actionId);
    button.title = `${action.label} (${keymap.keysOf(action)[0]})`;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => (action.when?.() ?? true) && action.run());
  }
  parts.autoAdvance.checked = screen.editing.autoAdvance;
  parts.autoAdvance.addEventListener("change", () => {
    screen.editing.autoAdvance = parts.autoAdvance.checked;
    const saving = me.prefer({ auto_advance: parts.autoAdvance.checked });
    saving.catch((error) => toast(`Changed in this window only. ${error.message}`, "confirm"));
  });
  parts.failedNext.addEventListener("click", () => screen.flow.next());
  parts.lookAgain.addEventListener("click", () => screen.flow.next());
}

function bindDelivery(delivery, screen) {
  delivery.addEventListener("left", ({ detail }) => {
    if (screen.info.queued !== detail) screen.count();
    screen.info.queued = detail;
  });
  delivery.addEventListener("refused", ({ detail }) => {
    toast(`${detail.name} was not accepted: ${detail.message} What you entered is kept; open it from the queue.`, "invalid");
  });
}

start();
