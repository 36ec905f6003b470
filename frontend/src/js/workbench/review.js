// Judging findings one after the other: what a button or a key does to the one in hand.

const FILTERS = {
  all: () => true,
  proposed: ({ review }) => review === "proposed",
  accepted: ({ review }) => review === "accepted",
  rejected: ({ review }) => review === "rejected",
  drawn: ({ source }) => source === "person",
};

const isOpen = FILTERS.proposed;

/** The findings that the list shows: what the filter lets through, and the one in hand. */
export const listed = ({ findings, filter, selected }) =>
  findings.all.filter((finding) => FILTERS[filter](finding) || finding.key === selected);

export const left = ({ findings }) => findings.all.filter(isOpen).length;

/** How a finding stands, as its outline, icon and word tell it. */
export function statusOf({ review, source }) {
  if (review === "accepted" && source === "person") return "drawn";
  return review;
}

/** Take a finding in hand, or with null none; `isSeen` where it was taken on the picture. */
export function select(desk, key, { isSeen = false } = {}) {
  if (desk.selected === key) return;
  desk.outline.nudged();
  desk.toShow = isSeen ? null : key;
  // What was drawn still waits for its type or length.
  desk.set({ selected: key, asking: desk.sketch ? desk.asking : null });
}

/** Take the next (+1) or previous (-1) of some findings in hand, round and round. */
function stepThrough(desk, findings, by) {
  if (!findings.length) return;
  const { all } = desk.findings;
  const from = all.findIndex(({ key }) => key === desk.selected);
  const order = all.map((_, index) => all.at((from + by * (index + 1)) % all.length));
  // With nothing in hand, one step back is the last one.
  const turned = from < 0 && by < 0 ? [...all].reverse() : order;
  const next = turned.find((finding) => findings.includes(finding));
  select(desk, next.key);
}

export const step = (desk, by) => stepThrough(desk, listed(desk), by);

export const stepToOpen = (desk, by) => stepThrough(desk, desk.findings.all.filter(isOpen), by);

/** Go on after a decision; with nothing left to review, nothing is in hand. */
function goOn(desk) {
  if (left(desk)) stepToOpen(desk, +1);
  else select(desk, null);
}

const judgement = ({ review, reason }) => (review === "rejected" ? { review, reason } : { review });

/** An outline that is not saved comes first: what is said of a finding is said of what is seen. */
function isHeldUp({ outline }) {
  if (outline.isUnsaved) outline.complain();
  return outline.isUnsaved;
}

/** Accept or reject the finding in hand and go on to the next that is not reviewed. */
export function decide(desk, review, reason = "") {
  const finding = desk.findings.get(desk.selected);
  if (!finding || desk.locked) return;
  desk.outline.nudged();
  if (isHeldUp(desk)) return;
  const isNews = finding.review !== review || finding.reason !== reason;
  if (isNews) desk.change(finding.key, judgement({ review, reason }), judgement(finding));
  desk.say(review, { number: finding.number ?? "" });
  desk.set({ asking: null });
  goOn(desk);
}

export const accept = (desk) => decide(desk, "accepted");

/** Ask why first; Enter, or the key again, rejects without a reason. */
export function reject(desk) {
  if (!desk.selected || desk.locked) return;
  if (desk.asking === "reason") decide(desk, "rejected");
  else desk.set({ asking: "reason", askedOf: desk.selected });
}

export function askType(desk) {
  if (desk.selected && !desk.locked) desk.set({ asking: "type", askedOf: desk.selected });
}

export function setType(desk, type) {
  const { damage_type: old, key } = desk.findings.get(desk.selected);
  desk.set({ asking: null });
  if (old !== type) desk.change(key, { damage_type: type }, { damage_type: old });
}

/** Delete: what a person drew goes; what the engine found stays on record, rejected. */
export function remove(desk) {
  const finding = desk.findings.get(desk.selected);
  if (!finding || desk.locked) return;
  if (finding.source === "engine") {
    reject(desk);
    return;
  }
  if (isHeldUp(desk)) return;
  desk.change(finding.key, { removed: true }, { removed: false });
  desk.say("deleted", { number: finding.number ?? "" });
  goOn(desk);
}
