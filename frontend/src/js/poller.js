// Fires `poll` on the body while the page is looked at: often at first, seldom later. Elements
// listen with hx-trigger="poll from:body" and stop by being replaced by one without a trigger.

const SECOND = 1000;
// [for so long after the start or the last news, this pause between two polls]
const PACES = [
  [30 * SECOND, 2 * SECOND],
  [180 * SECOND, 5 * SECOND],
  [Infinity, 15 * SECOND],
];
// Pages opened at the same moment must not ask at the same moment for ever.
const JITTER = 0.2;

/** Milliseconds until the next poll, `age` ms after the start; `chance` is in [0, 1). */
export function pause(age, chance) {
  const [, pace] = PACES.find(([until]) => age < until);
  return pace * (1 + JITTER * (2 * chance - 1));
}

export function startPolling() {
  let since = performance.now();
  let timer;

  const plan = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(poll, pause(performance.now() - since, Math.random()));
  };
  const poll = () => {
    document.body.dispatchEvent(new CustomEvent("poll", { bubbles: true }));
    plan();
  };
  const quicken = () => {
    since = performance.now();
    plan();
  };

  document.addEventListener("photos-changed", quicken);
  document.addEventListener("visibilitychange", () => {
    since = performance.now();
    if (document.hidden) plan();
    else poll();
  });
  plan();
}
