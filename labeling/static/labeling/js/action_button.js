// A button beside a sentence that does what a key does; its title names the key, and the field in hand keeps the focus.

import { readableChord } from "./keymap.js";

export function actionButton(keymap, id, label, run) {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.className = "button button--small";
  button.textContent = label;
  button.title = keymap.keysOf(keymap.actions.find((action) => action.id === id)).map(readableChord).join(" or ");
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", run);
  return button;
}
