// The row in hand as it is printed: a strip of the page image above the line items.

import { boundsOn, paintSnippet } from "./snippet.js";

const PAD = 0.004;

export class Lens {
  constructor({ element, desk }) {
    Object.assign(this, { element, desk });
    this.mark = document.createElement("div");
    this.mark.className = "lens__mark";
    element.append(this.mark);
    this.signature = "";
    new ResizeObserver(() => this.refresh()).observe(element);
  }

  refresh() {
    const { desk, element } = this;
    const row = desk.draft && desk.focus ? desk.schema.rowOf(desk.focus) : null;
    const places = row === null ? [] : desk.placesOfRow(row);
    const own = row === null ? [] : desk.draft.cell(desk.focus).evidence;
    const signature = JSON.stringify([places, own, element.clientWidth, desk.session?.task.id]);
    if (signature === this.signature) return;
    this.signature = signature;
    const width = element.clientWidth;
    const height = element.clientHeight;
    const painted = paintSnippet(element, padded(places), desk.pages, { width, height, own });
    this.mark.hidden = !painted || own.length === 0 || own[0].page !== painted.page;
    if (this.mark.hidden) return;
    const page = desk.pages.get(painted.page);
    const [x0, y0, x1, y1] = boundsOn(own, painted.page);
    Object.assign(this.mark.style, {
      left: `${x0 * page.width * painted.scale - painted.left - 2}px`,
      top: `${y0 * page.height * painted.scale - painted.top - 2}px`,
      width: `${(x1 - x0) * page.width * painted.scale + 4}px`,
      height: `${(y1 - y0) * page.height * painted.scale + 4}px`,
    });
  }
}

function padded(places) {
  const clip = (value) => Math.min(Math.max(value, 0), 1);
  return places.map(({ page, box }) => ({ page, box: box.map((side, index) => clip(index < 2 ? side - PAD : side + PAD)) }));
}
