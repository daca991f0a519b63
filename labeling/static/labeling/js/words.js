// The words of the document's pages: which one lies under a point, which lie in a lasso, where a text stands.
// Points and boxes are fractions of the upright page.

import { textKey } from "./normalise.js";

const REACH = 0.004;
const MAX_RUN = 12;

export class Words {
  /** `pages`: [{number, words: [[text, x0, y0, x1, y1, line, confidence]]}], lines and words in reading order. */
  constructor(pages) {
    this.pages = new Map(pages.map((page) => [page.number, page.words.map(fromRow)]));
  }

  /** The word under a point, else one within reach, else null. */
  at(page, x, y) {
    let nearest = null;
    for (const word of this.pages.get(page) ?? []) {
      const dx = Math.max(word.x0 - x, 0, x - word.x1);
      const dy = Math.max(word.y0 - y, 0, y - word.y1);
      const distance = Math.hypot(dx, dy);
      if (distance <= REACH && (nearest === null || distance < nearest.distance)) nearest = { word, distance };
    }
    return nearest?.word ?? null;
  }

  /** Words whose middle lies in the box, by line, in reading order. */
  linesIn(page, box) {
    const lines = new Map();
    for (const word of this.pages.get(page) ?? []) {
      const x = (word.x0 + word.x1) / 2;
      const y = (word.y0 + word.y1) / 2;
      if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue;
      if (!lines.has(word.line)) lines.set(word.line, []);
      lines.get(word.line).push(word);
    }
    return [...lines.keys()].sort((a, b) => a - b).map((line) => lines.get(line));
  }

  /** Places where the text stands as whole words of one line, at most `limit`. */
  find(text, limit = 20) {
    const wanted = textKey(text);
    const places = [];
    if (wanted.length < 2) return places;
    for (const [page, words] of this.pages) {
      for (let start = 0; start < words.length && places.length < limit; start += 1) {
        const run = runFrom(words, start, wanted);
        if (run) places.push({ page, box: around(run) });
      }
    }
    return places;
  }
}

function runFrom(words, start, wanted) {
  let key = "";
  for (let end = start; end < words.length && end < start + MAX_RUN && words[end].line === words[start].line; end += 1) {
    key += words[end].key;
    if (key === wanted) return words.slice(start, end + 1);
    if (!wanted.startsWith(key)) return null;
  }
  return null;
}

function fromRow([text, x0, y0, x1, y1, line]) {
  return { text, x0, y0, x1, y1, line, key: textKey(text) };
}

/** The smallest box [x0, y0, x1, y1] around words. */
export function around(words) {
  return [
    Math.min(...words.map((word) => word.x0)),
    Math.min(...words.map((word) => word.y0)),
    Math.max(...words.map((word) => word.x1)),
    Math.max(...words.map((word) => word.y1)),
  ];
}

/** Lines of words as one text and its places, one box for each line. */
export function readLines(page, lines) {
  return {
    text: lines.map((words) => words.map((word) => word.text).join(" ")).join(" "),
    evidence: lines.map((words) => ({ page, box: around(words) })),
  };
}
