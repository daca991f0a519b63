// From document to document: open, submit, skip, postpone, give back; and what happens when the server says no.

import { OfflineError, tasks } from "./api.js";
import { ask } from "./dialogs.js";
import { compare } from "./compare.js";
import { charactersIn, composeSubmission, pathsOf, composeRecord } from "./record.js";
import { keyOfPath } from "./schema.js";
import { offerCorrections, showStep } from "./offer.js";
import { Session } from "./session.js";
import { wordsOf } from "./queue.js";

/** `screen` shows; `dialogs` are the elements {skip, postpone, compare}. */
export class Flow {
  constructor({ screen, desk, queue, delivery, store, windowIdentity, config, dialogs }) {
    Object.assign(this, { screen, desk, queue, delivery, store, windowIdentity, config, dialogs });
    this.busy = false;
    this.agreedTo = null;
  }

  get session() {
    return this.desk.session;
  }

  /** Opens a task on the desk. `words` may have been fetched ahead. */
  async open(task, words = null) {
    this.session?.close();
    const { store, windowIdentity, config } = this;
    const session = await Session.open({ task, schema: this.desk.schema, store, windowIdentity, username: config.username });
    this.agreedTo = null;
    this.desk.lay(session);
    session.sync.addEventListener("stale", ({ detail }) => this.#stale(session, detail.current));
    session.sync.addEventListener("finished", ({ detail }) => this.#finished(session, detail.current));
    session.sync.addEventListener("lost", ({ detail }) => this.#lost(session, detail.detail));
    this.screen.showTask(task);
    (words ?? wordsOf(task)).then((found) => {
      if (this.session === session) this.desk.words = found;
    });
    if (session.leftover.length) await this.#decide(session, session.leftover);
    this.queue.prefetch(task.id);
    this.screen.count();
  }

  /** The next document, or the empty state. */
  next() {
    return this.#guarded(async () => {
      this.session?.close();
      const { task, words } = await this.queue.next();
      if (task) await this.open(task, words);
      else this.screen.showEmpty();
    });
  }

  /** Sends the record. What the server would refuse is shown first; warnings need one more press. */
  submit() {
    return this.#guarded(async () => {
      const { desk, session } = this;
      desk.draft.settle();
      desk.assess();
      const invalid = desk.firstInvalid;
      if (invalid) {
        this.screen.say(`${desk.labelOf(invalid)}: ${desk.findings.get(invalid).message}`);
        this.screen.go(invalid);
        return;
      }
      const { warnings } = desk;
      const seen = JSON.stringify(warnings);
      if (warnings.length && this.agreedTo !== seen) {
        this.agreedTo = seen;
        this.screen.askAgain(warnings);
        return;
      }
      await this.#send(session);
    });
  }

  async #send(session) {
    const { task } = session;
    this.screen.setBusy(`Submitting ${task.document.name}…`);
    const body = this.#body(session);
    await this.delivery.keep(task, body);
    try {
      const flushed = await session.sync.flush();
      if (session.closed || session.sync.stopped) return;
      if (!flushed && !["offline", "signed-out"].includes(session.sync.state)) {
        await this.delivery.forget(task);
        this.screen.say(session.sync.refusal ?? "Not everything is saved yet. Look at it once more, then submit again.");
        return;
      }
      if (!flushed) throw new OfflineError();
      const { gold } = await tasks.submit(task.id, { ...body, version: session.outbox.version });
      offerCorrections(task, body.record, gold);
      showStep(task);
    } catch (error) {
      await this.#notSubmitted(session, error);
      return;
    }
    await this.delivery.forget(task);
    await session.outbox.clear();
    await this.#leave();
  }

  #body({ draft, activity, outbox }) {
    const composed = composeSubmission(draft);
    const { active_ms: activeMs, keystrokes } = activity.totals;
    return {
      ...composed,
      version: outbox.version,
      active_seconds: activeMs / 1000,
      keystrokes,
      keystrokes_saved: Math.max(charactersIn(composed.record) - keystrokes, 0),
    };
  }

  async #notSubmitted(session, error) {
    const { task, sync } = session;
    if (error.status === undefined || error.status === 401 || error.status === 403 || error.status >= 500) {
      this.screen.say(`No connection: ${task.document.name} is kept on this computer and will be submitted by itself.`);
      sync.stop();
      this.session.close();
      this.delivery.left += 1;
      this.screen.info.queued = this.delivery.left;
      if (this.queue.ahead) await this.open(this.queue.ahead.task, this.queue.ahead.words);
      else this.screen.showWaiting(task.document.name);
      return;
    }
    await this.delivery.forget(task);
    const { body } = error;
    if (error.code === "record_invalid") this.#showProblems(body.problems);
    else if (error.code === "stale_version") await this.#stale(session, body.current);
    else if (error.code === "task_finished") await this.#finished(session, body.current);
    else if (error.status === 410 || error.code === "task_withdrawn") await this.#lost(session, error.message);
    else this.screen.say(error.message);
  }

  #showProblems(problems) {
    const { desk } = this;
    const { rows } = composeRecord(desk.draft);
    for (const { path, message } of problems) {
      const key = keyOfPath(path, rows);
      if (key && desk.schema.spec(key)) desk.refused.set(key, { value: desk.draft.cell(key).value, message });
    }
    desk.refresh();
    const [first] = problems;
    this.screen.say(`${first.path}: ${first.message}`);
    if (desk.firstInvalid) this.screen.go(desk.firstInvalid);
  }

  async #stale(session, current) {
    const conflicts = await session.reconcile(current);
    if (conflicts.length) await this.#decide(session, conflicts);
    else this.screen.say("Changes from your other window were taken over.");
  }

  async #decide(session, conflicts) {
    const entries = conflicts.map(({ key, base, mine, theirs }) => ({
      key,
      label: this.desk.labelOf(key),
      base: shown(base ?? session.draft.prediction(key)?.cell),
      mine: shown(mine),
      theirs: shown(theirs),
    }));
    const choices = await compare(this.dialogs.compare, {
      title: "Changed in another window",
      lead: "These values were entered differently in another window of yours. Everything else was put together.",
      mineName: "This window",
      theirsName: "Other window",
      entries,
      choose: true,
      action: "Keep these",
    });
    session.takeTheirs(conflicts.filter(({ key }) => choices.get(key) === "theirs"));
  }

  async #finished(session, current) {
    session.close();
    await this.delivery.forget(session.task);
    const who = current.by_me ? "You have submitted this document from another window" : "Somebody else has submitted it meanwhile";
    await compare(this.dialogs.compare, {
      title: "This document is finished",
      lead: `${who}. Everything you entered is kept in your draft${current.record ? "; these values differ." : "."}`,
      mineName: "Mine",
      theirsName: "Submitted",
      entries: current.record ? differences(session.draft, current.record) : [],
      choose: false,
      action: "Open the next",
    });
    await session.outbox.clear();
    await this.#after();
  }

  async #lost(session, detail) {
    session.close();
    await this.delivery.forget(session.task);
    await compare(this.dialogs.compare, {
      title: "You no longer hold this document",
      lead: detail ?? "The lease ran out and somebody else has the document. Everything you entered is kept in your draft.",
      mineName: "Mine",
      theirsName: "",
      entries: [],
      choose: false,
      action: "Open the next",
    });
    await session.outbox.clear();
    await this.#after();
  }

  /** After a dialog, outside of whatever was running when it opened. */
  #after() {
    this.busy = false;
    return this.next();
  }

  async skip() {
    const answer = await ask(this.dialogs.skip);
    if (answer) await this.#giveUp((id) => tasks.skip(id, { reason: answer.reason, comment: answer.comment }));
  }

  async postpone() {
    const answer = await ask(this.dialogs.postpone);
    if (!answer) return;
    const minutes = answer.minutes === "other" ? Number(answer.other) : Number(answer.minutes);
    await this.#giveUp((id) => tasks.postpone(id, minutes));
  }

  release() {
    return this.#giveUp((id) => tasks.release(id), () => location.assign(this.config.urls.queue));
  }

  /** Saves what is entered, gives the task up by `call`, then goes on. */
  #giveUp(call, then = () => this.#leave()) {
    return this.#guarded(async () => {
      const { session } = this;
      if (!(await session.sync.flush())) {
        this.screen.say("No connection: the document stays open, nothing is lost. Try again when the network is back.");
        return;
      }
      await call(session.task.id);
      session.close();
      await session.outbox.clear();
      await then();
    });
  }

  async #leave() {
    this.screen.setBusy("Opening the next document…");
    this.session.close();
    const { task, words } = await this.queue.next();
    if (task) await this.open(task, words);
    else this.screen.showEmpty();
  }

  async #guarded(run) {
    if (this.busy) return;
    this.busy = true;
    try {
      await run();
    } catch (error) {
      this.screen.fail(error);
    } finally {
      this.busy = false;
      this.screen.setBusy("");
    }
  }
}

function shown(cell) {
  if (!cell) return null;
  return cell.mark ? `(${cell.mark.replace("_", " ")})` : cell.value;
}

/** Fields in which the submitted record differs from this draft. */
function differences(draft, record) {
  const { record: mine, rows } = composeRecord(draft);
  const longer = Math.max(mine.line_items.length, record.line_items.length);
  const ids = Array.from({ length: longer }, (_, index) => rows[index] ?? `row${index}`);
  return pathsOf(draft.schema, ids)
    .map(([path, key]) => {
      const base = draft.prediction(key)?.cell.value ?? null;
      return { key, label: labelOf(draft.schema, path), base, mine: at(mine, path), theirs: at(record, path) };
    })
    .filter((entry) => (entry.mine ?? "") !== (entry.theirs ?? ""));
}

function labelOf(schema, path) {
  const match = /^line_items\[(\d+)\]\.(.+)$/.exec(path);
  return match ? `Row ${Number(match[1]) + 1}, ${schema.columnByName.get(match[2]).label}` : schema.headerByName.get(path).label;
}

function at(record, path) {
  const match = /^line_items\[(\d+)\]\.(.+)$/.exec(path);
  if (match) return record.line_items[Number(match[1])]?.[match[2]] ?? null;
  return path.startsWith("vendor.") ? (record.vendor?.[path.slice(7)] ?? null) : (record[path] ?? null);
}
