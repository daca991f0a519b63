// One page on the desk: its image, turned as the person likes, and the marks on it.

const QUARTER = 90;

export class PageSheet {
  constructor(page) {
    this.page = page;
    this.turn = 0;
    this.element = document.createElement("div");
    this.element.className = "sheet";
    this.element.dataset.page = page.number;
    this.inner = document.createElement("div");
    this.inner.className = "sheet__turn";
    this.image = new Image();
    this.image.className = "sheet__image";
    this.image.alt = `Page ${page.number}`;
    this.image.draggable = false;
    this.image.decoding = "async";
    this.image.loading = page.number === 1 ? "eager" : "lazy";
    this.image.src = page.image;
    this.image.addEventListener("error", () => this.element.classList.add("sheet--missing"));
    this.inner.append(this.image);
    this.element.append(this.inner);
  }

  get ratio() {
    const { width, height } = this.page;
    return this.turn % 180 ? width / height : height / width;
  }

  rotate() {
    this.turn = (this.turn + QUARTER) % 360;
  }

  /** Lays the sheet out `width` CSS pixels wide. */
  layOut(width) {
    const height = width * this.ratio;
    const [innerWidth, innerHeight] = this.turn % 180 ? [height, width] : [width, height];
    Object.assign(this.element.style, { width: `${width}px`, height: `${height}px` });
    Object.assign(this.inner.style, {
      width: `${innerWidth}px`,
      height: `${innerHeight}px`,
      left: `${(width - innerWidth) / 2}px`,
      top: `${(height - innerHeight) / 2}px`,
      transform: this.turn ? `rotate(${this.turn}deg)` : "",
    });
  }

  /** The point of the page, in fractions, under a pointer. */
  pointAt(clientX, clientY) {
    const frame = this.element.getBoundingClientRect();
    const across = (clientX - frame.left) / frame.width;
    const down = (clientY - frame.top) / frame.height;
    return { 0: [across, down], 90: [down, 1 - across], 180: [1 - across, 1 - down], 270: [1 - down, across] }[this.turn];
  }

  /** Where a box of the page lies on the sheet: {left, top, right, bottom} in CSS pixels of the sheet. */
  onSheet([x0, y0, x1, y1]) {
    const corners = {
      0: [x0, y0, x1, y1],
      90: [1 - y1, x0, 1 - y0, x1],
      180: [1 - x1, 1 - y1, 1 - x0, 1 - y0],
      270: [y0, 1 - x1, y1, 1 - x0],
    }[this.turn];
    const { offsetWidth: width, offsetHeight: height } = this.element;
    return { left: corners[0] * width, top: corners[1] * height, right: corners[2] * width, bottom: corners[3] * height };
  }

  /** Replaces the marks of a class: "mark--field", "mark--known", "mark--word", "mark--lasso". */
  mark(kind, boxes) {
    for (const old of this.inner.querySelectorAll(`.${kind}`)) old.remove();
    for (const [x0, y0, x1, y1] of boxes) {
      const mark = document.createElement("div");
      mark.className = `mark ${kind}`;
      Object.assign(mark.style, { left: `${x0 * 100}%`, top: `${y0 * 100}%`, width: `${(x1 - x0) * 100}%`, height: `${(y1 - y0) * 100}%` });
      this.inner.append(mark);
    }
  }
}
