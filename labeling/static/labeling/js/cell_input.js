// One value as an input, in the field list and in the grid alike.

import { readable } from "./formats.js";
import { savedWords } from "./saved.js";
import { MARK_WORDS } from "./states.js";

/**
 * `desk` is the screen: it answers `draft` and takes `typed(key, text)`, `focused(key)`, `blurred()`.
 * `label` names the field for a screen reader.
 */
export class CellInput {
  constructor({ key, spec, label, desk }) {
    Object.assign(this, { key, spec, desk });
    const input = document.createElement("input");
    this.input = input;
    input.type = "text";
    input.className = `cell cell--${spec.kind}`;
    input.autocomplete = "off";
    input.spellcheck = false;
    input.dataset.key = key;
    input.setAttribute("aria-label", label);
    if (spec.kind === "item_type") {
      input.readOnly = true;
      input.addEventListener("keydown", (event) => this.#pickType(event));
    } else {
      input.addEventListener("input", () => desk.typed(key, input.value));
    }
    if (spec.kind === "date") input.addEventListener("keydown", (event) => this.#pickReading(event));
    input.addEventListener("focus", () => {
      this.#showRaw();
      this.select();
      desk.focused(key);
    });
    input.addEventListener("blur", () => {
      if (!desk.draft) return;
      desk.blurred();
      this.refresh(this.state);
    });
  }

  get isFocused() {
    return document.activeElement === this.input;
  }

  /** Selects everything with the beginning in sight. */
  select() {
    this.input.setSelectionRange(0, this.input.value.length, "backward");
    this.input.scrollLeft = 0;
  }

  /**
   * Shows the cell as it stands; leaves the caret alone while the text is the same. `state` comes from states.js, `saved`
   * is pending | saved | "".
   */
  refresh(state, saved = this.saved) {
    Object.assign(this, { state, saved });
    const cell = this.desk.draft.cell(this.key);
    const { input } = this;
    const text = this.#text(cell);
    if (input.value !== text) input.value = text;
    input.placeholder = cell.mark ? MARK_WORDS[cell.mark].toLowerCase() : "";
    if (!state) return;
    input.dataset.state = state.state;
    input.classList.toggle("cell--unsure", cell.unsure);
    input.title = [state.word, state.message].filter(Boolean).join(". ");
    if (state.state === "invalid") input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    input.setAttribute("aria-description", [input.title, savedWords(saved)].filter(Boolean).join(". "));
  }

  #text(cell) {
    if (cell.value === null) return "";
    if (this.spec.kind === "item_type") return this.desk.schema.itemTypes.find((type) => type.value === cell.value)?.short ?? cell.value;
    return this.isFocused ? cell.value : readable(this.spec.kind, cell.value);
  }

  #showRaw() {
    const { value } = this.desk.draft.cell(this.key);
    if (this.spec.kind !== "item_type" && value !== null && this.input.value !== value) this.input.value = value;
  }

  #pickType(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const types = this.desk.schema.itemTypes;
    const current = types.findIndex((type) => type.value === this.desk.draft.cell(this.key).value);
    let value;
    if (event.key === "Backspace" || event.key === "Delete") value = "";
    else if (event.key === " ") value = types[(current + 1) % types.length].value;
    else value = types.find((type) => type.key === event.key.toUpperCase())?.value;
    if (value === undefined) return;
    event.preventDefault();
    this.desk.typed(this.key, value);
  }

  /** A date that reads both ways: the arrow key takes one reading, again the other. */
  #pickReading(event) {
    if (event.key !== "ArrowDown" || event.altKey) return;
    const choices = this.desk.choicesFor(this.key);
    if (!choices.length) return;
    event.preventDefault();
    event.stopPropagation();
    const at = choices.indexOf(this.input.value);
    this.desk.typed(this.key, choices[(at + 1) % choices.length]);
    this.input.select();
  }
}
