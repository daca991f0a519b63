// A crop of the page image beside a value: where it was read, at a size that can be read.

const MARGIN = 3;
const LINE_PX = { least: 10, most: 17 };
const VEIL = "rgb(255 255 255 / 72%)";

/**
 * Paints the place into the element as a background crop. `places`: [{page, box}], all on the first one's page;
 * `pages`: Map number -> {width, height, image}. What does not fit at a readable size is cut off around `own`, the places
 * that matter most. Without a place the element is empty. Answers {page, scale, left, top} of the crop, or null.
 */
export function paintSnippet(element, places, pages, { width, height, own = [] }) {
  const page = places.length ? pages.get(places[0].page) : null;
  element.classList.toggle("snippet--empty", !page);
  if (!page) {
    element.style.backgroundImage = "";
    return null;
  }
  const box = boundsOn(places, page.number);
  const line = Math.max(...places.map((place) => (place.box[3] - place.box[1]) * page.height), 1);
  const tall = (box[3] - box[1]) * page.height;
  const wide = (box[2] - box[0]) * page.width;
  const fitting = Math.min((height - 2 * MARGIN) / tall, (width - 2 * MARGIN) / wide, LINE_PX.most / line);
  const scale = Math.max(fitting, LINE_PX.least / line);
  const middle = own.length && own[0].page === page.number ? boundsOn(own, page.number) : null;
  const across = { first: box[0], last: box[2], middle: middle && (middle[0] + middle[2]) / 2, full: page.width * scale, room: width };
  const down = { first: box[1], last: box[3], middle: middle && (middle[1] + middle[3]) / 2, full: page.height * scale, room: height };
  const left = wide * scale <= width ? box[0] * across.full - MARGIN : cut(across);
  const top = tall * scale <= height ? ((box[1] + box[3]) / 2) * down.full - height / 2 : cut(down);
  const fades = [
    fade("right", box[0] * across.full - left, box[2] * across.full - left),
    fade("bottom", box[1] * down.full - top, box[3] * down.full - top),
  ];
  element.style.backgroundImage = [...fades, `url("${page.image}")`].join(", ");
  element.style.backgroundSize = `auto, auto, ${page.width * scale}px ${page.height * scale}px`;
  element.style.backgroundPosition = `0 0, 0 0, ${-left}px ${-top}px`;
  return { page: page.number, scale, left, top };
}

/** What is printed around the value steps back: a veil before `from` and after `to`, in pixels of the crop. */
function fade(side, from, to) {
  const [begin, end] = [from - MARGIN, to + MARGIN];
  return `linear-gradient(to ${side}, ${VEIL} ${begin}px, transparent ${begin}px ${end}px, ${VEIL} ${end}px)`;
}

/** Where the crop begins along one axis: at the value itself, or with `middle` in its middle. */
function cut({ first, last, middle, full, room }) {
  const begin = first * full - MARGIN;
  if (middle === null) return begin;
  return Math.min(Math.max(middle * full - room / 2, begin), last * full + MARGIN - room);
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
