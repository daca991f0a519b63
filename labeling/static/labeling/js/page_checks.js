// What is odd on the pages and has no field in the record, for example an NPI with a wrong check digit: one line, and a key
// that shows the place.

import { icon } from "../../countersign/icon.js";
import { actionButton } from "./action_button.js";

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
    const show = actionButton(this.keymap, "page_check", "Show", () => this.show());
    this.element.replaceChildren(icon(unseenChecks.length ? "warning" : "check"), sentence, show);
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
