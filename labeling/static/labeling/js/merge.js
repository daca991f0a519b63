// Two windows, one draft: what only one side changed is taken over, the rest is for the person to decide.

/**
 * Three-way merge. `base`, `theirs`: {cells, rows}; `mine`: {cells: Map key -> cell or null, rows or null}.
 * Answers {agreed: Set of keys where mine is what they have, conflicts: [{key, base, mine, theirs}], rows}; `rows` is the
 * merged order, null when it is theirs.
 */
export function mergeDrafts(base, mine, theirs) {
  const agreed = new Set();
  const conflicts = [];
  for (const [key, cell] of mine.cells) {
    const before = base.cells[key] ?? null;
    const there = theirs.cells[key] ?? null;
    if (sameCell(cell, there)) agreed.add(key);
    else if (!sameCell(before, there)) conflicts.push({ key, base: before, mine: cell, theirs: there });
  }
  const rows = mine.rows && !sameRows(mine.rows, theirs.rows) ? mergeRows(base.rows, mine.rows, theirs.rows) : null;
  return { agreed, conflicts, rows };
}

function sameCell(a, b) {
  if (a === null || b === null) return a === b;
  return (a.value ?? "") === (b.value ?? "") && (a.mark ?? null) === (b.mark ?? null) && Boolean(a.unsure) === Boolean(b.unsure);
}

function sameRows(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Their order with my additions behind the row they followed, without the rows that I took out. */
function mergeRows(base, mine, theirs) {
  if (theirs === null || sameRows(base, theirs)) return mine;
  const known = new Set(base ?? mine);
  const removed = new Set((base ?? []).filter((row) => !mine.includes(row)));
  const merged = theirs.filter((row) => !removed.has(row));
  mine.forEach((row, index) => {
    if (known.has(row) || merged.includes(row)) return;
    const before = mine.slice(0, index).findLast((candidate) => merged.includes(candidate));
    merged.splice(before === undefined ? 0 : merged.indexOf(before) + 1, 0, row);
  });
  return merged;
}
