import OlMap from "ol/Map.js";
import View from "ol/View.js";
import { defaults } from "ol/interaction/defaults.js";
import ImageLayer from "ol/layer/Image.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorImageLayer from "ol/layer/VectorImage.js";
import Projection from "ol/proj/Projection.js";
import ImageStatic from "ol/source/ImageStatic.js";
import VectorSource from "ol/source/Vector.js";

import { box, toShape } from "./geometry.js";
import { handFeatures } from "./hand.js";
import { findingFeature, toMap, toPhoto } from "./place.js";
import { findingStyle, readColours } from "./styles.js";

const WORKING_SIZE = 1024;
// Beyond this many screen pixels per photo pixel there is nothing more to see.
const NEAREST = 1 / 8;
const STAMP = 200;
// A finding that is taken up by key or from the list fills at most so much of the canvas, each way.
const SHARE = 0.5;
// Screen pixels beyond the photo's edge that stay free, so that a point on it can be taken hold of.
const EDGE = 48;
const GLIDE_MS = 200;
const DIMMED = 0.45;

const isStill = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * The photo with its outlines. onPicture(state) tells how far the photo is: "loading" (the small
 * copy is shown), "full", "small-only", "failed" (nothing to show yet).
 */
export class Picture {
  map;
  #photo;
  #extent;
  #features = new Map();
  #shapes = new VectorSource();
  #hand = new VectorSource();
  #shapesLayer;
  #handLayer;

  constructor(target, photo, { codeOf, onPicture }) {
    readColours();
    this.#photo = photo;
    this.codeOf = codeOf;
    this.#extent = [0, -photo.height, photo.width, 0];
    const projection = new Projection({ code: "photo", units: "pixels", extent: this.#extent });
    this.map = new OlMap({
      target,
      controls: [],
      interactions: defaults({ doubleClickZoom: false, keyboard: false, altShiftDragRotate: false, pinchRotate: false }),
      layers: this.#shapeLayers(),
      view: new View({
        projection,
        extent: this.#extent.map((edge, index) => edge + (index < 2 ? -1 : 1) * 0.2 * photo.width),
        constrainOnlyCenter: true,
        minResolution: NEAREST,
        maxResolution: farthest(photo),
        center: [photo.width / 2, -photo.height / 2],
        resolution: photo.width / target.clientWidth || 1,
      }),
    });
    this.fitAll();
    this.#loadPictures(projection, onPicture);
  }

  /** The small copy first; then the full photo, which takes over where it shows more. */
  async #loadPictures(projection, onPicture) {
    const { width, height, working, view } = this.#photo;
    const enough = Math.max(width, height) / WORKING_SIZE / window.devicePixelRatio;
    const layerOf = (url, limits) =>
      new ImageLayer({
        source: new ImageStatic({ url, projection, imageExtent: this.#extent }),
        ...limits,
      });
    const hasSmall = await canLoad(working);
    if (hasSmall) this.map.getLayers().insertAt(0, layerOf(working));
    onPicture(hasSmall ? "loading" : "failed");
    const hasFull = await canLoad(view);
    if (hasFull) this.map.getLayers().insertAt(hasSmall ? 1 : 0, layerOf(view, hasSmall && { maxResolution: enough }));
    if (hasFull || hasSmall) onPicture(hasFull ? "full" : "small-only");
  }

  #shapeLayers() {
    this.#shapesLayer = new VectorImageLayer({ source: this.#shapes, style: findingStyle, imageRatio: 1.6 });
    this.#handLayer = new VectorLayer({
      source: this.#hand,
      updateWhileInteracting: true,
      updateWhileAnimating: true,
    });
    return [this.#shapesLayer, this.#handLayer];
  }

  // --- showing ---

  show(desk) {
    this.#showFindings(desk);
    this.showHand(desk);
    const isAlone = desk.selected !== null || desk.sketch !== null;
    this.#shapesLayer.setOpacity(isAlone ? DIMMED : 1);
    this.#shapesLayer.setVisible(desk.held !== "hidden");
    this.#handLayer.setVisible(desk.held !== "hidden");
  }

  /** What the person has in hand: quick enough for every move of the pointer. */
  showHand(desk) {
    this.#hand.clear(true);
    this.#hand.addFeatures(handFeatures(desk));
  }

  #showFindings({ findings, selected }) {
    const shown = findings.all.filter(({ key }) => key !== selected);
    const keys = new Set(shown.map(({ key }) => key));
    const gone = [...this.#features.keys()].filter((key) => !keys.has(key));
    for (const key of gone) this.#drop(key);
    const fresh = shown.filter((finding) => this.#features.get(finding.key)?.get("finding") !== finding);
    for (const { key } of fresh) this.#drop(key);
    const made = fresh.map((finding) => findingFeature(finding, this.codeOf(finding.damage_type)));
    for (const feature of made) this.#features.set(feature.get("finding").key, feature);
    if (made.length) this.#shapes.addFeatures(made);
  }

  #drop(key) {
    const feature = this.#features.get(key);
    if (!feature) return;
    this.#shapes.removeFeature(feature);
    this.#features.delete(key);
  }

  /** The feature at a place of the map: the smallest that holds it, or one close by, or null. */
  findingAt(coordinate, reach) {
    const sizeOf = (feature) => feature.get("size");
    const [smallest] = this.#shapes
      .getFeaturesAtCoordinate(coordinate)
      .sort((one, other) => sizeOf(one) - sizeOf(other));
    return smallest ?? this.#closeTo(coordinate, reach);
  }

  #closeTo(coordinate, reach) {
    const feature = this.#shapes.getClosestFeatureToCoordinate(coordinate);
    if (!feature) return null;
    const [x, y] = feature.getGeometry().getClosestPoint(coordinate);
    return Math.hypot(x - coordinate[0], y - coordinate[1]) <= reach ? feature : null;
  }

  // --- looking ---

  get view() {
    return this.map.getView();
  }

  /** Photo pixels per screen pixel. */
  get scale() {
    return this.view.getResolution();
  }

  get middle() {
    return toPhoto(this.view.getCenter());
  }

  fitAll() {
    this.view.cancelAnimations();
    this.view.fit(this.#extent, { size: this.map.getSize(), padding: [8, 8, 8, 8] });
  }

  /** Bring a finding into view with what lies round it; one that is well in view stays where it is. */
  lookAt({ polygon }) {
    const extent = extentOf(toShape(polygon));
    const resolution = this.#resolutionFor(extent);
    if (this.#isWellInView(extent, resolution)) return;
    this.#glide(this.#centreFor(extent, resolution), resolution);
  }

  /** No nearer than the photo's own pixels, nor, where the photo is small, than half of it. */
  #resolutionFor([left, bottom, right, top]) {
    const [width, height] = this.map.getSize();
    const whole = this.view.getResolutionForExtent(this.#extent, [width, height]);
    const fitting = Math.max((right - left) / width, (top - bottom) / height) / SHARE;
    return Math.min(whole, Math.max(fitting, Math.min(1, whole / 2)));
  }

  /** In the middle, or as near to it as the photo still fills the canvas. */
  #centreFor([left, bottom, right, top], resolution) {
    const [halfWidth, halfHeight] = this.map.getSize().map((side) => (side / 2 - EDGE) * resolution);
    const [west, south, east, north] = this.#extent;
    return [
      between((left + right) / 2, west + halfWidth, east - halfWidth),
      between((bottom + top) / 2, south + halfHeight, north - halfHeight),
    ];
  }

  #isWellInView([left, bottom, right, top], resolution) {
    if (this.view.getAnimating()) return false;
    const [west, south, east, north] = this.view.calculateExtent(this.map.getSize());
    const isInside = left >= west && right <= east && bottom >= south && top <= north;
    const times = this.scale / resolution;
    return isInside && times > 0.7 && times < 2;
  }

  /** Keep a spot in view, such as the crosshair or the point that a key moves. */
  follow(spot) {
    const [x, y] = toMap(spot);
    const [west, south, east, north] = this.view.calculateExtent(this.map.getSize());
    if (x < west || x > east || y < south || y > north) this.view.setCenter([x, y]);
  }

  zoom(by) {
    this.#glide(this.view.getCenter(), this.scale / 2 ** by);
  }

  #glide(center, resolution) {
    // A kinetic pan that still runs would carry the view away again.
    this.view.cancelAnimations();
    if (!isStill.matches) this.view.animate({ center, resolution, duration: GLIDE_MS });
    else {
      this.view.setCenter(center);
      this.view.setResolution(resolution);
    }
  }

  /** Move the view by screen pixels. */
  pan(dx, dy) {
    const [x, y] = this.view.getCenter();
    this.view.setCenter([x + dx * this.scale, y - dy * this.scale]);
  }
}

/** So far away the photo is a stamp. Whole zoom steps from NEAREST, or the map would not go so near. */
const farthest = ({ width, height }) =>
  NEAREST * 2 ** Math.ceil(Math.log2(Math.max(width, height) / STAMP / NEAREST));

/** Whether a picture loads; the map finds it loaded then, and has nothing to complain of. */
const canLoad = (url) =>
  new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(true);
    image.onerror = () => resolve(false);
    image.src = url;
  });

/** The value, or the bound that it is beyond; the middle where the bounds have changed places. */
const between = (value, least, most) =>
  least > most ? (least + most) / 2 : Math.min(most, Math.max(least, value));

function extentOf(shape) {
  const [left, top, right, bottom] = box(shape);
  return [left, -bottom, right, -top];
}
