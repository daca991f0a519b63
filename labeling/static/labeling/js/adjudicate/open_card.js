// The difference in hand: A, B and the machine's value with their crops, another value, nothing; cause, reason, precedents.

import { icon } from "../../../countersign/icon.js";
import { precedentList } from "../precedent_list.js";
import { otherForm } from "./other_form.js";

const CHOICES = [
  ["a", "A", "Label A"],
  ["b", "B", "Label B"],
  ["machine", "M", "Machine"],
];

/** The parts of the open card. `acts`: {choose, other, cause, group, guideline, point}. */
export function openCard({ one, docket, values, config, acts }) {
  const editable = docket.isOpen;
  const parts = [head(one, config, acts, editable)];
  const options = document.createElement("div");
  options.className = "options";
  options.setAttribute("role", "group");
  options.setAttribute("aria-label", `Values for ${one.label}`);
  for (const [choice, key, title] of CHOICES) options.append(option({ one, choice, key, title, values, acts, editable }));
  if (one.third !== null) options.append(thirdLabel(one, values));
  options.append(otherOption({ one, values, config, acts, editable }), absentOption(one, acts, editable));
  parts.push(options);
  if (editable) parts.push(foot(one, acts));
  else if (one.reason) parts.push(said(`Reason: ${one.reason}`));
  const known = knownOf(one, docket.case, values, acts);
  if (known) parts.push(known);
  return parts;
}

function head(one, config, acts, editable) {
  const element = document.createElement("div");
  element.className = "card__head";
  const name = document.createElement("h2");
  name.textContent = one.label;
  element.append(name);
  if (one.critical) element.append(said("critical", "card__critical muted small"));
  const label = document.createElement("label");
  label.className = "card__cause";
  const words = said("Cause", "muted small");
  const select = document.createElement("select");
  select.className = "input";
  select.dataset.cause = "";
  select.disabled = !editable;
  for (const { value, label: text } of config.causes) select.add(new Option(text, value, false, value === one.cause));
  select.title = one.cause === one.cause_typed ? "As the machine typed it" : "Corrected";
  select.addEventListener("change", () => acts.cause(select.value));
  label.append(words, select);
  element.append(label);
  return element;
}

function option({ one, choice, key, title, values, acts, editable }) {
  const side = one[choice];
  const missing = choice === "machine" && side.value === null;
  const button = optionButton(one, choice, key, title, editable && !missing);
  const beside = choice === "a" ? one.b.value : choice === "b" ? one.a.value : null;
  const value = missing ? said("nothing read", "value value--none") : values.show(one.name, side.value, beside);
  const crop = document.createElement("span");
  crop.className = "snippet option__crop";
  crop.dataset.crop = choice;
  button.append(value, crop);
  button.addEventListener("click", () => acts.choose(choice));
  button.addEventListener("pointerenter", () => acts.point(side.places));
  button.addEventListener("focus", () => acts.point(side.places));
  return button;
}

function otherOption({ one, values, config, acts, editable }) {
  const box = document.createElement("div");
  box.className = "options__other";
  const button = optionButton(one, "other", "O", "Other", editable);
  button.append(one.choice === "other" ? values.show(one.name, one.value) : said("enter another value", "value muted"));
  button.addEventListener("click", () => acts.other());
  box.append(button, otherForm({ one, schema: config.schema, values, take: (value) => acts.choose("other", value) }));
  return box;
}

function absentOption(one, acts, editable) {
  const button = optionButton(one, "absent", "X", one.name === "line_items" ? "The row does not count" : "Not on the document", editable);
  button.classList.add("option--plain");
  button.addEventListener("click", () => acts.choose("absent"));
  return button;
}

function optionButton(one, choice, key, title, enabled) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "option";
  button.dataset.choice = choice;
  button.tabIndex = -1;
  button.disabled = !enabled;
  button.setAttribute("aria-pressed", String(one.choice === choice));
  const cap = document.createElement("kbd");
  cap.textContent = key;
  button.append(cap, said(title, "option__title"));
  if (one.choice === choice) button.append(icon("confirmed"));
  return button;
}

function thirdLabel(one, values) {
  const line = document.createElement("p");
  line.className = "options__third";
  line.append(said("Third label", "option__title muted"), values.show(one.name, one.third));
  return line;
}

function foot(one, acts) {
  const element = document.createElement("div");
  element.className = "card__foot";
  const label = document.createElement("label");
  label.className = "card__reason";
  const input = document.createElement("input");
  Object.assign(input, { className: "input", maxLength: 1000, placeholder: "Why, for next time (optional)", value: one.reason });
  input.dataset.reason = "";
  const cap = document.createElement("kbd");
  cap.textContent = "R";
  const words = said("Reason", "visually-hidden");
  label.append(cap, words, input);
  element.append(label);
  if (one.alike > 0) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.dataset.group = "";
    const key = document.createElement("kbd");
    key.textContent = "G";
    button.append(icon("copies"), `${one.alike} more like this`, key);
    button.addEventListener("click", () => acts.group());
    element.append(button);
  }
  return element;
}

/** What was ruled before and what the guideline says; null when neither is there. */
function knownOf(one, found, values, acts) {
  const list = precedentList(found.precedents[one.name], (name, value) => values.text(name, value));
  const guideline = found.guidelines[one.name];
  const promote = one.ruling !== null;
  if (!list && !guideline && !promote) return null;
  const box = document.createElement("div");
  box.className = "card__known";
  if (list) box.append(said("Ruled before", "label small"), list);
  const row = document.createElement("div");
  row.className = "row";
  if (guideline) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small button--quiet";
    button.append(icon("file"), "Guideline");
    button.addEventListener("click", () => acts.guideline(guideline));
    row.append(button);
  }
  if (promote) row.append(promotion(one, acts.guidelineUrl(one.name)));
  if (row.children.length) box.append(row);
  return box;
}

function promotion(one, url) {
  const link = document.createElement("a");
  link.className = "button button--small button--quiet";
  link.href = `${url}?ruling=${one.ruling}`;
  link.target = "_blank";
  link.append(icon("plus"), "Put this ruling into the guideline");
  return link;
}

function said(text, className = "") {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}
