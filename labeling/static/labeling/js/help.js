// The list of keys that are active now, and the place to change them.

import { FIXED_KEYS, MOUSE } from "./actions.js";
import { chordOf, readableChord } from "./keymap.js";

/** `save(changes)` stores chords by action id (null: the delivered ones) and may throw. */
export class Help {
  constructor({ dialog, keymap, save }) {
    Object.assign(this, { dialog, keymap, save });
    this.list = dialog.querySelector("[data-keys]");
    this.note = dialog.querySelector("[data-note]");
    this.changing = false;
    this.waiting = null;
    dialog.addEventListener("keydown", (event) => this.#capture(event), true);
    dialog.querySelector("[data-change]").addEventListener("click", () => this.#toggle());
    dialog.querySelector("[data-reset]").addEventListener("click", () => this.#reset());
    dialog.addEventListener("close", () => this.#listen(null));
  }

  open() {
    this.active = new Set(this.keymap.actions.filter((action) => action.when?.() ?? true));
    this.changing = false;
    this.note.textContent = "";
    this.#show();
    this.dialog.showModal();
  }

  #toggle() {
    this.changing = !this.changing;
    this.note.textContent = "";
    this.#listen(null);
    this.#show();
  }

  #show() {
    const shown = this.keymap.actions.filter((action) => this.changing || this.active.has(action));
    const inGrid = shown.some((action) => action.id === "ditto");
    const fixed = this.changing ? [] : FIXED_KEYS.filter((entry) => inGrid || entry.group !== "Line items");
    const groups = new Map();
    for (const entry of [...shown, ...fixed]) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
    const sections = [...groups].map(([name, entries]) => section(name, entries.map((entry) => this.#row(entry))));
    const mouse = MOUSE.map(([hand, does]) => definition([document.createTextNode(hand)], does));
    if (!this.changing) sections.push(section("Mouse on the page", mouse));
    this.list.replaceChildren(...sections);
    this.dialog.querySelector("[data-change]").textContent = this.changing ? "Done" : "Change keys";
    this.dialog.querySelector("[data-reset]").hidden = !this.changing;
    if (!this.changing) this.note.textContent = "Only the keys that work where you are now. While you type in a text, F1 opens this list.";
    else this.note.textContent ||= "Choose an action, then press its new keys. Escape leaves it as it is.";
  }

  #row(entry) {
    const keys = entry.id ? this.keymap.keysOf(entry) : entry.keys;
    const caps = keys.map((chord) => {
      const cap = document.createElement("kbd");
      cap.textContent = readableChord(chord);
      return cap;
    });
    if (!this.changing) return definition(caps, entry.label);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.dataset.action = entry.id;
    button.setAttribute("aria-label", `Change the keys of: ${entry.label}`);
    button.append(...(this.waiting === entry ? [document.createTextNode("Press keys…")] : caps));
    button.addEventListener("click", () => this.#listen(this.waiting === entry ? null : entry));
    return definition([button], entry.label);
  }

  #listen(action) {
    const inHand = action ?? this.waiting;
    this.waiting = action;
    if (!this.dialog.open || !this.changing) return;
    this.note.textContent = action ? `New keys for “${action.label}”` : "";
    this.#show();
    if (inHand) this.list.querySelector(`[data-action="${inHand.id}"]`).focus();
  }

  async #capture(event) {
    const chord = this.waiting && chordOf(event);
    if (!chord) return;
    event.preventDefault();
    event.stopPropagation();
    const action = this.waiting;
    const conflict = chord === "Escape" ? "" : this.keymap.conflict(action, chord);
    if (conflict) {
      this.note.textContent = conflict;
      return;
    }
    if (chord !== "Escape") this.keymap.choose(action, chord);
    this.#listen(null);
    if (chord !== "Escape") await this.#store({ [action.id]: chord }, `${readableChord(chord)} is now “${action.label}”.`);
  }

  #reset() {
    const changes = Object.fromEntries(Object.keys(this.keymap.chosen).map((id) => [id, null]));
    this.keymap.reset();
    this.#listen(null);
    return this.#store(changes, "All keys are as they were delivered.");
  }

  async #store(changes, done) {
    try {
      await this.save(changes);
      this.note.textContent = done;
    } catch (error) {
      this.note.textContent = `Changed in this window only. ${error.message}`;
    }
  }
}

function section(name, rows) {
  const element = document.createElement("section");
  const title = document.createElement("h3");
  title.textContent = name;
  const list = document.createElement("dl");
  list.append(...rows);
  element.append(title, list);
  return element;
}

function definition(keys, text) {
  const row = document.createElement("div");
  const term = document.createElement("dt");
  term.append(...keys.flatMap((key, index) => (index ? [document.createTextNode(" "), key] : [key])));
  const does = document.createElement("dd");
  does.textContent = text;
  row.append(term, does);
  return row;
}
