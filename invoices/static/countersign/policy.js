// The policy form: what differs from the version that counts is marked, and only then is there something to store.

const form = document.querySelector("[data-policy]");
const inputs = [...form.querySelectorAll("[data-counts]")];
const button = form.querySelector("[data-store]");
const count = form.querySelector("[data-count]");

const plain = (text) => Number(text.trim().replace("%", "").replace(",", "."));

function differs(input) {
  if (Number.isNaN(plain(input.dataset.counts))) return input.value !== input.dataset.counts;
  return plain(input.value) !== plain(input.dataset.counts);
}

function refresh() {
  let changed = 0;
  for (const input of inputs) {
    const different = differs(input);
    input.toggleAttribute("data-changed", different);
    input.closest(".policy__value").querySelector("[data-was]").hidden = !different;
    if (different) changed += 1;
  }
  button.disabled = changed === 0;
  count.textContent = changed === 0 ? "Nothing differs from what counts." : `${changed} value${changed === 1 ? "" : "s"} will change.`;
}

form.addEventListener("input", refresh);
refresh();
form.querySelector("[aria-invalid]")?.focus();
