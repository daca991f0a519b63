// Keeps the rows of unfinished documents current: asks for those alone, less often while nothing changes,
// and not at all while the tab is hidden.

import { localiseTimes } from "./times.js";

const SHORTEST = 1500;
const LONGEST = 10000;

export class RowRefresh {
  /** `body` is the table body, `url` answers rows for `?ids=`; new rows are put on top when `grows`. */
  constructor(body, url, { grows, onChange }) {
    this.body = body;
    this.url = url;
    this.grows = grows;
    this.onChange = onChange;
    this.expected = new Set();
    this.pause = SHORTEST;
    this.timer = null;
    document.addEventListener("visibilitychange", () => this.plan());
    this.plan();
  }

  /** A document that came in and has no row yet. */
  expect(id) {
    if (this.grows) this.expected.add(String(id));
    this.pause = SHORTEST;
    this.plan();
  }

  wanted() {
    const visible = [...this.body.querySelectorAll("tr[data-unfinished]")].map((row) => row.dataset.document);
    return [...new Set([...visible, ...this.expected])].slice(0, 100);
  }

  plan() {
    clearTimeout(this.timer);
    if (!document.hidden && this.wanted().length) this.timer = setTimeout(() => this.refresh(), this.pause);
  }

  async refresh() {
    try {
      const response = await fetch(`${this.url}?ids=${this.wanted().join(",")}`, {
        credentials: "same-origin",
        headers: { "X-Countersign-Background": "1" },
      });
      if (response.ok && !response.redirected) this.take(await response.text());
    } catch {
      // The server is away; the next turn asks again.
    }
    this.plan();
  }

  take(html) {
    const holder = document.createElement("template");
    holder.innerHTML = `<table><tbody>${html}</tbody></table>`;
    let changed = false;
    for (const row of [...holder.content.querySelectorAll("tr")].reverse()) {
      localiseTimes(row);
      const shown = this.body.querySelector(`tr[data-document="${row.dataset.document}"]`);
      if (!shown) {
        if (this.expected.has(row.dataset.document)) this.body.prepend(row);
        changed = true;
      } else if (shown.innerHTML !== row.innerHTML) {
        shown.replaceWith(row);
        changed = true;
      }
      this.expected.delete(row.dataset.document);
    }
    this.pause = changed ? SHORTEST : Math.min(LONGEST, this.pause * 1.5);
    if (changed) this.onChange();
  }
}
