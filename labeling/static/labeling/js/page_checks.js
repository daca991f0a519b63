// What is odd on the pages and has no field in the record, for example an NPI with a wrong check digit: one line, and a key
// that shows the place.

import { icon } from "../../countersign/icon.js";
import { readableChord } from "./keymap.js";

export class PageChecks {
  constructor({ element, desk, view, keymap, say }) {
    Object.assign(this, { element, desk, view, keymap, say });
    this.signature = "";
  }

  refresh() {
    const { pageChecks, unseenChecks, checkInHand } = this.desk;
    const first = unseenChecks[0] ?? checkInHand ?? pageChecks[0];
    const signature = JSON.stringify([first?.message, pageChecks.length, unseenChecks.length]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.element.hidden = !first;
    if (!first) return;
    this.element.dataset.state = unseenChecks.length ? "confirm" : "seen";
    const sentence = document.createElement("span");
    sentence.className = "page-checks__sentence";
    sentence.textContent = onPage(first) + (pageChecks.length > 1 ? ` And ${pageChecks.length - 1} more on the page.` : "");
    sentence.title = pageChecks.map(onPage).join("\n");
    this.element.replaceChildren(icon(unseenChecks.length ? "warning" : "check"), sentence, this.#button());
  }

  #button() {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.className = "button button--small";
    button.textContent = "Show";
    button.title = this.keymap.keysOf(this.keymap.actions.find((action) => action.id === "page_check")).map(readableChord).join(" or ");
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => this.show());
    return button;
  }

  /** Shows the place of the next one that was not looked at; after the last the first again. */
  show() {
    const check = this.desk.lookAtCheck();
    this.view.point(check.places);
    this.say(onPage(check));
    this.refresh();
  }
}

/** The sentence with the page that it is about. */
function onPage({ message, places }) {
  return `Page ${places[0].page}: ${message}`;
}
