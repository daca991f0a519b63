// Values as a person reads them: a row as one line, a type as a word, what differs between two marked.

import { textDiff } from "./text_diff.js";

export class Values {
  /** `schema` is the labeling screen's: columns and item types. */
  constructor(schema) {
    this.columns = schema.columns;
    this.types = new Map(schema.item_types.map((type) => [type.value, type.label]));
    this.kinds = new Map(schema.header.map((spec) => [spec.name, spec.kind]));
    for (const spec of schema.columns) this.kinds.set(`line_items.${spec.name}`, spec.kind);
  }

  kindOf(name) {
    return this.kinds.get(name) ?? "row";
  }

  isCode(name) {
    return ["identifier", "date", "ndc", "procedure", "money", "quantity"].includes(this.kindOf(name));
  }

  /** The text of a value; "" for none. */
  text(name, value) {
    if (value === null || value === "") return "";
    if (name === "line_items") return this.#row(JSON.parse(value));
    return name === "line_items.type" ? (this.types.get(value) ?? value) : value;
  }

  #row(cells) {
    const sum = [cells.quantity, cells.unit_price].filter(Boolean).join(" × ");
    const amount = cells.total ? `${sum ? `${sum} = ` : ""}${cells.total}` : sum;
    const type = cells.type ? this.types.get(cells.type) : "";
    return [cells.description, cells.ndc_code, cells.cpt_code, type, amount].filter(Boolean).join(" · ") || "an empty row";
  }

  /** An element with the value; characters in which it differs from `other` are marked. */
  show(name, value, other = null) {
    const element = document.createElement("span");
    element.className = this.isCode(name) ? "value mono" : "value";
    const text = this.text(name, value);
    if (!text) {
      element.classList.add("value--none");
      element.textContent = name === "line_items" ? "no such row" : "not on the document";
      return element;
    }
    const beside = this.text(name, other);
    const segments = beside ? textDiff(text, beside)[0] : [{ text, differs: false }];
    element.append(...segments.map(segment));
    return element;
  }
}

function segment({ text, differs }) {
  const element = document.createElement(differs ? "mark" : "span");
  element.textContent = text;
  if (differs) element.className = "differs";
  return element;
}
