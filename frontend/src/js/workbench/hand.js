// What a person has in hand, as features: the outline with its points, ghosts beside it, what is
// being drawn, the reference line.

import Feature from "ol/Feature.js";
import LineString from "ol/geom/LineString.js";
import MultiPoint from "ol/geom/MultiPoint.js";
import Point from "ol/geom/Point.js";

import { SCALE } from "./findings.js";
import { pointAt, toShape } from "./geometry.js";
import { shapeOnMap, toMap } from "./place.js";
import {
  crosshairStyle, ghostStyle, heldStyle, lineEndStyle, pointsStyle, selectedStyle, sketchStyle,
} from "./styles.js";

function styled(geometry, style) {
  const feature = new Feature(geometry);
  feature.setStyle(style);
  return feature;
}

const pointsOnMap = (points) => new MultiPoint(points.map(toMap));

function outlineFeatures({ outline, findings, selected, tool }) {
  const finding = findings.get(selected);
  if (!finding) return [];
  const shape = outline.shape ?? toShape(finding.polygon);
  const features = [styled(shapeOnMap(shape), selectedStyle())];
  if (outline.shape && tool === "select") features.push(styled(pointsOnMap(shape.flat(2)), pointsStyle));
  if (outline.point) features.push(styled(pointsOnMap([pointAt(shape, outline.point)]), heldStyle()));
  return features;
}

const ghost = (polygon, status) => [styled(shapeOnMap(toShape(polygon)), ghostStyle(status))];

/** While O is held, what the engine drew; in a disagreement, what the other person drew. */
function ghosts({ held, findings, selected, disagreement }) {
  const original = held === "original" && findings.get(selected)?.original;
  const theirs = disagreement?.target !== SCALE && disagreement?.theirs?.polygon;
  return [...(original ? ghost(original, "proposed") : []), ...(theirs ? ghost(theirs, "drawn") : [])];
}

const lineFeatures = (points) => [
  styled(new LineString(points.map(toMap)), sketchStyle()),
  styled(pointsOnMap(points), lineEndStyle()),
];

function scaleFeatures({ scale, tool }) {
  return scale && tool !== "line" ? lineFeatures([scale.start, scale.end]) : [];
}

function sketchFeatures({ points, at, isClosed, isCrosshair, kind }) {
  const features = [];
  const drawn = isClosed || !at ? points : [...points, at];
  if (drawn.length > 2 && kind !== "line") features.push(styled(shapeOnMap([[drawn]]), sketchStyle()));
  else if (drawn.length > 1) features.push(...lineFeatures(drawn));
  if (points.length && kind !== "line") features.push(styled(pointsOnMap(points), lineEndStyle()));
  if (isCrosshair && at && !isClosed) features.push(styled(new Point(toMap(at)), crosshairStyle()));
  return features;
}

export function handFeatures(desk) {
  return [
    ...scaleFeatures(desk),
    ...ghosts(desk),
    ...outlineFeatures(desk),
    ...(desk.sketch ? sketchFeatures(desk.sketch) : []),
  ];
}
