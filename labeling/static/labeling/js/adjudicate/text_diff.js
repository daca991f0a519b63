// Which characters of two texts differ: the longest common run of characters stays, the rest is marked.

const LONGEST = 400;
const RELATED = 0.5;

/**
 * [segments of `left`, segments of `right`], each [{text, differs}]. Long texts are compared from both ends only; texts with
 * less than half of their characters in common are simply two texts, and nothing in them is marked.
 */
export function textDiff(left, right) {
  let start = 0;
  const shorter = Math.min(left.length, right.length);
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const middles = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  const [before, after] = [left.slice(0, start), left.slice(left.length - end)];
  const marked = middles.every((text) => text.length <= LONGEST) ? commonRuns(...middles) : middles.map((text) => [{ text, differs: true }]);
  const common = start + end + marked[0].reduce((sum, { text, differs }) => sum + (differs ? 0 : text.length), 0);
  if (2 * common < RELATED * (left.length + right.length)) return [left, right].map((text) => [{ text, differs: false }]);
  return marked.map((segments) => joined([{ text: before, differs: false }, ...segments, { text: after, differs: false }]));
}

function commonRuns(left, right) {
  const width = right.length + 1;
  const table = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const skip = Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
      table[i * width + j] = left[i] === right[j] ? table[(i + 1) * width + j + 1] + 1 : skip;
    }
  }
  const segments = [[], []];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      segments[0].push({ text: left[i], differs: false });
      segments[1].push({ text: right[j], differs: false });
      i += 1;
      j += 1;
    } else if (j === right.length || (i < left.length && table[(i + 1) * width + j] >= table[i * width + j + 1])) {
      segments[0].push({ text: left[i], differs: true });
      i += 1;
    } else {
      segments[1].push({ text: right[j], differs: true });
      j += 1;
    }
  }
  return segments;
}

function joined(segments) {
  const found = [];
  for (const { text, differs } of segments) {
    if (!text) continue;
    if (found.length && found.at(-1).differs === differs) found.at(-1).text += text;
    else found.push({ text, differs });
  }
  return found;
}
