// Alerts by keyboard: J and K go from one to the next, A, M and R press a button of the one that has the focus.

const alerts = [...document.querySelectorAll("[data-alert]")];

function here() {
  return alerts.findIndex((alert) => alert.contains(document.activeElement));
}

function go(step) {
  const at = here();
  const next = alerts[at < 0 ? (step > 0 ? 0 : alerts.length - 1) : Math.min(Math.max(at + step, 0), alerts.length - 1)];
  next?.querySelector("[data-title]").focus();
  next?.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const alert = alerts[here()];
  if (!alert) return;
  const note = alert.querySelector("[data-note]");
  if (key === "r" && note && note.value.trim() === "") note.focus();
  else alert.querySelector(`[data-key="${key}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const key = event.key.toLowerCase();
  if (key === "j") go(1);
  else if (key === "k") go(-1);
  else if ("amr".includes(key) && here() >= 0) press(key);
  else return;
  event.preventDefault();
});

// In the field of the note, Enter means what the note is for: to resolve.
for (const form of document.querySelectorAll(".alert__decision")) {
  form.querySelector("[data-note]").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.querySelector('[data-key="r"]').click();
  });
}
