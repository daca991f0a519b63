// Everything a key can do on the labeling screen: name, default keys, when it is active, what it does.

const FLOW = "Work through the document";
const FIELD = "This field";
const GRID = "Line items";
const BALANCE = "Balance";
const PAGE = "Page image";
const TASK = "This document";

/** `screen` is the labeling screen. `when` says whether an action is active now; without it it always is. */
export function actionsOf(screen) {
  const { view } = screen;
  const open = () => screen.desk.draft !== null;
  const inField = () => open() && screen.desk.focus !== null;
  const inGrid = () => inField() && !screen.desk.schema.isHeader(screen.desk.focus);
  const oddPage = () => open() && screen.desk.pageChecks.length > 0;
  const reviewing = () => open() && screen.review.isOn;
  const explained = () => open() && screen.desk.balance.explanations.length > 0;
  const action = (group, id, label, keys, run, when = open) => ({ group, id, label, keys, run, when });
  return [
    action(FLOW, "confirm", "Confirm and go to the next field that needs you", ["Enter"], () => screen.confirm(), inField),
    action(FLOW, "back", "Back to the field before", ["Shift+Enter"], () => screen.back(), inField),
    action(FLOW, "submit", "Submit and open the next document", ["Ctrl+Enter"], () => screen.submit()),
    action(FLOW, "confirm_rest", "Review: confirm everything that is not doubted", ["Alt+Enter"], () => screen.review.confirmRest(), reviewing),
    action(FLOW, "show_all", "Review: show every field, or only what is doubted", ["Alt+V"], () => screen.review.toggle(), reviewing),
    action(FLOW, "undo", "Undo", ["Ctrl+Z"], () => screen.undo()),
    action(FLOW, "redo", "Redo", ["Ctrl+Y", "Ctrl+Shift+Z"], () => screen.redo()),
    action(FLOW, "help", "Show the keys", ["Shift+?", "F1", "Alt+Shift+?"], () => screen.help(), () => true),
    action(FIELD, "mark_blank", "Blank: printed, but left empty", ["Alt+B"], () => screen.mark("blank"), inField),
    action(FIELD, "mark_illegible", "Illegible: there, but cannot be read", ["Alt+G"], () => screen.mark("illegible"), inField),
    action(FIELD, "mark_not_applicable", "Not applicable to this document", ["Alt+A"], () => screen.mark("not_applicable"), inField),
    action(FIELD, "unsure", "Unsure: ask a senior to look", ["Alt+U"], () => screen.toggleUnsure(), inField),
    action(FIELD, "original", "Back to the pre-filled value", ["Alt+O"], () => screen.restore(), inField),
    action(FIELD, "revert", "Take back what was just typed", ["Escape"], () => screen.revert(), inField),
    action(GRID, "row_insert", "Insert a row below", ["Insert", "Alt+I"], () => screen.insertRow(false)),
    action(GRID, "row_insert_above", "Insert a row above", ["Alt+Shift+I"], () => screen.insertRow(true), inGrid),
    action(GRID, "row_delete", "Delete the row", ["Alt+Delete", "Alt+Backspace"], () => screen.deleteRow(), inGrid),
    action(GRID, "ditto", "Same as in the row above", ["F4", "Ctrl+'"], () => screen.ditto(), inGrid),
    action(GRID, "fill_down", "Fill the column down from here", ["F8"], () => screen.fillDown(), inGrid),
    action(FIELD, "guidance", "Read what was ruled and the guideline", ["Alt+H"], () => screen.readGuidance(), inField),
    action(BALANCE, "explain", "Go to the explanation, again: the next one", ["Alt+J"], () => screen.explain(), explained),
    action(BALANCE, "apply", "Apply the explanation", ["Alt+K"], () => screen.applyExplanation(), explained),
    action(PAGE, "page_check", "Show what is odd on the page, again: the next one", ["Alt+C"], () => screen.showCheck(), oddPage),
    action(PAGE, "page_down", "Scroll the page down", ["PageDown"], () => view.scrollBy(1)),
    action(PAGE, "page_up", "Scroll the page up", ["PageUp"], () => view.scrollBy(-1)),
    action(PAGE, "page_next", "Next page", ["Alt+PageDown"], () => view.goTo(view.current + 1)),
    action(PAGE, "page_previous", "Page before", ["Alt+PageUp"], () => view.goTo(view.current - 1)),
    action(PAGE, "zoom_in", "Larger", ["Alt+="], () => view.zoomBy(1)),
    action(PAGE, "zoom_out", "Smaller", ["Alt+-"], () => view.zoomBy(-1)),
    action(PAGE, "fit_width", "Fit the width", ["Alt+0"], () => view.fitWidth()),
    action(PAGE, "fit_page", "Fit the page", ["Alt+9"], () => view.fitPage()),
    action(PAGE, "rotate", "Turn by 90°", ["Alt+R"], () => view.rotate()),
    action(PAGE, "freeze", "Hold the page still, or let it follow the field", ["Alt+L"], () => view.freeze()),
    action(TASK, "skip", "Skip, with a reason", ["Alt+S"], () => screen.skip()),
    action(TASK, "postpone", "Postpone", ["Alt+P"], () => screen.postpone()),
    action(TASK, "release", "Give back; what is entered is kept", ["Alt+Q"], () => screen.release()),
  ];
}

/** Keys that are no actions of their own but belong on the list. */
export const FIXED_KEYS = [
  { group: FLOW, label: "Next field, field before; leaves the line items", keys: ["Tab", "Shift+Tab"] },
  { group: GRID, label: "Move between cells", keys: ["ArrowUp", "ArrowDown", "Alt+ArrowLeft", "Alt+ArrowRight"] },
  { group: GRID, label: "First row, last row", keys: ["Ctrl+Home", "Ctrl+End"] },
  { group: GRID, label: "Edit inside the cell", keys: ["F2"] },
  { group: GRID, label: "Paste rows from a table", keys: ["Ctrl+V"] },
  { group: GRID, label: "Type of the line: standard, compound, DME, bundled", keys: ["S", "C", "D", "B"] },
];

/** What the mouse does on the page. */
export const MOUSE = [
  ["Click a word", "fills the field"],
  ["Ctrl or Shift + click", "adds the word"],
  ["Drag", "fills with the words inside"],
  ["Ctrl + drag over lines", "adds them as line items"],
  ["Alt + drag, middle button", "moves the page"],
  ["Ctrl + wheel", "zooms"],
  ["Double-click", "holds the page still"],
];
