// A shadow run that is under way: its progress, until there is more to see.

import { callApi } from "../countersign/http.js";

const EVERY = 4000;

class ShadowProgress {
  constructor(panel) {
    this.panel = panel;
    this.state = null;
    document.addEventListener("visibilitychange", () => this.plan());
    this.plan();
  }

  plan() {
    clearTimeout(this.timer);
    if (!document.hidden) this.timer = setTimeout(() => this.look(), EVERY);
  }

  async look() {
    try {
      this.show(await callApi("GET", this.panel.dataset.shadow));
    } catch (error) {
      if (error.status === 404) {
        location.reload(); // taken away: the page says so
        return;
      }
      // The server is away; the next turn asks again.
    }
    this.plan();
  }

  show(run) {
    if (run.state === "finished" || run.state === "failed") {
      location.reload();
      return;
    }
    const bar = this.panel.querySelector("[data-bar]");
    bar.max = run.chosen;
    bar.value = run.read;
    this.panel.querySelector("[data-read]").textContent = run.read;
    this.panel.querySelector("[data-chosen]").textContent = run.chosen;
  }
}

document.querySelectorAll("[data-shadow]").forEach((panel) => new ShadowProgress(panel));
