// Check boxes of a table and the bar that acts on what is checked.

/** `form` holds `[data-check-all]`, row boxes named `name`, and `bar` with `[data-bulk-count]`. Answers a function to call after rows changed. */
export function bindSelection(form, name, bar) {
  const boxes = () => [...form.querySelectorAll(`input[type="checkbox"][name="${name}"]`)];
  const all = form.querySelector("[data-check-all]");

  function refresh() {
    const every = boxes();
    const checked = every.filter((box) => box.checked);
    bar.hidden = checked.length === 0;
    bar.querySelector("[data-bulk-count]").textContent = checked.length;
    if (!all) return;
    all.disabled = every.length === 0;
    all.checked = every.length > 0 && checked.length === every.length;
    all.indeterminate = checked.length > 0 && checked.length < every.length;
  }

  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    refresh();
  });
  refresh();
  return refresh;
}
