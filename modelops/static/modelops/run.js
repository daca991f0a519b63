// A run that goes on: what is new is asked for every two seconds; less often while the server is away or the run is over, and not at all
// while the tab is hidden. Plain requests, so that any proxy lets them through; a page that is loaded anew goes on from what it shows.

import { icon } from "../countersign/icon.js";
import { localTime, localiseTimes } from "../countersign/times.js";

const EVERY = 2000;
const OVER_EVERY = 20000;
const LONGEST = 30000;
const MOST_LINES = 500;

class Watch {
  constructor(root) {
    Object.assign(this, { root, mark: root.dataset.mark, line: root.dataset.line, over: "over" in root.dataset, failures: 0, timer: null, asking: false });
    this.away = root.querySelector("[data-away]");
    this.lines = root.querySelector("[data-lines]");
    this.lines.scrollTop = this.lines.scrollHeight;
    document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(this.timer) : this.ask()));
    window.addEventListener("online", () => this.ask());
    this.plan();
  }

  plan() {
    clearTimeout(this.timer);
    if (document.hidden || this.ended) return;
    const usual = this.over ? OVER_EVERY : EVERY;
    this.timer = setTimeout(() => this.ask(), Math.max(usual, Math.min(LONGEST, EVERY * 2 ** this.failures * Number(this.failures > 0))));
  }

  async ask() {
    if (this.asking || this.ended) return;
    this.asking = true;
    clearTimeout(this.timer);
    try {
      const query = new URLSearchParams({ mark: this.mark, line: this.line });
      const answer = await fetch(`${this.root.dataset.live}?${query}`, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { Accept: "application/json", "X-Countersign-Background": "1" },
      });
      if (answer.redirected || answer.status === 401 || answer.status === 403) this.end("You are not signed in any more. Sign in again to see how it goes on; the run is not touched by that.");
      else if (!answer.ok) throw new Error(String(answer.status));
      else if (answer.status !== 204) this.take(await answer.json());
      this.failures = 0;
      if (!this.ended) this.tell("");
    } catch {
      this.failures = Math.min(this.failures + 1, 5);
      this.tell("The server cannot be reached just now. The run goes on without this page; what is new is shown as soon as it answers.");
    } finally {
      this.asking = false;
    }
    this.plan();
  }

  take(told) {
    this.mark = told.mark;
    this.over = told.over;
    for (const [name, html] of Object.entries(told.parts)) this.replace(name, html);
    for (const line of told.lines) this.add(line);
    document.querySelector("[data-stop]").hidden = told.over;
    document.querySelector("[data-resume]").hidden = !told.resumable;
    if (told.over) document.getElementById("stop-dialog").close();
  }

  /** Puts a new piece in the place of the old one; what was open in it stays open, and the focus stays where it was. */
  replace(name, html) {
    const part = this.root.querySelector(`[data-part="${name}"]`);
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    const focused = [...part.querySelectorAll("a, button, summary, [tabindex]")].indexOf(document.activeElement);
    const scrolled = [...part.querySelectorAll("[tabindex]")].map((one) => one.scrollTop);
    part.innerHTML = html;
    localiseTimes(part);
    part.querySelectorAll("details").forEach((one, number) => {
      one.open = open[number] ?? false;
    });
    part.querySelectorAll("[tabindex]").forEach((one, number) => {
      one.scrollTop = scrolled[number] ?? 0;
    });
    if (focused >= 0) part.querySelectorAll("a, button, summary, [tabindex]")[focused]?.focus({ preventScroll: true });
  }

  add({ id, at, text }) {
    const atEnd = this.lines.scrollHeight - this.lines.scrollTop - this.lines.clientHeight < 24;
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.className = "muted";
    time.dateTime = at;
    time.textContent = localTime(at).slice(11);
    const words = document.createElement("span");
    words.textContent = text;
    item.append(time, " ", words);
    this.lines.append(item);
    while (this.lines.children.length > MOST_LINES) this.lines.firstElementChild.remove();
    this.root.querySelector("[data-quiet]").hidden = true;
    if (atEnd) this.lines.scrollTop = this.lines.scrollHeight;
    this.line = String(id);
  }

  tell(message) {
    if (this.away.dataset.told === message) return;
    this.away.dataset.told = message;
    this.away.hidden = message === "";
    const words = document.createElement("span");
    words.className = "notice__body";
    words.textContent = message;
    this.away.replaceChildren(...(message ? [icon("warning"), words] : []));
  }

  end(message) {
    this.ended = true;
    this.tell(message);
  }
}

new Watch(document.querySelector("[data-run]"));
