// Rulings as precedents: what was decided for the same vendor and field, why, and the crop that it was decided by.

import { paintSnippet } from "./snippet.js";

const CROP = { width: 168, height: 26 };

/** A list of rulings, null when there are none. `textOf(field, value)` says a value as a person reads it. */
export function precedentList(rulings, textOf) {
  if (!rulings?.length) return null;
  const list = document.createElement("ul");
  list.className = "precedents";
  list.append(...rulings.map((ruling) => entry(ruling, textOf)));
  return list;
}

function entry(ruling, textOf) {
  const item = document.createElement("li");
  item.className = "precedent";
  const value = document.createElement("span");
  value.className = "precedent__value";
  value.textContent = precedentText(ruling, textOf);
  item.append(value);
  if (ruling.place) {
    const crop = document.createElement("span");
    crop.className = "snippet precedent__crop";
    crop.setAttribute("role", "img");
    crop.setAttribute("aria-label", `Printed in document ${ruling.place.document}`);
    const { image, page, box } = ruling.place;
    paintSnippet(crop, [{ page, box }], new Map([[page, image]]), CROP);
    item.append(crop);
  }
  const why = document.createElement("span");
  why.className = "precedent__why muted";
  why.textContent = [ruling.reason, `${ruling.author}, ${day(ruling.created_at)}`].filter(Boolean).join(" · ");
  item.append(why);
  return item;
}

/** What a ruling decided, in a few words. */
export function precedentText(ruling, textOf) {
  if (ruling.value === null) return ruling.field === "line_items" ? "the row does not count" : "not on the document";
  return textOf(ruling.field, ruling.value);
}

function day(instant) {
  return new Date(instant).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}
