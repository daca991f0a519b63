// The bar between page and record: drag it, or move it with the arrow keys. Where it stands is remembered.

const KEY = "countersign.split";
const LIMITS = [35, 68];
const STEP = 2;

export function bindSplit(bar, root) {
  let share = Number(localStorage.getItem(KEY)) || Number(bar.getAttribute("aria-valuenow"));
  const show = (value, keep) => {
    share = Math.min(Math.max(value, LIMITS[0]), LIMITS[1]);
    root.style.setProperty("--record-width", `${100 - share}%`);
    bar.setAttribute("aria-valuenow", Math.round(share));
    if (keep) localStorage.setItem(KEY, String(share));
  };
  if (localStorage.getItem(KEY)) show(share, false);
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    show(share + step, true);
  });
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  bar.addEventListener("pointermove", (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const frame = root.getBoundingClientRect();
    show(((event.clientX - frame.left) / frame.width) * 100, true);
  });
}
