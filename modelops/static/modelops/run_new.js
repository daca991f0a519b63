// A new run: what differs from the preset is marked, and whenever something changes the preflight is asked for again. What was confirmed
// stays confirmed as long as it is still asked about. (The form has a field named "dataset", so its attributes are asked for by name.)

import { csrfToken } from "../countersign/http.js";

const PAUSE = 500;

class NewRun {
  constructor(form) {
    this.form = form;
    this.panel = form.querySelector("[data-panel]");
    this.button = form.querySelector("[data-start]");
    this.label = form.querySelector("[data-start-label]");
    this.why = form.querySelector("[data-start-why]");
    this.confirmed = new Set(this.codes());
    this.turn = 0;
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("submit", (event) => this.sent(event));
    form.querySelector("[data-check]").addEventListener("click", (event) => {
      event.preventDefault();
      this.ask();
    });
    this.mark();
    this.offer();
    (form.querySelector(".new__row [aria-invalid]") || form.querySelector("#dataset[aria-invalid]"))?.focus();
  }

  codes() {
    return [...this.panel.querySelectorAll('input[name="confirm"]:checked')].map((box) => box.value);
  }

  changed(field) {
    if (field.name === "note" || field.name === "sweep-name") return;
    if (field.name === "confirm") {
      if (field.checked) this.confirmed.add(field.value);
      else this.confirmed.delete(field.value);
      this.offer();
      return;
    }
    this.mark();
    this.panel.toggleAttribute("data-stale", true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /** Marks what differs from the preset. */
  mark() {
    for (const input of this.form.querySelectorAll("[data-counts]")) {
      const value = input.type === "checkbox" ? (input.checked ? "1" : "") : input.value.trim();
      const differs = value !== input.dataset.counts && !(value !== "" && Number(value) === Number(input.dataset.counts));
      input.toggleAttribute("data-changed", differs);
      input.closest(".new__value").querySelector("[data-was]").hidden = !differs;
    }
  }

  async ask() {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    this.panel.toggleAttribute("data-stale", true);
    try {
      const answer = await fetch(this.form.getAttribute("data-preflight"), {
        method: "POST",
        body: new FormData(this.form),
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const told = await answer.json();
      if (turn !== this.turn) return;
      this.show(told);
    } catch {
      if (turn === this.turn) this.why.textContent = "The preflight cannot be asked for just now: the server does not answer. What you typed is kept; look again in a moment.";
    }
  }

  show({ html, problems }) {
    const open = new Set([...this.panel.querySelectorAll("details[open] > summary")].map((one) => one.textContent));
    const at = this.panel.scrollTop;
    const focused = document.activeElement?.name === "confirm" ? document.activeElement.value : null;
    this.panel.innerHTML = html;
    for (const summary of this.panel.querySelectorAll("details > summary")) summary.parentElement.open = open.has(summary.textContent);
    for (const box of this.panel.querySelectorAll('input[name="confirm"]')) {
      box.checked = this.confirmed.has(box.value);
      if (box.value === focused) box.focus({ preventScroll: true });
    }
    this.panel.scrollTop = at;
    this.panel.removeAttribute("data-stale");
    for (const row of this.form.querySelectorAll("[data-row]")) {
      const message = problems[row.dataset.row] || "";
      row.classList.toggle("new__row--invalid", message !== "");
      const place = row.querySelector("[data-problem]");
      place.hidden = message === "";
      place.querySelector("span").textContent = message;
      const input = row.querySelector("[name]");
      if (message) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    this.offer();
  }

  /** The button says what it does, and why it does not. */
  offer() {
    const state = this.panel.querySelector("[data-runs]");
    const runs = Number(state?.dataset.runs || 0);
    const boxes = [...this.panel.querySelectorAll('input[name="confirm"]')];
    const left = boxes.filter((box) => !box.checked).length;
    this.label.textContent = runs > 1 ? `Start ${runs} runs` : "Start the run";
    if (!state) this.why.textContent = "Put the marked fields right first.";
    else if (Number(state.dataset.refused)) this.why.textContent = "It cannot start; the reasons stand above.";
    else if (left) this.why.textContent = `${left} ${left === 1 ? "point has" : "points have"} to be confirmed first.`;
    else this.why.textContent = boxes.length ? "All points are confirmed." : "";
    this.button.disabled = !state || Number(state.dataset.refused) > 0 || left > 0;
  }

  /** A form is sent once, and with Enter it is looked at, not started. */
  sent(event) {
    if (event.submitter !== this.button || this.button.disabled) {
      event.preventDefault();
      this.ask();
      return;
    }
    if (this.sending) event.preventDefault();
    this.sending = true;
  }
}

new NewRun(document.querySelector("[data-new-run]"));
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
