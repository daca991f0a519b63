// Calls to this server: JSON in, JSON out, with the CSRF token of the page.

export class ProblemError extends Error {
  /** A refusal of the server. `code` is stable, `message` a sentence for people, `body` the whole problem. */
  constructor(status, body) {
    super(body.detail || body.title || `The server answered ${status}. Try again; if it stays so, tell an admin.`);
    this.status = status;
    this.code = body.code || "unknown";
    this.body = body;
  }
}

export class OfflineError extends Error {
  constructor() {
    super("The server cannot be reached. Nothing was changed; check the network and try again.");
  }
}

export function csrfToken() {
  return document.body.dataset.csrf;
}

export async function readProblem(response) {
  const isJson = (response.headers.get("content-type") || "").includes("json");
  return new ProblemError(response.status, isJson ? await response.json() : {});
}

/** Calls `url`; answers the parsed body or `null` for 204. Throws `ProblemError` or `OfflineError`. */
export async function callApi(method, url, body) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin" });
  } catch {
    throw new OfflineError();
  }
  if (!response.ok) throw await readProblem(response);
  return response.status === 204 ? null : response.json();
}
