// Small questions: why a document is skipped, for how long it is postponed. Number keys choose.

/** Opens a dialog whose form has radio buttons; answers its data as an object, null when it was left. */
export function ask(dialog) {
  const form = dialog.querySelector("form");
  form.reset();
  update(form);
  dialog.showModal();
  form.querySelector("input[type=radio]").focus();
  return new Promise((resolve) => {
    const done = () => {
      dialog.removeEventListener("keydown", keys);
      form.removeEventListener("change", changed);
      resolve(dialog.returnValue === "yes" ? Object.fromEntries(new FormData(form)) : null);
    };
    const changed = () => update(form);
    const keys = (event) => choose(event, form);
    dialog.returnValue = "";
    dialog.addEventListener("keydown", keys);
    form.addEventListener("change", changed);
    dialog.addEventListener("close", done, { once: true });
  });
}

/** A choice may need a text or number beside it: data-needs names that input. */
function update(form) {
  const chosen = form.querySelector("input[type=radio]:checked");
  for (const input of form.querySelectorAll("[data-needed-by]")) {
    const needed = chosen?.value === input.dataset.neededBy;
    input.required = needed;
    input.closest("[data-extra]").hidden = !needed && input.dataset.always !== "true";
  }
}

function choose(event, form) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("textarea, input[type=number], input[type=text]")) return;
  const radio = /^[1-9]$/.test(event.key) && form.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
  if (!radio) return;
  event.preventDefault();
  radio.checked = true;
  update(form);
  const extra = form.querySelector("[data-extra]:not([hidden]) :is(input, textarea)[required]");
  (extra ?? form.querySelector("button[value=yes]")).focus();
}
