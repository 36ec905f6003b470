// Outlines as plain data. A shape is a list of polygons, a polygon a list of rings (first its edge,
// then its openings), a ring a list of [x, y] without the closing point. Pixels of the upright
// photo, y down. A path [polygon, ring, index] names a point. Nothing here changes what it is given.

import simplify from "simplify-js";

const FEWEST = 3;

const opened = (ring) => ring.slice(0, -1).map(([x, y]) => [x, y]);
const closed = (ring) => [...ring, ring[0]];

/** The shape of a GeoJSON Polygon or MultiPolygon. */
export function toShape({ type, coordinates }) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.map((rings) => rings.map(opened));
}

export const toGeoJSON = (shape) => ({
  type: "MultiPolygon",
  coordinates: shape.map((rings) => rings.map(closed)),
});

/** Square pixels inside a ring, whichever way round it goes. */
export function ringArea(ring) {
  let doubled = 0;
  ring.forEach(([x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length];
    doubled += x * nextY - nextX * y;
  });
  return Math.abs(doubled) / 2;
}

/** Square pixels of a shape, its openings taken out. */
export const area = (shape) =>
  shape
    .map(([edge, ...openings]) => openings.reduce((sum, ring) => sum - ringArea(ring), ringArea(edge)))
    .reduce((sum, part) => sum + part, 0);

/** The path of every point, in the order in which a person steps through them. */
export const paths = (shape) =>
  shape.flatMap((rings, polygon) =>
    rings.flatMap((ring, place) => ring.map((_, index) => [polygon, place, index])),
  );

export const pointAt = (shape, [polygon, ring, index]) => shape[polygon]?.[ring]?.[index];

/** With one ring made anew. A ring that became too short goes; an edge takes its polygon with it. */
function withRing(shape, [polygon, place], change) {
  const rings = shape[polygon].map((ring, index) => (index === place ? change(ring) : ring));
  const kept = rings[0].length < FEWEST ? [] : rings.filter((ring) => ring.length >= FEWEST);
  return shape.map((old, index) => (index === polygon ? kept : old)).filter((old) => old.length);
}

export const moved = (shape, path, point) =>
  withRing(shape, path, (ring) => ring.map((old, index) => (index === path[2] ? point : old)));

/** A new point after the one at `path`. */
export const inserted = (shape, path, point) =>
  withRing(shape, path, (ring) => [...ring.slice(0, path[2] + 1), point, ...ring.slice(path[2] + 1)]);

/** Without the point at `path`; null where no outline would be left. */
export function removed(shape, path) {
  const rest = withRing(shape, path, (ring) => ring.filter((_, index) => index !== path[2]));
  return rest.length ? rest : null;
}

export function middleAfter(shape, [polygon, place, index]) {
  const ring = shape[polygon][place];
  const [x, y] = ring[index];
  const [nextX, nextY] = ring[(index + 1) % ring.length];
  return [(x + nextX) / 2, (y + nextY) / 2];
}

export const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

function onSegment([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return [ax + along * dx, ay + along * dy];
}

function nearest(candidates, reach) {
  let best = null;
  for (const candidate of candidates) {
    if (candidate.away <= (best?.away ?? reach)) best = candidate;
  }
  return best;
}

/** The path of the point nearest to `spot` and no farther than `reach`, or null. */
export function nearestPoint(shape, spot, reach) {
  const candidates = paths(shape).map((path) => ({ path, away: distance(spot, pointAt(shape, path)) }));
  return nearest(candidates, reach)?.path ?? null;
}

/** {path, point}: where an edge passes nearest to `spot`, and the point it starts from, or null. */
export function nearestEdge(shape, spot, reach) {
  const candidates = paths(shape).map((path) => {
    const ring = shape[path[0]][path[1]];
    const point = onSegment(spot, ring[path[2]], ring[(path[2] + 1) % ring.length]);
    return { path, point, away: distance(spot, point) };
  });
  return nearest(candidates, reach);
}

function ringHolds(ring, [x, y]) {
  let inside = false;
  ring.forEach(([ax, ay], index) => {
    const [bx, by] = ring.at(index - 1);
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

const polygonHolds = ([edge, ...openings], spot) =>
  ringHolds(edge, spot) && !openings.some((ring) => ringHolds(ring, spot));

export const holds = (shape, spot) => shape.some((rings) => polygonHolds(rings, spot));

/** With `ring` cut out of the polygon that holds all of it; null where none does. */
export function withOpening(shape, ring) {
  const holdsAll = (rings) => ring.every((point) => polygonHolds(rings, point)) && !crosses([[...rings, ring]]);
  const at = shape.findIndex(holdsAll);
  if (at < 0) return null;
  return shape.map((rings, index) => (index === at ? [...rings, ring] : rings));
}

const side = ([ax, ay], [bx, by], [x, y]) => Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));

const segmentsCross = ([a, b], [c, d]) =>
  side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;

/** Whether any two edges of a shape cross. */
export function crosses(shape) {
  const edgesOf = (ring) => ring.map((point, index) => [point, ring[(index + 1) % ring.length]]);
  const edges = shape.flat().flatMap(edgesOf);
  return edges.some((edge, index) => edges.slice(index + 1).some((other) => segmentsCross(edge, other)));
}

function simplifiedRing(ring, tolerance) {
  const points = simplify(ring.map(([x, y]) => ({ x, y })), tolerance, true);
  return points.length < FEWEST ? ring : points.map(({ x, y }) => [x, y]);
}

/** Fewer points, the outline nowhere off by more than `tolerance` pixels; unchanged if edges would cross. */
export function simplified(shape, tolerance) {
  const fewer = shape.map((rings) => rings.map((ring) => simplifiedRing(ring, tolerance)));
  return crosses(fewer) ? shape : fewer;
}

/** [left, top, right, bottom] */
export function box(shape) {
  const points = shape.flat(2);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** The spot, or where it would leave the photo the nearest one on its edge. */
export const inside = ({ width, height }, [x, y]) => [
  Math.min(width, Math.max(0, x)),
  Math.min(height, Math.max(0, y)),
];
