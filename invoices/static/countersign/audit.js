// The trail: a choice in a list searches at once; "/" goes to the object, j and k from entry to entry.

const form = document.getElementById("audit-filters");
for (const choice of form.querySelectorAll("[data-submits]")) choice.addEventListener("change", () => form.requestSubmit());
form.addEventListener("submit", () => {
  for (const input of form.querySelectorAll("[name]")) input.disabled = input.value === "";
});
window.addEventListener("pageshow", () => {
  for (const input of form.querySelectorAll("[name]")) input.disabled = false;
});

const links = [...document.querySelectorAll("#audit-rows .audit__when")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "/") {
    event.preventDefault();
    form.elements.object.focus();
  }
  const step = { j: 1, k: -1 }[event.key];
  if (!step || !links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
});
