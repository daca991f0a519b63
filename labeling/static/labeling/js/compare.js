// The three-way compare: what it was, what is mine, what is theirs. M and T choose, Enter takes it.

const SIDES = ["mine", "theirs"];

/**
 * Shows `entries`: [{key, label, base, mine, theirs}] with texts or null. With `choose` it answers a Map key -> "mine" or
 * "theirs" (mine when the dialog is left: nothing typed is lost); without, it only shows and answers null.
 */
export function compare(dialog, { title, lead, mineName, theirsName, entries, choose, action }) {
  dialog.querySelector("[data-title]").textContent = title;
  dialog.querySelector("[data-lead]").textContent = lead;
  dialog.querySelector("[data-mine]").textContent = mineName;
  dialog.querySelector("[data-theirs]").textContent = theirsName;
  dialog.querySelector("[data-action]").textContent = action;
  dialog.querySelector("[data-hint]").hidden = !choose;
  const table = dialog.querySelector("table");
  table.hidden = entries.length === 0;
  const rows = entries.map((entry, index) => buildRow(entry, index, choose));
  dialog.querySelector("tbody").replaceChildren(...rows);
  const keys = (event) => chooseByKey(event, rows);
  dialog.addEventListener("keydown", keys);
  dialog.showModal();
  (rows[0]?.querySelector("input") ?? dialog.querySelector("[data-action]")).focus();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        dialog.removeEventListener("keydown", keys);
        resolve(choose ? new Map(entries.map((entry, index) => [entry.key, rows[index].querySelector("input:checked").value])) : null);
      },
      { once: true },
    );
  });
}

function buildRow(entry, index, choose) {
  const row = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = entry.label;
  const base = document.createElement("td");
  base.append(textOf(entry.base));
  row.append(name, base);
  for (const side of SIDES) {
    const cell = document.createElement("td");
    if (!choose) {
      cell.append(textOf(entry[side]));
    } else {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      Object.assign(radio, { type: "radio", name: `choice-${index}`, value: side, checked: side === "mine" });
      label.append(radio, textOf(entry[side]));
      cell.append(label);
    }
    row.append(cell);
  }
  return row;
}

function textOf(text) {
  const element = document.createElement("span");
  element.textContent = text || "empty";
  if (!text) element.className = "muted";
  return element;
}

function chooseByKey(event, rows) {
  const side = { m: "mine", t: "theirs" }[event.key.toLowerCase()];
  const row = event.target.closest("tr");
  if (!side || !row || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  row.querySelector(`input[value="${side}"]`).checked = true;
  const next = rows[rows.indexOf(row) + 1];
  const stop = next?.querySelector("input:checked") ?? event.currentTarget.querySelector("[data-action]");
  stop.focus();
}
