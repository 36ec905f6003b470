// What the server said of each finding, and on top of it the changes that are still on their way.
//
// A change is {op, target, body, revision}: the UUID the server knows it by, a finding's key or
// SCALE, the fields to send, the revision it was made on. A finding's key is its number as text;
// one that was just drawn goes by "new-<op>" until the server has numbered it.

export const SCALE = "scale";
const NEW = "new-";

export const isNew = (key) => key.startsWith(NEW);
export const newKey = (op) => `${NEW}${op}`;

/** Whether a change draws a finding; all others change what is there. */
export const draws = ({ op, target }) => target === newKey(op);

function afterOutline(finding, polygon) {
  const original = finding.source === "engine" ? (finding.original ?? finding.polygon) : null;
  const edited = finding.source === "engine";
  return { polygon, original, edited, refined: false, measuring: true };
}

const afterReset = ({ original, polygon }) => ({
  polygon: original ?? polygon,
  original: null,
  edited: false,
  measuring: true,
});

/** How a finding will look once the server has taken a change. */
function applied(finding, { body }) {
  const { original, polygon, ...fields } = body;
  const outline = original ? afterReset(finding) : polygon && afterOutline(finding, polygon);
  const decision = body.review ? { reason: "", reviewer: "" } : {};
  return { ...finding, changed_by: "", ...decision, ...fields, ...outline };
}

const drawn = ({ target, body }) => ({
  key: target,
  number: null,
  revision: 0,
  label: "",
  query: "",
  also: [],
  review: "accepted",
  reason: "",
  source: "person",
  edited: false,
  approximate: false,
  refined: false,
  sureness: "",
  sureness_tag: "",
  removed: false,
  original: null,
  share_text: "",
  area_text: "",
  basis: "",
  unmeasured: "",
  reviewer: "",
  changed_by: "",
  measuring: true,
  damage_type: body.damage_type,
  polygon: body.polygon,
});

const MEASURE = ["area_text", "basis", "unmeasured"];

const isMeasuredAnew = (known, told) =>
  known?.revision === told.revision && MEASURE.some((field) => known[field] !== told[field]);

export class Findings {
  /** Changes that the server has not confirmed, oldest first. */
  pending = [];
  #base = new Map();
  #shown = new Map();
  // Full outlines: key -> {revision, polygon}. The list of findings carries simplified ones.
  #full = new Map();

  /** Every finding that counts, as it will be once all is saved; the same object until it changes. */
  get all() {
    return [...this.#shown.values()].filter((finding) => !finding.removed);
  }

  get(key) {
    const finding = this.#shown.get(key);
    return finding?.removed ? undefined : finding;
  }

  /** The revision that a change made now is made on. */
  revision(key) {
    return this.#base.get(key)?.revision ?? 0;
  }

  urlOf(key) {
    return this.#base.get(key)?.url;
  }

  /** Take what the server says. What a person is at, `except`, stays as that person sees it. */
  receive(findings, except) {
    const busy = new Set([except, ...this.pending.map(({ target }) => target)]);
    for (const finding of findings) {
      const known = this.#base.get(String(finding.number));
      const isNewer = finding.revision > (known?.revision ?? 0) && !busy.has(known?.key);
      if (isNewer || isMeasuredAnew(known, finding)) this.confirm(finding);
    }
  }

  /** Put what the server says in place, whatever stood there. */
  confirm(finding) {
    const key = String(finding.number);
    this.#base.set(key, { ...finding, key });
    this.#refresh(key);
  }

  /** Put the changes on a finding on top of what somebody else made of it. */
  rebase(finding) {
    const key = String(finding.number);
    for (const change of this.pending) if (change.target === key) change.revision = finding.revision;
    this.confirm(finding);
  }

  add(change) {
    this.pending.push(change);
    this.#refresh(change.target);
  }

  /** The server took a change and answered with the finding. */
  saved(change, finding) {
    this.#take(change);
    const key = String(finding.number);
    this.#keepOutline(change, key, finding.revision);
    if (draws(change)) this.#rename(change.target, key);
    for (const later of this.pending) if (later.target === key) later.revision = finding.revision;
    this.confirm(finding);
    return key;
  }

  /** Take a change back, and what was built on a drawing that is not to be. */
  drop(change) {
    const gone = draws(change) ? ({ target }) => target === change.target : (other) => other === change;
    this.pending = this.pending.filter((other) => !gone(other));
    this.#refresh(change.target);
  }

  /** Take back every change that is not saved, or every one on a target. */
  dropAll(target) {
    const dropped = this.pending.filter((change) => !target || change.target === target);
    for (const change of dropped) this.drop(change);
  }

  /** The outline with all its points, or undefined until rememberOutline has been told. */
  outline(key) {
    const changes = this.pending.filter(({ target, body }) => target === key && (body.polygon || body.original));
    const last = changes.at(-1);
    if (last) return last.body.polygon ?? this.#shown.get(key).polygon;
    const full = this.#full.get(key);
    return full?.revision === this.revision(key) ? full.polygon : undefined;
  }

  rememberOutline(key, revision, polygon) {
    this.#full.set(key, { revision, polygon });
  }

  /** A saved outline is the one that was sent; a change of anything else leaves it as it is. */
  #keepOutline({ target, body, revision }, key, next) {
    const known = this.#full.get(target);
    const polygon = body.polygon ?? (known?.revision === revision && !body.original ? known.polygon : null);
    if (polygon) this.#full.set(key, { revision: next, polygon });
  }

  #take(change) {
    this.pending = this.pending.filter((other) => other !== change);
  }

  #rename(from, to) {
    this.#shown.delete(from);
    for (const change of this.pending) if (change.target === from) change.target = to;
  }

  #refresh(key) {
    if (key === SCALE) return;
    const own = this.pending.filter(({ target }) => target === key);
    const [first, ...rest] = own;
    const isDrawing = first && draws(first);
    const base = isDrawing ? drawn(first) : this.#base.get(key);
    if (base) this.#shown.set(key, (isDrawing ? rest : own).reduce(applied, base));
    else this.#shown.delete(key);
  }
}
