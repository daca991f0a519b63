// A review: the doubted fields first, with the reasons, and everything else confirmed by one key.

import { icon } from "../../countersign/icon.js";
import { actionButton } from "./action_button.js";
import { needsAttention } from "./assess.js";
import { keyOfPath } from "./schema.js";
import { readable } from "./formats.js";

const SHOWN_NAMES = 4;

/** Map key -> why it is doubted, in reading order; several reasons are one text. `doubts`: [{path, cause, message}]. */
export function doubtsByKey(doubts, draft) {
  const reasons = new Map();
  for (const { path, message } of doubts) {
    const key = path && keyOfPath(path, draft.baseRows);
    if (!key || (!draft.schema.isHeader(key) && !draft.schema.spec(key))) continue;
    const known = reasons.get(key) ?? [];
    if (!known.includes(message)) reasons.set(key, [...known, message]);
  }
  const order = draft.keys().filter((key) => reasons.has(key));
  return new Map(order.map((key) => [key, reasons.get(key).join(" ")]));
}

/** What is neither doubted nor confirmed, has a value, and could be submitted as it is. */
export function restOf(desk) {
  const isRest = (key) => {
    const cell = desk.draft.cell(key);
    return cell.value !== null && !cell.confirmed && !cell.mark && !desk.doubts.has(key) && !needsAttention(desk.draft, key, desk.findings.get(key));
  };
  return desk.draft.keys().filter(isRest);
}

/** The list of doubts above the record; `go(key)` moves there, `say(text)` tells the person something. */
export class Review {
  constructor({ element, root, desk, keymap, go, say }) {
    Object.assign(this, { element, root, desk, keymap, go, say });
    this.signature = "";
  }

  get isOn() {
    return this.desk.doubts !== null;
  }

  /** A document was opened: only what is doubted is shown, if anything is. */
  open() {
    this.signature = "";
    this.element.hidden = !this.isOn;
    this.#only(this.isOn && this.desk.doubts.size > 0 && this.desk.session.task.kind === "review");
    this.refresh();
  }

  /** Shows every field, or the doubted ones only. */
  toggle() {
    this.#only(this.root.dataset.only !== "doubts");
    this.refresh();
  }

  showAll() {
    if (this.root.dataset.only === "doubts") this.toggle();
  }

  confirmRest() {
    const { desk } = this;
    desk.draft.settle();
    desk.assess();
    const rest = restOf(desk);
    if (!rest.length) {
      this.say("Nothing is left to confirm besides what is doubted.");
      return;
    }
    desk.draft.change(new Map(rest.map((key) => [key, { confirmed: true }])), { cause: "confirm", focus: desk.focus });
    const names = rest.slice(0, SHOWN_NAMES).map((key) => desk.labelOf(key));
    const more = rest.length > SHOWN_NAMES ? ` and ${rest.length - SHOWN_NAMES} more` : "";
    this.showAll();
    this.say(`Confirmed ${rest.length} values: ${names.join(", ")}${more}. Ctrl+Z takes it back.`);
  }

  refresh() {
    if (!this.isOn) return;
    const { desk } = this;
    const rest = restOf(desk).length;
    const entries = [...desk.doubts].filter(([key]) => desk.findings.has(key));
    const signature = JSON.stringify([entries.map(([key]) => [desk.draft.cell(key), key === desk.focus]), rest, this.root.dataset.only]);
    this.#place(entries);
    if (signature === this.signature) return;
    this.signature = signature;
    this.element.replaceChildren(this.#head(entries, rest), this.#list(entries));
    this.element.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  #only(on) {
    if (on) this.root.dataset.only = "doubts";
    else delete this.root.dataset.only;
  }

  /** Marks the fields and rows that are doubted, so that the others can step back. */
  #place(entries) {
    const { schema } = this.desk;
    const names = new Set(entries.map(([key]) => key));
    const rows = new Set(entries.filter(([key]) => !schema.isHeader(key)).map(([key]) => schema.rowOf(key)));
    for (const element of this.root.querySelectorAll(".field-row")) element.toggleAttribute("data-doubt", names.has(element.dataset.name));
    for (const element of this.root.querySelectorAll(".grid__row[data-row]")) element.toggleAttribute("data-doubt", rows.has(element.dataset.row));
  }

  #head(entries, rest) {
    const open = entries.filter(([key]) => needsAttention(this.desk.draft, key, this.desk.findings.get(key))).length;
    const head = document.createElement("div");
    head.className = "doubts__head";
    const title = document.createElement("strong");
    title.textContent = entries.length ? `${entries.length} in doubt${open ? `, ${open} to decide` : ", all decided"}` : "The document as a whole is in doubt";
    const all = actionButton(this.keymap, "show_all", this.root.dataset.only ? "Show all fields" : "Only what is doubted", () => this.toggle());
    const confirm = actionButton(this.keymap, "confirm_rest", rest ? `Confirm the other ${rest}` : "Nothing else to confirm", () => this.confirmRest());
    confirm.disabled = rest === 0;
    head.append(title, all, confirm);
    return head;
  }

  #list(entries) {
    const list = document.createElement("ul");
    list.className = "doubts__list";
    list.replaceChildren(...entries.map(([key, reason]) => this.#entry(key, reason)));
    return list;
  }

  #entry(key, reason) {
    const { desk } = this;
    const cell = desk.draft.cell(key);
    const decided = !needsAttention(desk.draft, key, desk.findings.get(key));
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.className = "doubts__entry";
    button.dataset.state = decided ? "confirmed" : "confirm";
    if (key === desk.focus) button.setAttribute("aria-current", "true");
    const name = textIn("span", "doubts__name", desk.labelOf(key));
    const value = textIn("span", "doubts__value", cell.value === null ? "empty" : readable(desk.schema.spec(key).kind, cell.value));
    const why = textIn("span", "doubts__why muted", decided ? "Decided" : reason);
    why.title = reason;
    button.append(icon(decided ? "confirmed" : "warning"), name, value, why);
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => this.go(key));
    item.append(button);
    return item;
  }
}

function textIn(tag, name, text) {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}
