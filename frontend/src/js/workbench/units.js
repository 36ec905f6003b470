// Lengths as people type them.

/** Metres in one of each unit. */
export const METRES = { ft: 0.3048, in: 0.0254, m: 1, cm: 0.01 };

/** The units a carrier's people measure in, the usual one first. */
export const UNITS = { us: ["ft", "in"], metric: ["m", "cm"] };

const NUMBER = /^(\d+(?:[.,]\d+)?)?(?:(?:^|\s+)(\d+)\/(\d+))?$/;

/** The number in "5.5", "5,5", "5 5/8" or "5/8"; NaN where it is none. */
export function numberIn(text) {
  const match = text.trim().match(NUMBER);
  if (!match || !match[0]) return NaN;
  const [, whole = "0", top = "0", bottom = "1"] = match;
  return Number(whole.replace(",", ".")) + Number(top) / Number(bottom);
}

/** Metres, or NaN where the text is no length above nothing. */
export function metres(text, unit) {
  const length = numberIn(text) * METRES[unit];
  return length > 0 && Number.isFinite(length) ? length : NaN;
}
