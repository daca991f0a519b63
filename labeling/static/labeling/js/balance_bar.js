// The residual, always in sight, and the explanations: one key goes there, another applies it.

import { icon } from "../../countersign/icon.js";
import { actionButton } from "./action_button.js";
import { grouped, toMicro, toText } from "./decimal.js";
import { isBlankRow } from "./record.js";
import { cellKey, keyOfPath } from "./schema.js";
import { insertRow } from "./row_edits.js";
import { readValue } from "./formats.js";

export class BalanceBar {
  constructor({ element, desk, keymap, go, say }) {
    Object.assign(this, { element, desk, keymap, go, say });
    this.chosen = 0;
    this.signature = "";
  }

  /** The explanation in hand; stays inside the list as it changes. */
  get explanation() {
    const { explanations } = this.desk.balance;
    return explanations[Math.min(this.chosen, explanations.length - 1)] ?? null;
  }

  refresh() {
    const { balance, sums, draft } = this.desk;
    if (this.chosen >= balance.explanations.length) this.chosen = 0;
    const off = sums.length + balance.violated.rows.length;
    const { explanations, violated } = balance;
    const signature = JSON.stringify([sums, violated.rows, explanations, this.chosen, draft.rows.length, this.#linesText()]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.element.dataset.state = off ? "confirm" : "confirmed";
    const text = document.createElement("div");
    text.className = "balance__text";
    text.append(this.#headline(off));
    const parts = [icon(off ? "warning" : "confirmed"), text];
    if (this.explanation) {
      text.append(this.#sentence());
      parts.push(...this.#choices());
    }
    this.element.replaceChildren(...parts);
  }

  #headline(count) {
    const { sums, balance } = this.desk;
    const element = document.createElement("strong");
    element.className = "balance__headline";
    if (!count) {
      element.textContent = this.#linesText() ? `Adds up · lines ${this.#linesText()}` : "Nothing to add up yet";
      return element;
    }
    const rows = balance.violated.rows.map((row) => row + 1);
    const numbers = rows.slice(0, 4).join(", ") + (rows.length > 4 ? "…" : "");
    const off = rows.length ? [`${rows.length === 1 ? "Row" : "Rows"} ${numbers} off`] : [];
    element.textContent = [...sums, ...off].join(" · ");
    element.title = element.textContent;
    return element;
  }

  #linesText() {
    const { draft, schema } = this.desk;
    if (!draft.rows.length) return "";
    const sum = draft.rows.reduce((total, row) => {
      const { value } = readValue("money", draft.cell(cellKey(row, "total")).value, schema.typeValues);
      return total + (toMicro(value) ?? 0n);
    }, 0n);
    return grouped(toText(sum, 2));
  }

  #sentence() {
    const element = document.createElement("span");
    element.className = "balance__sentence";
    element.textContent = this.explanation.sentence;
    element.title = this.explanation.sentence;
    return element;
  }

  #choices() {
    const { explanations } = this.desk.balance;
    const place = document.createElement("span");
    place.className = "balance__place";
    place.textContent = explanations.length > 1 ? `${this.chosen + 1} of ${explanations.length}` : "";
    const jump = actionButton(this.keymap, "explain", "Go there", () => this.jump());
    const apply = actionButton(this.keymap, "apply", "Apply", () => this.apply());
    return [place, jump, apply];
  }

  /** Goes to the explanation in hand; when the focus is there already, to the next one. */
  jump() {
    const { explanations } = this.desk.balance;
    if (this.#target(this.explanation) === this.desk.focus) this.chosen = (this.chosen + 1) % explanations.length;
    const target = this.#target(this.explanation);
    if (target) this.go(target);
    this.say(this.explanation.sentence);
    this.refresh();
  }

  #target({ path }) {
    const { rows } = this.desk.draft;
    const whole = /^line_items\[(\d+)\]$/.exec(path);
    if (!whole) return keyOfPath(path, rows);
    const row = rows[Number(whole[1])] ?? rows.at(-1);
    return row === undefined ? null : cellKey(row, "total");
  }

  /** Applies the explanation in hand, as one step of undo. */
  apply() {
    const { draft } = this.desk;
    const { path, kind, value, sentence } = this.explanation;
    const whole = /^line_items\[(\d+)\]$/.exec(path);
    const focus = this.#target(this.explanation);
    this.chosen = 0;
    if (kind === "missing_row") {
      this.go(this.#addRow(value));
    } else if (whole) {
      const row = draft.rows[Number(whole[1])];
      const cells = new Map();
      if (kind === "tax_line_as_item" && draft.cell("tax").value === null) cells.set("tax", { value, mark: null, confirmed: true });
      draft.change(cells, { rows: draft.rows.filter((id) => id !== row), cause: "suggestion", focus });
      this.go("subtotal");
    } else {
      const key = keyOfPath(path, draft.rows);
      draft.change(new Map([[key, { value, mark: null, confirmed: true }]]), { cause: "suggestion", focus: key });
      this.go(key);
    }
    this.say(`Applied: ${sentence} Ctrl+Z takes it back.`);
  }

  #addRow(value) {
    const { draft } = this.desk;
    const blank = draft.rows.findLast((row) => isBlankRow(draft, row));
    const first = blank === undefined ? insertRow(draft, draft.rows.at(-1) ?? null) : cellKey(blank, "description");
    const row = draft.schema.rowOf(first);
    draft.change(new Map([[cellKey(row, "total"), { value, confirmed: true }]]), { cause: "suggestion", focus: first });
    return first;
  }
}
