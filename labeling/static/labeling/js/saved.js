// Whether a value has reached the server: the icon and the words for it, the same in the field list, the grid and the note.

export const SAVED = {
  pending: { icon: "clock", words: "Not saved yet; kept on this computer" },
  saved: { icon: "check", words: "Saved" },
};

/** The words of pending | saved | "". */
export function savedWords(state) {
  return SAVED[state]?.words ?? "";
}
