// How outlines look: line pattern, icon and letters carry the meaning, colour only helps. Each
// line lies on a dark halo, which gives the contrast whatever the photo shows.

import { asArray } from "ol/color.js";
import MultiPoint from "ol/geom/MultiPoint.js";
import { Circle, Fill, Icon, RegularShape, Stroke, Style } from "ol/style.js";

import { statusOf } from "./review.js";

const LINES = {
  proposed: { lineDash: [7, 5], lineCap: "butt", fill: 0.22 },
  accepted: { fill: 0.16 },
  rejected: { lineDash: [1, 5], lineCap: "round" },
  drawn: { lineJoin: "miter", fill: 0.16 },
};
// In a square of 12 pixels.
const ICONS = {
  proposed: "M6 1 11 6 6 11 1 6Z",
  accepted: "M1.5 6.5 4.5 9.5 10.5 2.5",
  rejected: "M2 2 10 10M10 2 2 10",
  drawn: "M1.5 10.5 2.5 7.5 8.5 1.5 10.5 3.5 4.5 9.5Z",
};
// A label on a shape smaller than this, in screen pixels, would hide it.
const ROOM = 26;
const LABEL_HEIGHT = 18;
// Screen pixels between two points, or they are one row of dots.
const DOT_ROOM = 11;

const token = (name) => getComputedStyle(document.body).getPropertyValue(`--${name}`).trim();

function translucent(colour, alpha) {
  const [red, green, blue] = asArray(colour);
  return [red, green, blue, alpha];
}

const COLOURS = {};

/** The colours of the style sheet, once it is there. */
export function readColours() {
  for (const name of ["halo", "proposed", "accepted", "rejected", "drawn", "focus"]) COLOURS[name] = token(name);
}

const remembered = (make) => {
  const known = new Map();
  return (...key) => {
    const name = key.join("|");
    if (!known.has(name)) known.set(name, make(...key));
    return known.get(name);
  };
};

const halo = (width) => new Style({ stroke: new Stroke({ color: translucent(COLOURS.halo, 0.85), width }) });

/** The lines of a status: the halo, then the colour. */
const linesOf = remembered((status) => {
  const { fill, ...line } = LINES[status];
  const colour = COLOURS[status];
  return [
    halo(4.5),
    new Style({
      stroke: new Stroke({ color: colour, width: 2, ...line }),
      fill: fill && new Fill({ color: translucent(colour, fill) }),
    }),
  ];
});

function drawLabel(context, status, text) {
  const { width, height } = context.canvas;
  const scale = height / LABEL_HEIGHT;
  context.scale(scale, scale);
  context.fillStyle = COLOURS.halo;
  context.globalAlpha = 0.85;
  context.beginPath();
  context.rect(0, 0, width / scale, LABEL_HEIGHT);
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = COLOURS[status];
  context.lineWidth = 2;
  context.translate(4, 3);
  context.stroke(new Path2D(ICONS[status]));
  context.fillStyle = "#ffffff";
  context.textBaseline = "middle";
  context.fillText(text, 15, 6.5);
}

const FONT = "600 12px system-ui, sans-serif";

/** The icon of the status, the finding's number and the two letters of its type. */
const labelOf = remembered((status, text) => {
  const scale = window.devicePixelRatio;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  context.font = FONT;
  canvas.width = Math.ceil((context.measureText(text).width + 23) * scale);
  canvas.height = LABEL_HEIGHT * scale;
  context.font = FONT;
  drawLabel(context, status, text);
  return new Style({
    image: new Icon({ img: canvas, scale: 1 / scale }),
    geometry: (feature) => feature.get("centre"),
    zIndex: 1,
  });
});

const hasRoom = (feature, resolution) => {
  const [left, bottom, right, top] = feature.getGeometry().getExtent();
  return Math.min(right - left, top - bottom) / resolution > ROOM;
};

/** The style of a finding that is not in hand. */
export function findingStyle(feature, resolution) {
  const finding = feature.get("finding");
  const status = statusOf(finding);
  const lines = linesOf(status);
  if (!hasRoom(feature, resolution)) return lines;
  return [...lines, labelOf(status, feature.get("label"))];
}

const white = new Stroke({ color: "#ffffff", width: 2.5 });

/** The outline in hand. */
export const selectedStyle = remembered(() => [halo(5), new Style({ stroke: white })]);

const dot = remembered((kind) => {
  const isHeld = kind === "held";
  return new Circle({
    radius: isHeld ? 8 : 4.5,
    fill: new Fill({ color: isHeld ? COLOURS.focus : "#ffffff" }),
    stroke: new Stroke({ color: COLOURS.halo, width: isHeld ? 2.5 : 1.5 }),
  });
});

/** The points that can be told apart; the others are there, and show as one comes closer. */
function apart(points, reach) {
  let last = [Infinity, Infinity];
  return points.filter((point) => {
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < reach) return false;
    last = point;
    return true;
  });
}

/** The points of the outline in hand. */
export const pointsStyle = (feature, resolution) =>
  new Style({
    image: dot("free"),
    geometry: new MultiPoint(apart(feature.getGeometry().getCoordinates(), DOT_ROOM * resolution)),
  });

/** The one that is held. */
export const heldStyle = remembered(() => new Style({ image: dot("held") }));

/** A ghost beside the outline in hand: the engine's own, or that of somebody else. */
export const ghostStyle = remembered((status) => [
  halo(5),
  new Style({ stroke: new Stroke({ color: COLOURS[status], width: 2.5, lineDash: [8, 6] }) }),
]);

/** What is being drawn, and the reference line. */
export const sketchStyle = remembered(() => [
  halo(5),
  new Style({ stroke: white, fill: new Fill({ color: [255, 255, 255, 0.12] }) }),
]);

export const lineEndStyle = remembered(() => [
  new Style({
    image: new Circle({
      radius: 5,
      stroke: new Stroke({ color: "#ffffff", width: 2 }),
      fill: new Fill({ color: COLOURS.halo }),
    }),
  }),
]);

const cross = (radius, stroke) =>
  new Style({ image: new RegularShape({ points: 4, radius, radius2: 0, angle: 0, stroke }) });

export const crosshairStyle = remembered(() => [
  cross(16, new Stroke({ color: COLOURS.halo, width: 5 })),
  cross(15, new Stroke({ color: COLOURS.focus, width: 2 })),
]);
