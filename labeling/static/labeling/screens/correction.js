// Fix once: ticking documents off, all at once or one by one; the button says how many are left.

const all = document.querySelector("[data-all]");
const boxes = [...document.querySelectorAll('input[name="document"]')];
const words = document.querySelector("[data-apply]");

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  words.textContent = `Correct ${ticked} ${ticked === 1 ? "document" : "documents"}`;
  words.closest("button").disabled = ticked === 0;
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
}

if (all) {
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
}
