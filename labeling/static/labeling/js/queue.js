// What comes next: claiming a task, and having the one after it ready under its own lease.

import { documents, tasks } from "./api.js";
import { Words } from "./words.js";

const PAGES_AHEAD = 2;

export class Queue {
  /** `kind` narrows the work to one kind of task, null to none. */
  constructor(kind = null) {
    this.kind = kind;
    this.ahead = null;
  }

  /** The task with this id, or the best one for this person; null when nothing is left. */
  claim(id = null) {
    return tasks.claim(id === null ? this.#narrowed({}) : { task: id });
  }

  #narrowed(request) {
    return this.kind ? { ...request, kind: this.kind } : request;
  }

  /** Fetches the next task, its words and first pages while the person works on `current`. */
  async prefetch(current) {
    this.ahead = null;
    const task = await tasks.claim(this.#narrowed({ task: current, prefetch: true })).catch(() => null);
    if (!task) return;
    this.ahead = { task, words: wordsOf(task) };
    for (const page of task.document.pages.slice(0, PAGES_AHEAD)) new Image().src = page.image;
  }

  /**
   * The next task, opened at once when it was prefetched. Without a connection the prefetched one is worked on as it is.
   * Throws when there is neither.
   */
  async next() {
    const { ahead } = this;
    this.ahead = null;
    if (!ahead) return { task: await this.claim(), words: null };
    try {
      return { task: await this.claim(ahead.task.id), words: ahead.words };
    } catch (error) {
      if (error.status === undefined) return ahead;
      return { task: await this.claim(), words: null };
    }
  }
}

/** The words of the task's document; empty when they cannot be had, because labeling works without them. */
export async function wordsOf(task) {
  try {
    return new Words((await documents.words(task.document.id)).pages);
  } catch {
    return new Words([]);
  }
}
