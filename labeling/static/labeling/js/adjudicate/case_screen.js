// The adjudication screen: what its parts show together, and what an action of the senior means.

import { icon } from "../../../countersign/icon.js";
import { toast } from "../../../countersign/toast.js";
import { paintSnippet } from "../snippet.js";
import { Cards } from "./cards.js";
import { GroupPanel } from "./group_panel.js";
import { listKeys } from "./keys.js";
import { Values } from "./values.js";
import { showRecord } from "./whole_record.js";

export class CaseScreen {
  /** `parts` are the elements of the template by name; `flow` opens and closes cases. */
  constructor({ parts, docket, view, config, flow }) {
    Object.assign(this, { parts, docket, view, config, flow });
    this.values = new Values(config.schema);
    this.doing = Promise.resolve();
    const acts = {
      choose: (choice, value) => this.choose(choice, value),
      other: () => this.other(),
      cause: (cause) =>
        this.#try(async () => {
          await docket.correctCause(cause);
          this.say(`Cause: ${docket.inHand.cause_label}`);
        }),
      group: () => this.group(),
      guideline: (guideline) => this.#showGuideline(guideline),
      guidelineUrl: (name) => config.urls.guideline.replace("FIELD", name),
      point: (places) => places.length && view.show(places),
    };
    this.cards = new Cards({ list: parts.cards, docket, values: this.values, config, acts });
    this.groupPanel = new GroupPanel({
      parts,
      values: this.values,
      ruled: (answer) => this.#try(async () => docket.ruled(answer, await flow.reread())),
      undone: () =>
        this.#try(async () => {
          docket.steps.pop();
          docket.refresh(await flow.reread());
        }),
    });
    docket.addEventListener("change", () => this.refresh());
    docket.addEventListener("move", () => this.refresh());
    parts.views.addEventListener("change", () => this.#showView());
    parts.group.addEventListener("close", () => this.#leaveGroup());
  }

  showCase(found) {
    const { parts, view } = this;
    document.title = `${found.document.name} · Countersign`;
    history.replaceState(null, "", this.config.urls.case.replace("/0/", `/${found.id}/`));
    parts.name.textContent = found.document.name;
    parts.name.title = found.document.name;
    parts.vendor.textContent = found.document.vendor?.name ?? "vendor not recognised";
    parts.root.dataset.state = "ready";
    parts.views.querySelector("[value=differences]").checked = true;
    this.pages = new Map(found.document.pages.map((page) => [page.number, page]));
    view.open(found.document.pages);
    this.say("");
    this.refresh();
  }

  refresh() {
    const { docket, parts, view } = this;
    if (!docket.case) return;
    const one = docket.inHand;
    this.cards.refresh();
    this.#showView();
    this.#paintCrops();
    if (one) view.show([...one.a.places, ...one.b.places]);
    parts.count.textContent = docket.all.length;
    this.#showLeft();
    this.#showAuthors();
    if (!document.querySelector("dialog[open]")) this.cards.focus();
  }

  #showLeft() {
    const { left, resolve } = this.parts;
    const { docket } = this;
    const done = docket.left === 0;
    left.dataset.state = done ? "confirmed" : "confirm";
    const resolved = docket.case.state === "resolved";
    const words = resolved ? "Resolved" : done ? "All settled" : `${docket.left} of ${docket.all.length} left`;
    left.replaceChildren(icon(done ? "confirmed" : "confirm"), Object.assign(document.createElement("span"), { textContent: words }));
    resolve.textContent = resolved ? "Open the next" : "Resolve and open the next";
    resolve.setAttribute("aria-disabled", String(!done));
  }

  #showAuthors() {
    const { authors, senior } = { authors: this.docket.case.authors, senior: this.docket.case.authors?.senior };
    const text = authors ? `A: ${authors.a} · B: ${authors.b}${senior ? ` · settled by ${senior}` : ""}` : "Authors hidden until resolved";
    const words = Object.assign(document.createElement("span"), { textContent: text });
    this.parts.authors.replaceChildren(icon(authors ? "users" : "lock"), words);
  }

  #paintCrops() {
    const one = this.docket.inHand;
    for (const crop of this.cards.open?.querySelectorAll("[data-crop]") ?? []) {
      const { places } = one[crop.dataset.crop];
      const painted = paintSnippet(crop, places, this.pages, { width: crop.clientWidth, height: crop.clientHeight });
      crop.textContent = painted || one[crop.dataset.crop].value === null ? "" : "not found on the page";
    }
  }

  #showView() {
    const { parts, docket } = this;
    const whole = parts.views.querySelector(":checked").value === "record";
    parts.cards.hidden = whole;
    parts.record.hidden = !whole;
    if (!whole) return;
    showRecord(parts.record, docket.case, this.values, (id) => {
      parts.views.querySelector("[value=differences]").checked = true;
      docket.go(docket.all.findIndex((one) => one.id === id));
    });
  }

  toggleView() {
    const { views } = this.parts;
    const whole = views.querySelector(":checked").value === "record";
    views.querySelector(whole ? "[value=differences]" : "[value=record]").checked = true;
    this.#showView();
    if (whole) this.cards.focus();
    else this.parts.record.focus();
  }

  /** Settles the difference in hand and goes on to the next that is open. */
  choose(choice, value = null) {
    return this.#try(async () => {
      const one = this.docket.inHand;
      if (!one || !this.docket.isOpen) return;
      if (choice === "machine" && one.machine.value === null) {
        this.say("The machine has read nothing here. If there is none on the document, press X.");
        return;
      }
      await this.docket.settle({ choice, value, reason: this.#reason() });
      const group = one.alike > 0 ? ` · G rules ${one.alike} more like it together` : "";
      this.say(`${one.label}: ${this.values.text(one.name, one.value) || "not on the document"}${group}`);
      if (!this.docket.next()) this.parts.resolve.focus();
    });
  }

  /** A reason that was changed after the decision belongs to it. */
  keepReason() {
    const one = this.docket.inHand;
    const { choice, reason } = one;
    if (!choice || one.by_itself || this.#reason() === reason) return;
    const decision = { choice, value: choice === "other" ? one.value : null, reason: this.#reason() };
    this.#try(() => this.docket.settle(decision));
  }

  other() {
    const form = this.cards.open?.querySelector(".other");
    if (!form) return;
    form.hidden = false;
    const input = form.querySelector("input, select");
    input.focus();
    input.select?.();
  }

  reason() {
    this.cards.open?.querySelector("[data-reason]")?.focus();
  }

  cause() {
    this.cards.open?.querySelector("[data-cause]")?.focus();
  }

  #reason() {
    return this.cards.open?.querySelector("[data-reason]")?.value.trim() ?? "";
  }

  /** The group takes over how the one in hand is settled, or the one that was settled last. */
  group() {
    return this.#try(async () => {
      const { docket } = this;
      const one = docket.inHand?.choice ? docket.inHand : docket.lastSettled;
      if (!one?.alike) {
        this.say(docket.inHand?.alike ? "Settle this one first, then those like it follow." : "There is nothing like this elsewhere.");
        return;
      }
      docket.go(docket.all.indexOf(one));
      const decision = { choice: one.choice, value: one.choice === "other" ? one.value : null, reason: this.#reason() };
      await this.groupPanel.open(one, decision);
    });
  }

  #leaveGroup() {
    const { ruling, chosen } = this.groupPanel;
    if (ruling !== null) this.say(`${chosen.length + 1} settled together. U takes all of them back.`);
    if (ruling === null || this.docket.next()) this.cards.focus();
    else this.parts.resolve.focus();
  }

  undo() {
    return this.#try(async () => this.say((await this.docket.undo(() => this.flow.reread())) ?? "There is nothing to take back here."));
  }

  next() {
    if (this.docket.at + 1 < this.docket.all.length) this.docket.go(this.docket.at + 1);
    else if (!this.docket.next()) this.parts.resolve.focus();
  }

  previous() {
    this.docket.go(this.docket.at - 1);
  }

  resolve() {
    return this.#try(async () => {
      const { docket } = this;
      if (docket.case?.state === "resolved") {
        await this.flow.next();
      } else if (docket.left) {
        this.say(`${docket.left} ${docket.left === 1 ? "difference is" : "differences are"} left.`);
        if (docket.inHand?.choice) docket.next();
      } else {
        await this.flow.resolve();
      }
    });
  }

  release() {
    return this.#try(() => this.flow.release());
  }

  readGuideline() {
    const guideline = this.docket.case?.guidelines[this.docket.inHand?.name];
    if (guideline) this.#showGuideline(guideline);
    else this.say("There is no guideline for this field yet.");
  }

  #showGuideline(guideline) {
    const { parts } = this;
    parts.guidelineTitle.textContent = `${guideline.title}, version ${guideline.version}`;
    parts.guidelineText.innerHTML = guideline.html;
    parts.guideline.showModal();
  }

  help() {
    listKeys(this.parts.keyList, this.keymap);
    this.parts.keys.showModal();
  }

  showEmpty() {
    history.replaceState(null, "", this.config.urls.adjudicate);
    document.title = "Nothing left · Countersign";
    this.parts.root.dataset.state = "empty";
    this.parts.lookAgain.focus();
  }

  fail(error) {
    if (this.docket.case) {
      toast(error.message, "invalid");
      return;
    }
    this.parts.root.dataset.state = "failed";
    this.parts.failedTitle.textContent = error.body?.title ?? "This adjudication cannot be opened";
    this.parts.failedText.textContent = error.message;
    this.parts.failedNext.focus();
  }

  say(text) {
    this.parts.note.textContent = text;
    this.parts.live.textContent = text;
  }

  /** One thing after the other, so that keys typed ahead meet what the ones before them left. */
  #try(act) {
    this.doing = this.doing.then(act).catch((error) => this.fail(error));
    return this.doing;
  }
}
