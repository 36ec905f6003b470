// One request to the server, and what its answer means.

import { csrfToken } from "../csrf.js";

// Answers that say "not now" and not "not this".
const TEMPORARY = [408, 425, 429, 500, 502, 503, 504];
const KINDS = { 200: "done", 201: "done", 409: "closed", 412: "conflict" };

async function parsed(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function headersFor({ tag, body }) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (body) headers["Content-Type"] = "application/json";
  if (tag !== undefined) headers["If-Match"] = `"${tag}"`;
  return headers;
}

/**
 * Ask the server. Resolves to {kind, body}, body being null where the answer was not JSON:
 * - done: it did what was asked
 * - conflict: somebody else was first; body says who, and how things stand
 * - closed: nothing may be changed any more; body.refused says why
 * - signed-out: the person must sign in again; then it can be asked again
 * - refused: this cannot be done; body?.refused says why
 * - lost: no answer, or none that counts; ask again later
 */
export async function ask(url, { method = "GET", body, tag } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: headersFor({ tag, body }),
      body: body && JSON.stringify(body),
      redirect: "manual",
    });
  } catch {
    return { kind: "lost", body: null };
  }
  const answer = await parsed(response);
  return { kind: kindOf(response, answer), body: answer };
}

function kindOf({ type, status }, answer) {
  // Only our own sentence forbids for good; a 403 of anything else, such as a proxy, may pass.
  if (status === 403) return answer?.refused && !answer.signed_out ? "closed" : "signed-out";
  if (type === "opaqueredirect" || TEMPORARY.includes(status)) return "lost";
  // A page of somebody else's that arrives with status 200 is no answer.
  return KINDS[status] && !answer ? "lost" : (KINDS[status] ?? "refused");
}
