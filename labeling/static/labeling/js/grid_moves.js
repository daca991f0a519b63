// Arrow keys in the grid. Alt+arrows always move to the next cell; plain left and right move the caret once a person
// edits inside a text, and leave the cell at its ends.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function moveInGrid(event, grid) {
  const { key } = event.target.dataset;
  if (!key || event.defaultPrevented || event.shiftKey || event.metaKey) return;
  if (event.key === "F2") {
    event.target.setSelectionRange(event.target.value.length, event.target.value.length);
    event.preventDefault();
    return;
  }
  if (event.ctrlKey) {
    if (event.key !== "Home" && event.key !== "End") return;
    const far = grid.order.length;
    go(grid, grid.neighbour(key, 0, event.key === "Home" ? -far : far), event);
    return;
  }
  const step = STEPS[event.key];
  if (!step || (step[0] && !event.altKey && staysInside(event.target, step[0]))) return;
  const target = grid.neighbour(key, ...step);
  if (target !== key) go(grid, target, event);
  else if (event.altKey) event.preventDefault();
}

function go(grid, key, event) {
  event.preventDefault();
  grid.input(key).focus();
}

function staysInside(input, across) {
  const { selectionStart: start, selectionEnd: end, value } = input;
  if (input.readOnly || value === "" || (start === 0 && end === value.length)) return false;
  return across < 0 ? start !== 0 || end !== 0 : start !== value.length || end !== value.length;
}
