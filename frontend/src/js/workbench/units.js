// The unit that a carrier's people measure in, and metres in one of it.

export const UNITS = { us: { unit: "ft", metres: 0.3048 }, metric: { unit: "m", metres: 1 } };
