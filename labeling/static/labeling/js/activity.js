// Active time and keys: counted while somebody works, paused after half a minute without a sign of it.

const IDLE_MS = 30_000;
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock"]);

export class Activity {
  /** Starts from the totals of the draft. `now` is a clock in milliseconds. */
  constructor({ activeMs, keystrokes }, now = () => performance.now()) {
    this.activeMs = activeMs;
    this.keystrokes = keystrokes;
    this.now = now;
    this.last = now();
    this.field = { activeMs: 0, keystrokes: 0 };
  }

  /** A sign of work; counts the time since the last one unless it was a pause. */
  sign() {
    const time = this.now();
    const passed = time - this.last;
    this.last = time;
    if (passed > IDLE_MS) return;
    this.activeMs += passed;
    this.field.activeMs += passed;
  }

  key(event) {
    this.sign();
    if (MODIFIERS.has(event.key)) return;
    this.keystrokes += 1;
    this.field.keystrokes += 1;
  }

  /** What went into the field since the last time it was asked. */
  takeField() {
    const taken = { activeMs: Math.round(this.field.activeMs), keystrokes: this.field.keystrokes };
    this.field = { activeMs: 0, keystrokes: 0 };
    return taken;
  }

  get totals() {
    return { active_ms: Math.round(this.activeMs), keystrokes: this.keystrokes };
  }

  /** Binds to a window; answers what unbinds. */
  listen(target) {
    const key = (event) => this.key(event);
    const sign = () => this.sign();
    target.addEventListener("keydown", key, true);
    for (const type of ["pointerdown", "pointermove", "wheel"]) target.addEventListener(type, sign, { capture: true, passive: true });
    return () => {
      target.removeEventListener("keydown", key, true);
      for (const type of ["pointerdown", "pointermove", "wheel"]) target.removeEventListener(type, sign, true);
    };
  }
}
