// The header fields: label, value, the place on the page it was read from, its state in words, whether it is saved.

import { icon } from "../../countersign/icon.js";
import { CellInput } from "./cell_input.js";
import { SAVED, savedWords } from "./saved.js";
import { ICONS } from "./states.js";
import { paintSnippet } from "./snippet.js";

export class FieldList {
  /** `element` takes the rows; `specs` in reading order. */
  constructor({ element, specs, desk }) {
    this.desk = desk;
    this.rows = new Map(specs.map((spec) => [spec.name, buildRow(spec, desk)]));
    element.replaceChildren(...[...this.rows.values()].map((row) => row.element));
    this.snippets = new ResizeObserver(() => this.paintSnippets());
    this.snippets.observe(element);
  }

  input(key) {
    return this.rows.get(key)?.cell.input ?? null;
  }

  /** Shows states and values; `saved` answers pending | saved | "" for a key. */
  refresh(states, saved) {
    for (const [key, row] of this.rows) {
      const state = states.get(key);
      row.cell.refresh(state, saved(key));
      showState(row, state);
      showSaved(row.saved, saved(key));
    }
    this.paintSnippets();
  }

  paintSnippets() {
    const { draft, pages } = this.desk;
    if (!draft) return;
    for (const [key, row] of this.rows) {
      const { evidence } = draft.cell(key);
      const signature = JSON.stringify([evidence, row.snippet.clientWidth, pages.get(1)?.image]);
      if (row.painted === signature) continue;
      row.painted = signature;
      paintSnippet(row.snippet, evidence, pages, { width: row.snippet.clientWidth, height: row.snippet.clientHeight });
    }
  }
}

function buildRow(spec, desk) {
  const element = document.createElement("div");
  element.className = "field-row";
  element.dataset.name = spec.name;
  const label = document.createElement("label");
  label.className = "field-row__label";
  label.textContent = spec.label;
  label.title = spec.hint;
  const cell = new CellInput({ key: spec.name, spec, label: spec.label, desk });
  cell.input.id = `field-${spec.name.replace(".", "-")}`;
  label.htmlFor = cell.input.id;
  const snippet = document.createElement("div");
  snippet.className = "snippet snippet--empty";
  snippet.setAttribute("aria-hidden", "true");
  snippet.title = "As printed";
  const state = document.createElement("span");
  state.className = "state";
  const saved = document.createElement("span");
  saved.className = "saved";
  saved.setAttribute("aria-hidden", "true");
  element.append(label, cell.input, snippet, state, saved);
  return { element, cell, snippet, state, saved, painted: "" };
}

function showState(row, { state, word }) {
  row.element.dataset.state = state;
  if (row.state.dataset.word === word && row.state.dataset.state === state) return;
  row.state.dataset.word = word;
  row.state.dataset.state = state;
  const text = document.createElement("span");
  text.textContent = word;
  row.state.replaceChildren(icon(ICONS[state]), text);
}

/** For the eyes; a screen reader hears it with the value. */
function showSaved(element, state) {
  if (element.dataset.saved === state) return;
  element.dataset.saved = state;
  element.title = savedWords(state);
  element.replaceChildren(...(state ? [icon(SAVED[state].icon)] : []));
}
