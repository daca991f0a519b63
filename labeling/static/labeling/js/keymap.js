// Keys: how a key press is written ("Ctrl+Shift+Z"), which action it stands for, and what a person may choose.

/** Chords that belong to the browser; a page that takes them loses tabs, bookmarks or windows. */
const FORBIDDEN = new Set([
  ...["D", "U", "L", "W", "T", "N", "R", "P", "F"].map((letter) => `Ctrl+${letter}`),
  ...["F5", "F11", "F12", "Tab", "Shift+Tab"],
]);
const LONE_MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "Dead", "Unidentified", "Process"]);
const NAMES = { " ": "Space", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", "=": "+", "-": "−" };

/** The chord of a key press, null while only modifiers are down or an input method is composing. */
export function chordOf(event) {
  if (LONE_MODIFIERS.has(event.key) || event.isComposing) return null;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey) parts.push("Shift");
  parts.push(keyName(event));
  return parts.join("+");
}

function keyName(event) {
  const letter = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
  if (event.altKey && letter) return letter;
  if (event.altKey && event.code === "Equal") return "=";
  return event.key.length === 1 ? event.key.toUpperCase() : event.key;
}

/** The chord for reading: "Alt ↑". */
export function readableChord(chord) {
  const parts = chord.endsWith("++") ? [...chord.slice(0, -2).split("+"), "+"] : chord.split("+");
  return parts.map((part) => NAMES[part] ?? part).join(" ");
}

/** Actions with the person's own keys. `actions`: [{id, label, group, keys, when}]. */
export class Keymap {
  constructor(actions, chosen = {}) {
    this.actions = actions;
    this.chosen = { ...chosen };
  }

  keysOf(action) {
    const own = this.chosen[action.id];
    return typeof own === "string" ? [own] : action.keys;
  }

  /** The active action behind a chord, or null. */
  find(chord) {
    return this.actions.find((action) => this.keysOf(action).includes(chord) && (action.when?.() ?? true)) ?? null;
  }

  /** Why an action cannot have a chord: a sentence, or "" when it can. */
  conflict(action, chord) {
    if (FORBIDDEN.has(chord)) return `${readableChord(chord)} belongs to the browser.`;
    if (chord.length === 1 || /^Shift\+.$/.test(chord)) return `${readableChord(chord)} is needed for typing; hold Ctrl or Alt with it.`;
    const other = this.actions.find((candidate) => candidate !== action && this.keysOf(candidate).includes(chord));
    return other ? `${readableChord(chord)} is “${other.label}”. Give that one another key first.` : "";
  }

  choose(action, chord) {
    this.chosen[action.id] = chord;
  }

  reset() {
    this.chosen = {};
  }
}
