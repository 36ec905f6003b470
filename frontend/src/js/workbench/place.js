// Between the photo's pixels, y down, and the map's, y up.

import Feature from "ol/Feature.js";
import MultiPolygon from "ol/geom/MultiPolygon.js";
import Point from "ol/geom/Point.js";

import { toShape } from "./geometry.js";

export const toMap = ([x, y]) => [x, -y];
export const toPhoto = ([x, y]) => [x, -y];

/** The map's geometry of a shape. */
export const shapeOnMap = (shape) =>
  new MultiPolygon(shape.map((rings) => rings.map((ring) => [...ring, ring[0]].map(toMap))));

/** Where a label stands: inside the largest part. */
function centreOf(geometry) {
  const parts = geometry.getPolygons().sort((one, other) => other.getArea() - one.getArea());
  return new Point(parts[0].getInteriorPoint().getCoordinates().slice(0, 2));
}

/** A finding as the map shows it; `code` are the two letters of its type. */
export function findingFeature(finding, code) {
  const geometry = shapeOnMap(toShape(finding.polygon));
  return new Feature({
    geometry,
    finding,
    size: geometry.getArea(),
    centre: centreOf(geometry),
    label: `${finding.number ?? ""} ${code}`.trim(),
  });
}
