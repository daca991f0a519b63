// Calls to the server for the adjudication screen.

import { call } from "../api.js";

export const cases = {
  claim: (request) => call("POST", "tasks/claim/", request),
  read: (id) => call("GET", `adjudications/${id}/`),
  resolve: (id) => call("POST", `adjudications/${id}/resolve/`, {}),
  reopen: (id) => call("POST", `adjudications/${id}/reopen/`, {}),
  release: (task) => call("POST", `tasks/${task}/release/`, {}),
  keep: (task) => call("PATCH", `tasks/${task}/draft/`, { version: 0, edits: [] }),
};

export const differences = {
  settle: (id, decision) => call("POST", `differences/${id}/settle/`, decision),
  undo: (id) => call("POST", `differences/${id}/undo/`, {}),
  cause: (id, cause) => call("PATCH", `differences/${id}/`, { cause }),
};

export const rulings = {
  preview: (request) => call("POST", "rulings/preview/", request),
  rule: (request) => call("POST", "rulings/", request),
  undo: (id) => call("POST", `rulings/${id}/undo/`, {}),
};
