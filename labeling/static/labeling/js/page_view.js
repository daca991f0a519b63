// The page view: pages below each other, zoom, turning, and following the field that has the focus.

import { PageSheet } from "./page_sheet.js";
import { boundsOn } from "./snippet.js";

const GAP = 12;
const ZOOM_STEP = 1.25;
const ZOOM_LIMITS = [0.25, 6];
const CLOSE_UP = 28;
const LONGEST = 1.5;
const SHARP = 0.9;

/** Emits "view" after every change of zoom, page or freezing. */
export class PageView extends EventTarget {
  /** `viewport` scrolls, `strip` takes the page buttons. */
  constructor({ viewport, strip }) {
    super();
    Object.assign(this, { viewport, strip });
    this.sheets = new Map();
    this.places = [];
    this.zoom = 1;
    this.frozen = false;
    new ResizeObserver(() => this.layOut()).observe(viewport);
    viewport.addEventListener("scroll", () => this.#markStrip(), { passive: true });
    viewport.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  open(pages) {
    this.sheets = new Map(pages.map((page) => [page.number, new PageSheet(page)]));
    this.places = [];
    this.viewport.replaceChildren(...[...this.sheets.values()].map((sheet) => sheet.element));
    this.zoom = 1;
    this.#buildStrip(pages);
    this.layOut();
    this.viewport.scrollTo(0, 0);
    this.#tell();
  }

  layOut() {
    const width = this.#fitWidth() * this.zoom;
    for (const sheet of this.sheets.values()) sheet.layOut(width);
    this.#markStrip();
  }

  /** The width of a page at 100 %: that of the view; less for small or long narrow paper, whose print would be huge. */
  #fitWidth() {
    const room = Math.max(this.viewport.clientWidth - 2 * GAP, 100);
    const [first] = this.sheets.values();
    return first ? Math.min(room, (room * LONGEST) / first.ratio, first.page.width * SHARP) : room;
  }

  /** The number of the page in the middle of the view. */
  get current() {
    const middle = this.viewport.scrollTop + this.viewport.clientHeight / 2;
    let current = 1;
    for (const [number, sheet] of this.sheets) if (sheet.element.offsetTop <= middle) current = number;
    return current;
  }

  zoomBy(steps, focus = null) {
    this.#zoomTo(this.zoom * ZOOM_STEP ** steps, focus);
  }

  fitWidth() {
    this.#zoomTo(1);
  }

  fitPage() {
    const sheet = this.sheets.get(this.current);
    this.#zoomTo((this.viewport.clientHeight - 2 * GAP) / (this.#fitWidth() * sheet.ratio), [0, 0]);
    this.goTo(sheet.page.number);
  }

  #zoomTo(zoom, focus = null) {
    const view = this.viewport;
    const [x, y] = focus ?? [view.clientWidth / 2, view.clientHeight / 2];
    const before = this.zoom;
    this.zoom = Math.min(Math.max(zoom, ZOOM_LIMITS[0]), ZOOM_LIMITS[1]);
    const factor = this.zoom / before;
    const left = (view.scrollLeft + x) * factor - x;
    const top = (view.scrollTop + y) * factor - y;
    this.layOut();
    view.scrollTo(left, top);
    if (!focus) this.#follow();
    this.#tell();
  }

  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const frame = this.viewport.getBoundingClientRect();
    this.zoomBy(-Math.sign(event.deltaY) / 2, [event.clientX - frame.left, event.clientY - frame.top]);
  }

  rotate() {
    this.sheets.get(this.current)?.rotate();
    this.layOut();
    this.#follow();
    this.#tell();
  }

  goTo(number) {
    const sheet = this.sheets.get(Math.min(Math.max(number, 1), this.sheets.size));
    if (sheet) this.viewport.scrollTo({ top: sheet.element.offsetTop - GAP });
  }

  scrollBy(screens) {
    this.viewport.scrollBy({ top: this.viewport.clientHeight * 0.85 * screens });
  }

  freeze(frozen = !this.frozen) {
    this.frozen = frozen;
    this.#tell();
  }

  /** Marks where every value was read, thinly. */
  showKnown(places) {
    for (const [number, sheet] of this.sheets) {
      sheet.mark("mark--known", places.filter((place) => place.page === number).map((place) => place.box));
    }
  }

  /** Marks the places of the field with the focus and brings them into view, unless frozen. */
  show(places) {
    for (const [number, sheet] of this.sheets) {
      sheet.mark("mark--field", places.filter((place) => place.page === number).map((place) => place.box));
    }
    this.places = places;
    this.#follow();
  }

  /** As `show`, also while the page is held still: somebody asked for it. */
  point(places) {
    this.show(places);
    if (this.frozen) this.#bringIntoView(places);
  }

  #follow() {
    if (this.places.length && !this.frozen) this.#bringIntoView(this.places);
  }

  #bringIntoView(places) {
    const sheet = this.sheets.get(places[0].page);
    if (!sheet) return;
    const box = sheet.onSheet(boundsOn(places, places[0].page));
    const view = this.viewport;
    const top = sheet.element.offsetTop + box.top;
    const bottom = sheet.element.offsetTop + box.bottom;
    const left = sheet.element.offsetLeft + box.left;
    const right = sheet.element.offsetLeft + box.right;
    const target = {};
    if (top < view.scrollTop + CLOSE_UP || bottom > view.scrollTop + view.clientHeight - CLOSE_UP) {
      target.top = top - view.clientHeight * 0.35;
    }
    if (left < view.scrollLeft + CLOSE_UP || right > view.scrollLeft + view.clientWidth - CLOSE_UP) {
      target.left = Math.min(left - CLOSE_UP, (left + right - view.clientWidth) / 2);
    }
    view.scrollTo(target);
  }

  #buildStrip(pages) {
    this.strip.hidden = pages.length < 2;
    delete this.strip.dataset.current;
    this.strip.replaceChildren(
      ...(pages.length < 2 ? [] : pages).map((page) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "strip__page";
        button.tabIndex = -1;
        button.dataset.page = page.number;
        const thumb = new Image();
        thumb.loading = "lazy";
        thumb.alt = "";
        thumb.src = page.image;
        const label = document.createElement("span");
        label.textContent = page.number;
        button.setAttribute("aria-label", `Page ${page.number} of ${pages.length}`);
        button.append(thumb, label);
        button.addEventListener("click", () => this.goTo(page.number));
        return button;
      }),
    );
  }

  #markStrip() {
    const { current } = this;
    if (this.strip.dataset.current === String(current)) return;
    this.strip.dataset.current = current;
    for (const button of this.strip.children) {
      if (Number(button.dataset.page) === current) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("view"));
  }
}

/** Tells the zoom, whether the page is held, and which page it is, in the parts of that name of `templates/labeling/page_tools.html`. */
export function tellView(view, parts) {
  view.addEventListener("view", () => {
    parts.zoom.textContent = `${Math.round(view.zoom * 100)} %`;
    parts.frozen.setAttribute("aria-pressed", String(view.frozen));
    parts.place.textContent = view.sheets.size > 1 ? `Page ${view.current} of ${view.sheets.size}` : "1 page";
  });
}
