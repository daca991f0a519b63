// What was ruled before and what the guideline says about the field in hand, in one line; and what is new in the guidelines.

import { icon } from "../../countersign/icon.js";
import { guidance } from "./api.js";
import { precedentList, precedentText } from "./precedent_list.js";
import { paintSnippet } from "./snippet.js";

const CROP = { width: 150, height: 26 };

export class Guidance {
  /** `parts`: {guidance, news, guidanceDialog, guidanceTitle, guidanceText}. */
  constructor({ parts, desk }) {
    Object.assign(this, { parts, desk, known: null });
    parts.guidanceDialog.addEventListener("close", () => this.onClose?.());
    desk.addEventListener("focus", () => this.refresh());
  }

  /** Fetches what there is for a task; without an answer nothing is shown, because labeling works without it. */
  async open(task) {
    this.known = null;
    this.refresh();
    this.#showNews([]);
    const known = await guidance.of(task.id).catch(() => null);
    if (!known || this.desk.session?.task.id !== task.id) return;
    this.known = known;
    this.#showNews(known.unread);
    this.refresh();
  }

  get name() {
    const { desk } = this;
    if (!desk.focus || !desk.draft) return "";
    return desk.schema.isHeader(desk.focus) ? desk.focus : `line_items.${desk.schema.columnOf(desk.focus)}`;
  }

  refresh() {
    const { known, parts, name } = this;
    const rulings = known?.precedents[name] ?? [];
    const guideline = known?.guidelines[name];
    parts.guidance.hidden = !rulings.length && !guideline;
    if (parts.guidance.hidden) return;
    const [first] = rulings;
    const text = document.createElement("span");
    text.className = "guidance__text";
    text.textContent = first ? rulingText(first, this.#textOf) : `Guideline: ${firstLine(guideline.text)}`;
    text.title = text.textContent;
    const items = [icon(first ? "sign" : "file"), text];
    if (first?.place) items.push(crop(first.place));
    items.push(this.#button(name, rulings, guideline));
    parts.guidance.replaceChildren(...items);
  }

  #button(name, rulings, guideline) {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.className = "button button--small button--quiet";
    button.textContent = guideline ? "Guideline" : `${rulings.length} ruling${rulings.length === 1 ? "" : "s"}`;
    button.title = "Alt H";
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => this.read());
    return button;
  }

  /** Opens what is known of the field in hand; false when nothing is. */
  read() {
    const rulings = this.known?.precedents[this.name] ?? [];
    const guideline = this.known?.guidelines[this.name];
    if (!rulings.length && !guideline) return false;
    const { parts } = this;
    parts.guidanceTitle.textContent = this.desk.schema.spec(this.desk.focus).label;
    parts.guidanceText.innerHTML = guideline?.html ?? "";
    const list = precedentList(rulings, this.#textOf);
    if (list) parts.guidanceText.append(Object.assign(document.createElement("h3"), { textContent: "Ruled before" }), list);
    this.#show();
    return true;
  }

  #textOf = (field, value) => {
    const type = field === "line_items.type" && this.desk.schema.itemTypes.find((known) => known.value === value);
    return type ? type.label : value;
  };

  #showNews(unread) {
    const { news } = this.parts;
    news.hidden = !unread.length;
    if (news.hidden) return;
    const text = document.createElement("span");
    text.className = "guidance__text";
    const names = unread.map(({ title }) => title).join(", ");
    text.textContent = `${unread.length === 1 ? "One guideline is" : `${unread.length} guidelines are`} new since you last looked: ${names}`;
    text.title = text.textContent;
    const show = quiet("Read", () => this.#readNews(unread));
    news.replaceChildren(icon("info"), text, show, quiet("Got it", () => this.#seen(unread)));
  }

  #readNews(unread) {
    const { parts } = this;
    parts.guidanceTitle.textContent = "New in the guidelines";
    parts.guidanceText.innerHTML = "";
    for (const { title, html } of unread) {
      const part = document.createElement("section");
      part.innerHTML = html;
      part.prepend(Object.assign(document.createElement("h3"), { textContent: title }));
      parts.guidanceText.append(part);
    }
    this.onClose = () => this.#seen(unread);
    this.#show();
  }

  #seen(unread) {
    this.onClose = null;
    this.parts.news.hidden = true;
    guidance.seen(Math.max(...unread.map(({ id }) => id))).catch(() => undefined);
  }

  #show() {
    this.parts.guidanceDialog.showModal();
  }
}

function rulingText(ruling, textOf) {
  const text = precedentText(ruling, textOf);
  return `Ruled before: ${ruling.value === null ? text : `“${text}”`}${ruling.reason ? `. ${ruling.reason}` : ""}`;
}

function crop({ image, page, box }) {
  const element = document.createElement("span");
  element.className = "snippet guidance__crop";
  paintSnippet(element, [{ page, box }], new Map([[page, image]]), CROP);
  return element;
}

function firstLine(text) {
  return text.split("\n").find((line) => line.trim())?.replace(/^[#>*\-\s]+/, "") ?? "";
}

function quiet(text, run) {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.className = "button button--small button--quiet";
  button.textContent = text;
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", run);
  return button;
}
