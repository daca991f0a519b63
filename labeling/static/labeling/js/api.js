// Calls to the server for the labeling screen. The CSRF token comes from the cookie each time, because signing in
// again in another window changes it.

import { OfflineError, ProblemError, csrfToken } from "../../countersign/http.js";

const TIMEOUT_MS = 20_000;
const ROOT = "/api/v1/";

export { OfflineError, ProblemError };

function headers() {
  const cookie = document.cookie.split("; ").find((entry) => entry.startsWith("csrftoken="));
  return {
    Accept: "application/json",
    "Content-Type": "application/json",
    "X-CSRFToken": cookie ? cookie.slice("csrftoken=".length) : csrfToken(),
  };
}

/** The parsed body, null for 204. Throws ProblemError for a refusal, OfflineError when there is no answer. With `keepalive` it is sent though
    the page is left meanwhile: for what nobody waits for. */
export async function call(method, path, body, { keepalive = false } = {}) {
  const options = { method, headers: headers(), credentials: "same-origin", keepalive, signal: AbortSignal.timeout(TIMEOUT_MS) };
  if (body !== undefined) options.body = JSON.stringify(body);
  let response;
  try {
    response = await fetch(ROOT + path, options);
  } catch {
    throw new OfflineError();
  }
  if (response.status === 204) return null;
  const text = await response.text().catch(() => {
    throw new OfflineError();
  });
  const parsed = parse(text);
  if (response.ok && parsed !== undefined) return parsed;
  if (response.ok || response.status >= 502) throw new OfflineError();
  throw new ProblemError(response.status, parsed ?? {});
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const tasks = {
  claim: (request = {}) => call("POST", "tasks/claim/", request),
  save: (id, body, options) => call("PATCH", `tasks/${id}/draft/`, body, options),
  submit: (id, body) => call("POST", `tasks/${id}/submit/`, body),
  release: (id) => call("POST", `tasks/${id}/release/`, {}),
  skip: (id, body) => call("POST", `tasks/${id}/skip/`, body),
  postpone: (id, minutes) => call("POST", `tasks/${id}/postpone/`, { minutes }),
  counters: () => call("GET", "tasks/counters/"),
};

export const documents = { words: (id) => call("GET", `documents/${id}/words/`) };

export const corrections = {
  offers: (gold, vendorBefore) => call("GET", `corrections/?gold=${gold}${vendorBefore ? `&vendor_before=${vendorBefore}` : ""}`),
};

export const guidance = {
  of: (task) => call("GET", `tasks/${task}/guidance/`),
  seen: (last) => call("POST", "guidelines/read/", { last }, { keepalive: true }),
};

export const me = {
  read: () => call("GET", "me/"),
  prefer: (preferences) => call("PATCH", "me/", { preferences }, { keepalive: true }),
};
