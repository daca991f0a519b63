// The labeling screen: what the parts show together, and what an action of the person means.

import { toast } from "../../countersign/toast.js";
import { tasks } from "./api.js";
import { BalanceBar } from "./balance_bar.js";
import { dueWords } from "./due.js";
import { Editing } from "./editing.js";
import { FieldList } from "./field_list.js";
import { Grid } from "./grid.js";
import { Guidance } from "./guidance.js";
import { InfoBar } from "./info_bar.js";
import { Lens } from "./lens.js";
import { PageChecks } from "./page_checks.js";
import { bindPagePointer } from "./page_pointer.js";
import { Review } from "./review.js";

const FAILURES = { task_held: "Somebody else has this document", queue_paused: "Your queue is paused" };
const KINDS = { label: "", second_label: "Second label", adjudicate: "Adjudicate", review: "Review", audit: "Audit" };

export class Screen {
  /** `parts` are the elements of the template by name. */
  constructor({ parts, desk, view, config }) {
    Object.assign(this, { parts, desk, view, config });
    this.visited = [];
    this.wanted = null;
    const go = (key) => this.go(key);
    const say = (text) => this.say(text);
    this.editing = new Editing({ desk, go, say, finish: () => parts.submit.focus(), autoAdvance: config.preferences.auto_advance });
    this.fields = new FieldList({ element: parts.fields, specs: desk.schema.top, desk });
    this.totals = new FieldList({ element: parts.totals, specs: desk.schema.totals, desk });
    this.grid = new Grid({ head: parts.gridHead, body: parts.gridBody, empty: parts.gridEmpty, desk });
    this.lens = new Lens({ element: parts.lens, desk });
    this.guidance = new Guidance({ parts, desk });
    const { note, status, left, live } = parts;
    this.info = new InfoBar({ note, status, left, live, desk, signIn: config.urls.sign_in });
    desk.addEventListener("refresh", () => this.refresh());
    desk.addEventListener("focus", ({ detail }) => this.#focused(detail));
    bindPagePointer(view, {
      words: () => desk.words,
      take: (taken) => desk.draft && this.editing.take(taken),
      untake: () => this.editing.untake(),
      freeze: () => view.freeze(),
    });
  }

  /** The keymap exists once the actions do, and those need the screen. */
  useKeymap(keymap) {
    const go = (key) => this.go(key);
    const say = (text) => this.say(text);
    this.balance = new BalanceBar({ element: this.parts.balance, desk: this.desk, keymap, go, say });
    this.review = new Review({ element: this.parts.doubts, root: this.parts.root, desk: this.desk, keymap, go, say });
    this.pageChecks = new PageChecks({ element: this.parts.pageChecks, desk: this.desk, view: this.view, keymap, say });
  }

  showTask(task) {
    const { parts, desk } = this;
    this.visited = [];
    history.replaceState(null, "", this.config.urls.task.replace("/0/", `/${task.id}/`) + location.search);
    document.title = `${task.document.name} · Countersign`;
    parts.name.textContent = task.document.name;
    parts.name.title = task.document.name;
    parts.vendor.textContent = task.document.vendor?.name ?? "vendor not recognised";
    const filledIn = task.prediction?.filled_in;
    parts.filledIn.textContent = filledIn?.briefly ?? "";
    parts.filledIn.title = filledIn ? `Filled in ${filledIn.in_full}` : "";
    const { onboarding } = task;
    parts.kind.textContent = onboarding ? `Onboarding ${onboarding.step} of ${onboarding.of}` : (KINDS[task.kind] ?? task.kind);
    parts.kind.title = onboarding ? "For practice: the document is settled. What you submit shows how it went; it makes no record." : "";
    parts.kind.hidden = !parts.kind.textContent;
    parts.dueText.textContent = dueWords(task.due_at, task.now);
    parts.due.hidden = !parts.dueText.textContent;
    parts.duplicate.hidden = task.document.near_duplicate_of === null;
    parts.duplicate.href = this.config.urls.document.replace("/0/", `/${task.document.near_duplicate_of}/`);
    this.#state("ready");
    parts.record.inert = false;
    this.askAgain([]);
    this.info.message = "";
    this.editing.filled = null;
    this.grid.clear();
    this.view.open(task.document.pages);
    desk.refresh();
    this.review.open();
    this.view.showKnown(desk.draft.keys().flatMap((key) => desk.draft.cell(key).evidence));
    this.go(desk.next() ?? desk.schema.top[0].name);
    this.guidance.open(task);
  }

  showEmpty() {
    this.desk.session?.close();
    this.desk.clear();
    history.replaceState(null, "", this.config.urls.label + location.search);
    document.title = "Nothing left · Countersign";
    this.#state("empty");
    this.parts.empty.querySelector("a, button").focus();
    this.count();
  }

  /** A submit that waits for the network, with nothing to go on with meanwhile. */
  showWaiting(name) {
    this.desk.clear();
    this.#state("failed");
    const kept = `${name} is complete and kept on this computer.`;
    this.#explain("Waiting for the network", `${kept} It is submitted by itself as soon as the server answers; then go on with the next.`);
  }

  /** Anything that went wrong and was not foreseen elsewhere; without an open document it takes the screen. */
  fail(error) {
    if (error.code === "queue_paused") {
      this.desk.session?.close();
      this.desk.clear();
      history.replaceState(null, "", this.config.urls.label + location.search);
    }
    if (this.desk.draft) {
      toast(error.message, "invalid");
      return;
    }
    this.#state("failed");
    this.#explain(FAILURES[error.code] ?? "This document cannot be opened", error.message);
  }

  #explain(title, text) {
    this.parts.failedTitle.textContent = title;
    this.parts.failedText.textContent = text;
    this.parts.failedNext.focus();
  }

  #state(state) {
    this.parts.root.dataset.state = state;
  }

  /** While a document leaves, keys go nowhere rather than into the wrong one. An empty text ends it. */
  setBusy(text) {
    const { record } = this.parts;
    if (text) this.say(text);
    if (record.inert === Boolean(text)) return;
    record.inert = Boolean(text);
    if (!text && this.desk.draft) this.go(this.wanted ?? this.desk.focus);
    this.wanted = null;
  }

  refresh() {
    const { desk, view } = this;
    const saved = desk.session.savedStates();
    this.fields.refresh(desk.states, saved);
    this.totals.refresh(desk.states, saved);
    this.grid.refresh(desk.states, saved);
    this.balance.refresh();
    this.pageChecks.refresh();
    this.review.refresh();
    this.info.refresh();
    this.lens.refresh();
    if (desk.focus && desk.findings.has(desk.focus)) {
      const places = desk.placesOf(desk.focus);
      const shown = JSON.stringify(places);
      if (shown !== this.shownPlaces) view.show(places);
      this.shownPlaces = shown;
    }
    if (!this.parts.again.hidden && JSON.stringify(desk.warnings) !== this.askedAbout) this.askAgain([]);
  }

  #focused(key) {
    this.info.moved();
    this.visited = [...this.visited.filter((other) => other !== key), key];
    this.shownPlaces = JSON.stringify(this.desk.placesOf(key));
    this.view.show(this.desk.placesOf(key));
  }

  input(key) {
    return this.fields.input(key) ?? this.totals.input(key) ?? this.grid.input(key);
  }

  /** Puts the focus on a field; rows that were just added are built first. */
  go(key) {
    if (!this.input(key)) this.desk.refresh();
    const input = this.input(key);
    if (!input) return;
    if (input.offsetParent === null) this.review.showAll();
    if (this.parts.record.inert) this.wanted = key;
    if (document.activeElement === input) input.setSelectionRange(0, input.value.length, "backward");
    else input.focus();
  }

  say(text) {
    this.info.say(text);
  }

  /** Warnings before a submit: shown once, the next press sends. An empty list takes them away. */
  askAgain(warnings) {
    const { again, againList, submit } = this.parts;
    this.askedAbout = JSON.stringify(warnings);
    again.hidden = warnings.length === 0;
    submit.textContent = warnings.length ? "Submit anyway" : "Submit";
    if (!warnings.length) return;
    const items = warnings.slice(0, 4).map((text) => Object.assign(document.createElement("li"), { textContent: text }));
    if (warnings.length > 4) items.push(Object.assign(document.createElement("li"), { textContent: `and ${warnings.length - 4} more` }));
    againList.replaceChildren(...items);
    this.parts.live.textContent = `${warnings.length} warnings. Submit once more to send it anyway.`;
    submit.focus();
  }

  async count() {
    const counters = await tasks.counters().catch(() => null);
    if (counters) this.parts.counter.textContent = `${counters.today} today · ${counters.left} left`;
  }

  back() {
    this.visited.pop();
    const before = this.visited.findLast((key) => this.input(key));
    if (before) this.go(before);
  }

  confirm() {
    this.editing.confirm();
  }

  mark(mark) {
    this.editing.mark(mark);
  }

  toggleUnsure() {
    this.editing.toggleUnsure();
  }

  restore() {
    this.editing.restore();
  }

  revert() {
    this.editing.revert();
  }

  undo() {
    this.editing.undo();
  }

  redo() {
    this.editing.redo();
  }

  insertRow(above) {
    this.editing.insertRow(above);
  }

  deleteRow() {
    this.editing.deleteRow();
  }

  ditto() {
    this.editing.ditto();
  }

  fillDown() {
    this.editing.fillDown();
  }

  explain() {
    this.balance.jump();
  }

  readGuidance() {
    if (!this.guidance.read()) this.say("There is no ruling and no guideline for this field.");
  }

  showCheck() {
    this.pageChecks.show();
  }

  applyExplanation() {
    this.balance.apply();
  }

  submit() {
    return this.flow.submit();
  }

  skip() {
    return this.flow.skip();
  }

  postpone() {
    return this.flow.postpone();
  }

  release() {
    return this.flow.release();
  }

  help() {
    this.helpDialog.open();
  }
}
