// Sends files, three at a time, each with its own progress and its own outcome.

import { csrfToken } from "./http.js";
import { icon } from "./icon.js";

const AT_ONCE = 3;
const OUTCOMES = {
  waiting: ["untouched", "clock", "Waiting"],
  sending: ["info", "upload", "Sending"],
  received: ["confirmed", "confirmed", "Received"],
  known: ["info", "copies", "Already here"],
  refused: ["invalid", "invalid", "Refused"],
  failed: ["confirm", "warning", "Not sent"],
};

export function humanSize(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${Math.round(kilobytes)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

/** What a finished request means: `[outcome, sentence, document id or null]`. */
export function outcomeOf(status, body) {
  if (status === 201) return ["received", "It is being read now.", body.id];
  if (status === 200) return ["known", "The same file came in before.", body.id];
  if (status === 401 || status === 403) return ["failed", "You are no longer signed in. Sign in in another tab, then choose Try again.", null];
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return ["refused", body.detail || "The server does not take this file.", null];
  return ["failed", body.detail || "The server could not take it just now. Choose Try again.", null];
}

function parse(text) {
  try {
    return JSON.parse(text) || {};
  } catch {
    return {};
  }
}

export class Uploads {
  /** `panel` is partials/upload_panel.html; `onReceived(id)` is told of every document that came in. */
  constructor(panel, { url, maxBytes, onReceived }) {
    this.panel = panel;
    this.url = url;
    this.maxBytes = maxBytes;
    this.onReceived = onReceived;
    this.items = [];
    this.leftOut = 0;
    this.list = panel.querySelector("#uploads-list");
    this.template = panel.querySelector("#upload-template");
    panel.querySelector("[data-uploads-close]").addEventListener("click", () => this.close());
    panel.querySelector("[data-uploads-retry]").addEventListener("click", () => this.retry());
    addEventListener("beforeunload", (event) => {
      if (this.busy) event.preventDefault();
    });
  }

  get busy() {
    return this.items.some((item) => item.outcome === "waiting" || item.outcome === "sending");
  }

  add(files, leftOut = 0) {
    this.leftOut += leftOut;
    for (const file of files) {
      const row = this.template.content.cloneNode(true).firstElementChild;
      row.querySelector(".upload__name").textContent = file.name;
      row.querySelector(".upload__name").title = file.webkitRelativePath || file.name;
      row.querySelector(".upload__size").textContent = humanSize(file.size);
      row.querySelector("progress").setAttribute("aria-label", `Progress of ${file.name}`);
      const item = { file, row, outcome: "waiting" };
      this.items.push(item);
      this.list.append(row);
      if (file.size > this.maxBytes) {
        this.settle(item, "refused", `It has ${humanSize(file.size)}; the limit is ${humanSize(this.maxBytes)}. Split it or scan it at a lower resolution.`);
      } else if (file.size === 0) {
        this.settle(item, "refused", "The file is empty.");
      } else {
        this.show(item, "waiting", "");
      }
    }
    this.panel.hidden = false;
    this.go();
  }

  retry() {
    for (const item of this.items) if (item.outcome === "failed") this.show(item, "waiting", "");
    this.go();
  }

  close() {
    if (this.busy) return;
    this.panel.hidden = true;
    this.items = [];
    this.leftOut = 0;
    this.list.replaceChildren();
  }

  go() {
    const sending = this.items.filter((item) => item.outcome === "sending").length;
    const waiting = this.items.filter((item) => item.outcome === "waiting");
    for (const item of waiting.slice(0, AT_ONCE - sending)) this.send(item);
    this.summarise();
  }

  send(item) {
    const request = new XMLHttpRequest();
    const progress = item.row.querySelector("progress");
    const body = new FormData();
    body.append("file", item.file, item.file.name);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("load", () => this.settle(item, ...outcomeOf(request.status, parse(request.responseText))));
    request.addEventListener("error", () => this.settle(item, "failed", "The server cannot be reached. The file is kept here; choose Try again.", null));
    request.open("POST", this.url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    this.show(item, "sending", "");
    request.send(body);
  }

  settle(item, outcome, sentence, id = null) {
    this.show(item, outcome, sentence, id);
    if (outcome === "received") this.onReceived(id);
    this.go();
  }

  show(item, outcome, sentence, id = null) {
    const [state, image, word] = OUTCOMES[outcome];
    item.outcome = outcome;
    item.row.dataset.outcome = outcome;
    const chip = document.createElement("span");
    chip.className = `chip chip--${state}`;
    chip.append(icon(image), word);
    const parts = [chip];
    if (sentence) parts.push(document.createTextNode(` ${sentence} `));
    if (id !== null) {
      const link = document.createElement("a");
      link.href = `/documents/${id}/`;
      link.textContent = "Open";
      parts.push(link);
    }
    item.row.querySelector(".upload__outcome").replaceChildren(...parts);
    item.row.querySelector("progress").hidden = outcome !== "sending";
  }

  summarise() {
    const count = (outcome) => this.items.filter((item) => item.outcome === outcome).length;
    const open = count("waiting") + count("sending");
    const words = [
      open ? `${this.items.length - open} of ${this.items.length} sent` : `${this.items.length} done`,
      count("received") && `${count("received")} received`,
      count("known") && `${count("known")} already here`,
      count("refused") && `${count("refused")} refused`,
      count("failed") && `${count("failed")} not sent`,
      this.leftOut && `${this.leftOut} of other kinds left out`,
    ];
    const [progress, ...outcomes] = words.filter(Boolean);
    this.panel.querySelector("#uploads-sum").textContent = outcomes.length ? `${progress}: ${outcomes.join(", ")}` : progress;
    this.panel.querySelector("[data-uploads-retry]").hidden = !count("failed");
    this.panel.querySelector("[data-uploads-close]").hidden = open > 0;
  }
}
