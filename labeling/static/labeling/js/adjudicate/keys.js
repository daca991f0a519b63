// What a senior can do by key, and the list of it.

import { readableChord } from "../keymap.js";

const DECIDE = "Decide";
const MOVE = "Move";
const PAGE = "Page";

/** Actions for the keymap. `screen` does them. */
export function actionsOf(screen) {
  const { view } = screen;
  const action = (group, id, label, keys, run, when) => ({ group, id, label, keys, run, when });
  const open = () => screen.docket.isOpen;
  const choose = (choice) => () => screen.choose(choice);
  return [
    action(DECIDE, "a", "Label A is right", ["A"], choose("a"), open),
    action(DECIDE, "b", "Label B is right", ["B"], choose("b"), open),
    action(DECIDE, "machine", "The machine is right", ["M"], choose("machine"), open),
    action(DECIDE, "other", "Enter another value", ["O"], () => screen.other(), open),
    action(DECIDE, "absent", "Not on the document", ["X"], choose("absent"), open),
    action(DECIDE, "reason", "Give a reason first", ["R"], () => screen.reason(), open),
    action(DECIDE, "cause", "Correct the cause", ["C"], () => screen.cause(), open),
    action(DECIDE, "group", "Rule those like this one together", ["G"], () => screen.group(), open),
    action(DECIDE, "undo", "Take the last decision back", ["U", "Ctrl+Z"], () => screen.undo()),
    action(DECIDE, "resolve", "Resolve and open the next document", ["N", "Ctrl+Enter"], () => screen.resolve()),
    action(MOVE, "next", "Next difference", ["Enter", "ArrowDown", "J"], () => screen.next()),
    action(MOVE, "previous", "Difference before", ["Shift+Enter", "ArrowUp", "K"], () => screen.previous()),
    action(MOVE, "view", "Differences, or the whole record", ["W"], () => screen.toggleView()),
    action(MOVE, "guideline", "Read the guideline of the field", ["I"], () => screen.readGuideline()),
    action(MOVE, "release", "Give back; what is settled is kept", ["Alt+Q"], () => screen.release(), open),
    action(MOVE, "help", "Show the keys", ["Shift+?", "F1"], () => screen.help()),
    action(PAGE, "page_down", "Scroll the page down", ["PageDown"], () => view.scrollBy(1)),
    action(PAGE, "page_up", "Scroll the page up", ["PageUp"], () => view.scrollBy(-1)),
    action(PAGE, "zoom_in", "Larger", ["Alt+="], () => view.zoomBy(1)),
    action(PAGE, "zoom_out", "Smaller", ["Alt+-"], () => view.zoomBy(-1)),
    action(PAGE, "fit_width", "Fit the width", ["Alt+0"], () => view.fitWidth()),
    action(PAGE, "rotate", "Turn by 90°", ["Alt+R"], () => view.rotate()),
    action(PAGE, "freeze", "Hold the page still, or let it follow", ["Alt+L"], () => view.freeze()),
  ];
}

/** Fills the list of keys. */
export function listKeys(element, keymap) {
  const groups = new Map();
  for (const action of keymap.actions) groups.set(action.group, [...(groups.get(action.group) ?? []), action]);
  element.replaceChildren(...[...groups].map(([name, actions]) => section(name, actions)));
}

function section(name, actions) {
  const element = document.createElement("section");
  const title = document.createElement("h3");
  title.textContent = name;
  const list = document.createElement("dl");
  for (const { keys, label } of actions) {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const caps = keys.map((chord) => Object.assign(document.createElement("kbd"), { textContent: readableChord(chord) }));
    term.append(...caps.flatMap((cap, index) => (index ? [" ", cap] : [cap])));
    row.append(term, Object.assign(document.createElement("dd"), { textContent: label }));
    list.append(row);
  }
  element.append(title, list);
  return element;
}
