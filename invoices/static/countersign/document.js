// The page of one document: marks on its pages, and a look whether it has been read meanwhile.

import { callApi } from "./http.js";
import { toast } from "./toast.js";

const SVG = "http://www.w3.org/2000/svg";
const sheets = new Map([...document.querySelectorAll(".sheet")].map((sheet) => [Number(sheet.dataset.page), sheet]));
const valued = [...document.querySelectorAll("[data-places]")].map((element) => ({ element, places: JSON.parse(element.dataset.places) }));

function mark(page, [x0, y0, x1, y1], className, title) {
  const svg = sheets.get(page)?.querySelector(".sheet__marks");
  if (!svg) return null;
  const rect = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0, class: className })) rect.setAttribute(name, value);
  if (title) {
    const text = document.createElementNS(SVG, "title");
    text.textContent = title;
    rect.append(text);
  }
  svg.append(rect);
  return rect;
}

function clearMarks() {
  for (const svg of document.querySelectorAll(".sheet__marks")) svg.replaceChildren();
}

function showEvidence() {
  for (const { element, places } of valued) {
    for (const place of places) mark(place.page, place.box, "mark", element.dataset.path);
  }
}

async function showWords() {
  const id = location.pathname.match(/\d+/)[0];
  try {
    const { pages } = await callApi("GET", `/api/v1/documents/${id}/words/`);
    for (const page of pages) for (const [text, x0, y0, x1, y1] of page.words) mark(page.number, [x0, y0, x1, y1], "mark--word", text);
  } catch (error) {
    toast(`The words could not be loaded. ${error.message}`, "invalid");
  }
}

const OVERLAYS = { evidence: showEvidence, words: showWords, none: () => {} };
let overlay = "evidence";

document.querySelector("[data-overlay-choice]")?.addEventListener("change", (event) => {
  overlay = event.target.value;
  clearMarks();
  OVERLAYS[overlay]();
});

function pointAt({ element, places }) {
  for (const rect of document.querySelectorAll(".mark--now")) rect.remove();
  const rects = places.map((place) => mark(place.page, place.box, "mark--now", element.dataset.path)).filter(Boolean);
  const sheet = rects[0]?.closest(".sheet");
  if (!sheet) return;
  const frame = document.querySelector(".document__pages");
  const top = sheet.offsetTop + places[0].box[1] * sheet.offsetHeight;
  if (top < frame.scrollTop + 64 || top > frame.scrollTop + frame.clientHeight - 64) frame.scrollTo({ top: top - frame.clientHeight / 3 });
}

for (const entry of valued) {
  if (!entry.places.length) continue;
  for (const name of ["mouseenter", "focus"]) entry.element.addEventListener(name, () => pointAt(entry));
}

showEvidence();

const awaited = document.querySelector("[data-awaits]");
if (awaited) {
  const look = async () => {
    if (document.hidden) return;
    try {
      const response = await fetch(`${awaited.dataset.rowsUrl}?ids=${awaited.dataset.awaits}`, {
        headers: { "X-Countersign-Background": "1" },
        credentials: "same-origin",
      });
      if (response.ok && !response.redirected && !(await response.text()).includes("data-unfinished")) location.reload();
    } catch {
      // The server is away; the next look asks again.
    }
  };
  setInterval(look, 2500);
}
