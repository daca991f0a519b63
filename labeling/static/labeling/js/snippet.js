// A crop of the page image beside a value: where it was read, at a size that can be read.

const MARGIN = 3;
const LINE_PX = { least: 9, most: 17 };

/**
 * Paints the place into the element as a background crop. `places`: [{page, box}], all on the first one's page;
 * `pages`: Map number -> {width, height, image}. Without a place the element is empty.
 */
export function paintSnippet(element, places, pages, { width, height, whole = false }) {
  const page = places.length ? pages.get(places[0].page) : null;
  element.classList.toggle("snippet--empty", !page);
  if (!page) {
    element.style.backgroundImage = "";
    return null;
  }
  const box = boundsOn(places, places[0].page);
  const tall = (box[3] - box[1]) * page.height;
  const wide = (box[2] - box[0]) * page.width;
  const line = Math.max(...places.map((place) => (place.box[3] - place.box[1]) * page.height), 1);
  const fitting = Math.min((height - 2 * MARGIN) / tall, (width - 2 * MARGIN) / wide, LINE_PX.most / line);
  const scale = whole ? fitting : Math.max(fitting, LINE_PX.least / line);
  const left = box[0] * page.width * scale - MARGIN;
  const top = box[1] * page.height * scale - (height - tall * scale) / 2;
  element.style.backgroundImage = `url("${page.image}")`;
  element.style.backgroundSize = `${page.width * scale}px ${page.height * scale}px`;
  element.style.backgroundPosition = `${-left}px ${-top}px`;
  return { page: places[0].page, scale, left, top };
}

/** The box around all places on one page. */
export function boundsOn(places, page) {
  const boxes = places.filter((place) => place.page === page).map((place) => place.box);
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}
