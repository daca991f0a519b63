// Ruling alike differences together: what would be written into each, all of it by one key, and one step back.

import { icon } from "../../../countersign/icon.js";
import { paintSnippet } from "../snippet.js";
import { rulings } from "./case_api.js";

const CROP = { width: 200, height: 26 };

export class GroupPanel {
  /** `ruled(answer)` and `undone()` tell the screen. */
  constructor({ parts, values, ruled, undone }) {
    Object.assign(this, { parts, values, ruled, undone });
    parts.groupRule.addEventListener("click", () => (this.ruling === null ? this.rule() : parts.group.close()));
    parts.groupUndo.addEventListener("click", () => this.undo());
    parts.groupClose.addEventListener("click", () => parts.group.close());
    parts.group.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Opens with what a ruling about `one` would write. */
  async open(one, decision) {
    this.request = { difference: one.id, ...decision };
    this.one = one;
    const preview = await rulings.preview(this.request);
    this.items = preview.items.map((item) => ({ ...item, chosen: item.choice !== null }));
    this.ruling = null;
    const { parts } = this;
    const value = this.values.text(one.name, preview.value) || "not on the document";
    const reason = decision.reason ? ` Reason: ${decision.reason}` : "";
    parts.groupLead.textContent = `${one.label} is ruled “${value}” here.${reason} Below is what follows for others of the same cause, field and vendor.`;
    parts.groupLead.hidden = false;
    parts.groupItems.replaceChildren(...this.items.map((item) => this.#item(item)));
    this.#state(preview.more ? "More of them wait for the next ruling." : "");
    if (!parts.group.open) parts.group.showModal();
    parts.groupRule.focus();
  }

  get chosen() {
    return this.items.filter((item) => item.chosen);
  }

  #state(text) {
    const { parts } = this;
    const count = this.chosen.length + 1;
    parts.groupRule.textContent = this.ruling === null ? `Rule all ${count}` : "Go on";
    parts.groupUndo.hidden = this.ruling === null;
    parts.groupSum.textContent = text;
  }

  async rule() {
    if (this.busy) return;
    const others = this.chosen.map(({ id, value }) => ({ difference: id, value }));
    await this.#try(async () => {
      const answer = await rulings.rule({ ...this.request, others });
      this.ruling = answer.ruling;
      const settled = new Set(answer.settled);
      for (const item of this.items) item.element.dataset.state = settled.has(item.id) ? "settled" : item.chosen ? "passed" : "";
      const resolved = answer.resolved.length ? ` ${answer.resolved.length} resolved.` : "";
      const passed = answer.passed_over.length ? ` ${answer.passed_over.length} had changed and were left.` : "";
      this.#state(`${answer.settled.length} settled.${resolved}${passed}`);
      this.parts.groupRule.focus();
      await this.ruled(answer);
    });
  }

  async undo() {
    await this.#try(async () => {
      await rulings.undo(this.ruling);
      this.ruling = null;
      for (const item of this.items) item.element.dataset.state = "";
      this.#state("Taken back everywhere.");
      this.parts.groupRule.focus();
      await this.undone();
    });
  }

  async #try(act) {
    this.busy = true;
    try {
      await act();
    } catch (error) {
      this.#state(error.message);
    } finally {
      this.busy = false;
    }
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input")) return;
    if (event.key.toLowerCase() === "u" && this.ruling !== null) this.undo();
  }

  #item(item) {
    const element = document.createElement("article");
    element.className = "group__item";
    item.element = element;
    const head = document.createElement("label");
    head.className = "group__name";
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", checked: item.chosen, disabled: item.choice === null });
    box.addEventListener("change", () => {
      item.chosen = box.checked;
      this.#state("");
    });
    const name = document.createElement("span");
    name.className = "clip";
    name.textContent = item.document.name;
    name.title = item.document.name;
    head.append(box, name);
    element.append(head, ...["a", "b", "machine"].map((side) => this.#side(item, side)), this.#written(item));
    return element;
  }

  #side(item, side) {
    const line = document.createElement("div");
    line.className = "group__side";
    const cap = document.createElement("span");
    cap.className = "muted small";
    cap.textContent = side === "machine" ? "M" : side.toUpperCase();
    const { value, places } = item[side];
    const beside = { a: item.b.value, b: item.a.value, machine: null }[side];
    const crop = document.createElement("span");
    crop.className = "snippet";
    if (!paintSnippet(crop, places, new Map(item.document.pages.map((page) => [page.number, page])), CROP)) crop.textContent = "not on the page";
    line.append(cap, this.values.show(item.name, value, beside), crop);
    return line;
  }

  #written(item) {
    const line = document.createElement("p");
    line.className = "group__written";
    if (item.choice === null) {
      line.append(icon("info"), "Nothing follows for this one; settle it by itself.");
      line.classList.add("muted");
      return line;
    }
    const why = document.createElement("span");
    why.className = "muted small";
    why.textContent = item.why;
    line.append(icon("sign"), this.values.show(item.name, item.value), why);
    return line;
  }
}
