// One photo to the server, with patience.

import { csrfToken } from "../csrf.js";
import { forgetKey, keyFor } from "./idempotency.js";

const RETRY_SECONDS = [1, 3, 9];
// Answers that say "not now" and not "not this photo".
const TEMPORARY = [0, 408, 425, 429, 500, 502, 503, 504];

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * What an answer means. Only the agreed words count: a sign-in page that arrives with status 200
 * is not a photo that was kept.
 */
function outcomeOf(status, text) {
  const body = parsed(text);
  if ((status === 200 || status === 201) && body?.photo) return { kind: "sent", ...body };
  if (status === 422 && body?.refused) return { kind: "refused", reason: body.refused, lang: body.lang };
  return { kind: TEMPORARY.includes(status) ? "lost" : "failed", reason: body?.refused };
}

/** Send once; status 0 stands for a connection that broke. */
function post({ url, field, form, file }, onProgress) {
  const data = new FormData(form);
  data.set(field, file, file.name);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Idempotency-Key", keyFor(url, file));
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("loadend", () =>
      resolve(outcomeOf(request.status, request.responseText)),
    );
    request.send(data);
  });
}

/**
 * Send a photo, again after 1, 3 and 9 seconds when the connection or the server fails.
 * Resolves to {kind: "sent", photo, name}, {kind: "refused", reason, lang}, {kind: "lost"} or
 * {kind: "failed"}, these with a reason where the server gave one.
 */
export async function send(parcel, { onProgress, onRetry }) {
  let outcome = await post(parcel, onProgress);
  for (const seconds of RETRY_SECONDS) {
    if (outcome.kind !== "lost") break;
    onRetry(seconds);
    await sleep(seconds);
    outcome = await post(parcel, onProgress);
  }
  if (outcome.kind === "sent" || outcome.kind === "refused") forgetKey(parcel.url, parcel.file);
  return outcome;
}
