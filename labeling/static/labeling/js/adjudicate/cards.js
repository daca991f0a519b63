// The differences as cards: the one in hand is open, the others are a line each.

import { icon } from "../../../countersign/icon.js";
import { openCard } from "./open_card.js";

const WORDS = { a: "A", b: "B", machine: "Machine", other: "Other", absent: "Not on the document" };

export class Cards {
  constructor({ list, docket, values, config, acts }) {
    Object.assign(this, { list, docket, values, config, acts });
  }

  refresh() {
    const { docket } = this;
    this.list.replaceChildren(...docket.all.map((one, index) => this.#card(one, index)));
  }

  /** The open card, for the keys. */
  get open() {
    return this.list.querySelector(".card--open");
  }

  focus() {
    this.open?.focus({ preventScroll: true });
    this.open?.scrollIntoView({ block: "nearest" });
  }

  #card(one, index) {
    const { docket } = this;
    const item = document.createElement("li");
    item.className = "card";
    item.dataset.difference = one.id;
    item.dataset.state = one.choice ? "settled" : "open";
    if (index === docket.at) {
      item.classList.add("card--open");
      item.tabIndex = -1;
      item.setAttribute("aria-current", "true");
      item.append(...openCard({ one, index, docket, values: this.values, config: this.config, acts: this.acts }));
    } else {
      item.append(this.#line(one, index));
    }
    return item;
  }

  #line(one, index) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "card__line";
    button.tabIndex = -1;
    const name = document.createElement("strong");
    name.textContent = one.label;
    const content = document.createElement("span");
    content.className = "card__brief";
    if (one.choice) content.append(this.values.show(one.name, one.value));
    else content.append(this.values.show(one.name, one.a.value, one.b.value), " / ", this.values.show(one.name, one.b.value, one.a.value));
    button.append(icon(one.choice ? "confirmed" : "confirm"), name, content, stateWord(one));
    button.addEventListener("click", () => this.docket.go(index));
    return button;
  }
}

function stateWord(one) {
  const word = document.createElement("span");
  word.className = "card__state muted";
  word.textContent = one.by_itself ? "Format only" : one.choice ? WORDS[one.choice] : "Open";
  return word;
}
