// The pointer on the page: click a word, drag a lasso, drag with the middle button or Alt to move the page, double-click
// to freeze. The focus stays in the field that is being filled.

const DRAG_PX = 5;
const DOUBLE_MS = 500;

/**
 * Calls back `take({lines, page, append, lasso, block})` with the words taken, `untake()` when a click turns out to be
 * the first half of a double-click, `freeze()`.
 */
export function bindPagePointer(view, { words, take, untake, freeze }) {
  const { viewport } = view;
  let drag = null;
  let lastClick = null;

  const sheetOf = (event) => {
    const element = event.target.closest?.(".sheet");
    return element ? view.sheets.get(Number(element.dataset.page)) : null;
  };

  viewport.addEventListener("pointerdown", (event) => {
    if (event.button > 1 || !sheetOf(event)) return;
    const pan = event.button === 1 || event.altKey;
    const { clientX: x, clientY: y } = event;
    drag = { sheet: sheetOf(event), pan, x, y, left: viewport.scrollLeft, top: viewport.scrollTop, moved: false };
    viewport.setPointerCapture(event.pointerId);
  });

  viewport.addEventListener("mousedown", (event) => {
    if (sheetOf(event)) event.preventDefault();
  });

  viewport.addEventListener("pointermove", (event) => {
    if (!drag) {
      hover(event);
      return;
    }
    drag.moved ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > DRAG_PX;
    if (!drag.moved) return;
    if (drag.pan) viewport.scrollTo(drag.left - event.clientX + drag.x, drag.top - event.clientY + drag.y);
    else drag.sheet.mark("mark--lasso", [lassoBox(event)]);
  });

  viewport.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { sheet, moved, pan } = drag;
    if (moved && !pan) takeLasso(sheet, event);
    else if (!moved && !pan) click(sheet, event);
    drag = null;
  });

  viewport.addEventListener("pointercancel", () => {
    drag?.sheet.mark("mark--lasso", []);
    drag = null;
  });

  viewport.addEventListener("pointerleave", () => clearHover());

  function lassoBox(event) {
    const [x0, y0] = drag.sheet.pointAt(drag.x, drag.y);
    const [x1, y1] = drag.sheet.pointAt(event.clientX, event.clientY);
    const clip = (value) => Math.min(Math.max(value, 0), 1);
    return [clip(Math.min(x0, x1)), clip(Math.min(y0, y1)), clip(Math.max(x0, x1)), clip(Math.max(y0, y1))];
  }

  function takeLasso(sheet, event) {
    const box = lassoBox(event);
    sheet.mark("mark--lasso", []);
    const lines = words()?.linesIn(sheet.page.number, box) ?? [];
    const block = event.ctrlKey || event.metaKey;
    if (lines.length) take({ lines, page: sheet.page.number, append: event.shiftKey && !block, lasso: true, block });
  }

  function click(sheet, event) {
    const [x, y] = sheet.pointAt(event.clientX, event.clientY);
    const append = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!append && isDouble(event)) {
      if (lastClick.took) untake();
      lastClick = null;
      freeze();
      return;
    }
    const word = words()?.at(sheet.page.number, x, y) ?? null;
    lastClick = append ? null : { time: event.timeStamp, x: event.clientX, y: event.clientY, took: word !== null };
    if (word) take({ lines: [[word]], page: sheet.page.number, append, lasso: false, block: false });
  }

  function isDouble({ timeStamp, clientX, clientY }) {
    if (!lastClick || timeStamp - lastClick.time > DOUBLE_MS) return false;
    return Math.hypot(clientX - lastClick.x, clientY - lastClick.y) < DRAG_PX;
  }

  function hover(event) {
    const sheet = sheetOf(event);
    clearHover(sheet);
    if (!sheet) return;
    const [x, y] = sheet.pointAt(event.clientX, event.clientY);
    const word = words()?.at(sheet.page.number, x, y);
    sheet.mark("mark--word", word ? [[word.x0, word.y0, word.x1, word.y1]] : []);
  }

  function clearHover(except = null) {
    for (const sheet of view.sheets.values()) if (sheet !== except) sheet.mark("mark--word", []);
  }
}
