// Batch verification: arrows move, X marks, E types, Enter confirms all but the marked. Nothing is sent before Enter.

import { icon } from "../../countersign/icon.js";
import { callApi } from "../../countersign/http.js";
import { toast } from "../../countersign/toast.js";

const STATES = {
  confirmed: ["untouched", "untouched", "Right"],
  corrected: ["confirm", "pencil", "Corrected"],
  wrong: ["invalid", "flag", "Wrong"],
};

const form = document.querySelector("[data-batch]");

class Batch {
  constructor(element) {
    this.element = element;
    this.cards = [...element.querySelectorAll("[data-card]")];
    this.busy = false;
    this.cards.forEach((card) => this.#bind(card));
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    document.addEventListener("keydown", (event) => this.#key(event));
    this.cards.forEach((card) => this.#show(card));
    this.#sum();
    markOf(this.cards[0]).focus();
  }

  #bind(card) {
    markOf(card).addEventListener("click", () => this.mark(card));
    const input = inputOf(card);
    input.addEventListener("input", () => this.#typed(card));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      input.value = input.defaultValue;
      this.#typed(card);
      markOf(card).focus();
    });
  }

  #typed(card) {
    card.dataset.verdict = inputOf(card).value.trim() === inputOf(card).defaultValue ? "confirmed" : "corrected";
    this.#changed(card);
  }

  mark(card) {
    const wasWrong = card.dataset.verdict === "wrong";
    inputOf(card).value = inputOf(card).defaultValue;
    card.dataset.verdict = wasWrong ? "confirmed" : "wrong";
    this.#changed(card);
  }

  #changed(card) {
    this.#show(card);
    this.#sum();
  }

  #show(card) {
    const { verdict } = card.dataset;
    const [state, name, word] = STATES[verdict];
    const chip = document.createElement("span");
    chip.className = `chip chip--${state}`;
    chip.append(icon(name), word);
    card.querySelector("[data-state]").replaceChildren(chip);
    markOf(card).setAttribute("aria-pressed", String(verdict === "wrong"));
  }

  #sum() {
    const { confirmed, corrected, wrong } = this.count();
    const parts = [`${confirmed} to confirm`];
    if (corrected) parts.push(`${corrected} corrected`);
    if (wrong) parts.push(`${wrong} marked as wrong`);
    this.element.querySelector("[data-sum]").textContent = parts.join(" · ");
    this.element.querySelector("[data-confirm-words]").textContent = wrong || corrected ? "Confirm all but the marked" : `Confirm all ${confirmed}`;
  }

  count() {
    const of = (verdict) => this.cards.filter((card) => card.dataset.verdict === verdict).length;
    return { confirmed: of("confirmed"), corrected: of("corrected"), wrong: of("wrong") };
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const card = event.target.closest?.("[data-card]");
    const inField = event.target.matches?.("input, select, textarea");
    if (event.key === "Enter" && (card || event.target === document.body)) {
      event.preventDefault();
      this.send();
      return;
    }
    if (!card || inField) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.#columns(card), ArrowDown: this.#columns(card) }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = this.cards[this.cards.indexOf(card) + step];
      if (next) markOf(next).focus();
    } else if (event.key.toLowerCase() === "x") {
      event.preventDefault();
      this.mark(card);
    } else if (event.key.toLowerCase() === "e") {
      event.preventDefault();
      inputOf(card).focus();
      inputOf(card).select();
    }
  }

  /** How many cards stand beside each other. */
  #columns(card) {
    const { top } = card.getBoundingClientRect();
    return Math.max([...card.parentElement.children].filter((other) => other.getBoundingClientRect().top === top).length, 1);
  }

  async send() {
    if (this.busy) return;
    this.busy = true;
    const values = this.cards.map((card) => ({
      document: Number(card.dataset.document),
      prediction: Number(card.dataset.prediction),
      verdict: card.dataset.verdict,
      value: card.dataset.verdict === "corrected" ? inputOf(card).value.trim() || null : null,
    }));
    try {
      const done = await callApi("POST", this.element.dataset.url, { field: this.element.dataset.field, values });
      sessionStorage.setItem("batch-said", sentence(done));
      location.assign(this.element.dataset.next || location.pathname);
    } catch (error) {
      toast(error.message, "invalid");
      this.busy = false;
    }
  }
}

function markOf(card) {
  return card.querySelector("[data-mark]");
}

function inputOf(card) {
  return card.querySelector("[data-typed]");
}

function sentence({ confirmed, corrected, marked, skipped }) {
  const parts = [`${confirmed} confirmed`];
  if (corrected) parts.push(`${corrected} corrected`);
  if (marked) parts.push(`${marked} sent to review`);
  if (skipped.length) parts.push(`${skipped.length} left out: ${skipped[0].reason}`);
  return `${parts.join(", ")}.`;
}

const said = sessionStorage.getItem("batch-said");
if (said) {
  sessionStorage.removeItem("batch-said");
  toast(said, "confirmed");
}
if (form) new Batch(form);
