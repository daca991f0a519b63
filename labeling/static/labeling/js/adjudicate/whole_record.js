// The whole record, row by row: what both labels have, and what the machine read.

/** Builds the table into `element`. `open(difference id)` shows a difference. */
export function showRecord(element, found, values, open) {
  const table = document.createElement("table");
  table.className = "table whole";
  const caption = document.createElement("caption");
  caption.className = "visually-hidden";
  caption.textContent = "Both labels and the machine's values";
  const head = table.createTHead().insertRow();
  for (const text of ["Field", "A", "B", "Machine"]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = text;
    head.append(cell);
  }
  table.prepend(caption);
  const body = table.createTBody();
  let row = null;
  for (const field of found.record) {
    if (field.row !== row) body.append(rowHead(field.row));
    row = field.row;
    if (field.a === null && field.b === null && field.machine === null) continue;
    body.append(line(field, values, open));
  }
  element.replaceChildren(table);
}

function rowHead(row) {
  const element = document.createElement("tr");
  const cell = document.createElement("th");
  cell.colSpan = 4;
  cell.scope = "rowgroup";
  cell.textContent = `Row ${row + 1}`;
  element.append(cell);
  return element;
}

function line(field, values, open) {
  const element = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = field.label.replace("Line item: ", "");
  element.append(name);
  const differs = field.difference !== null;
  if (differs) element.className = "whole__differs";
  const sides = [
    [field.a, differs ? field.b : null],
    [field.b, differs ? field.a : null],
    [field.machine, null],
  ];
  for (const [value, other] of sides) {
    const cell = element.insertCell();
    if (value === null) cell.append("–");
    else cell.append(values.show(field.name, value, other));
  }
  if (differs) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small button--quiet";
    button.textContent = name.textContent;
    button.addEventListener("click", () => open(field.difference));
    name.replaceChildren(button);
  }
  return element;
}
