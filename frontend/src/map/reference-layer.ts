import L from "leaflet";
import type { ReferenceFeature } from "../api/client";
import type { Theme } from "../domain/palette";
import { isArea, linesOf } from "../geo/lines";
import { labelPlace, type Position } from "../geo/shapes";
import type { GroundLayer } from "../store/ground";
import { latLngsOf } from "./lat-lngs";
import { groundColours, lineLook, metresPerPixel } from "./reference-look";
import { nameCharacter, placeNames, type WantedName } from "./reference-names";
import type { Box } from "./symbol-places";

/** From this zoom on rivers and lakes have names. */
const namesFrom = 13;

/** Beyond its edges by this many pixels a line is not followed for its name. */
const nearView = 4000;

type Layers = ReadonlyMap<GroundLayer, readonly ReferenceFeature[]>;
interface Way {
  line: L.Polyline;
  part: "edge" | "fill";
  layer: GroundLayer;
  kind: string;
}

/** Rivers, lakes and roads under the parcels, on a canvas of their own; they take no clicks. */
export class ReferenceLayer {
  private readonly renderer: L.Canvas;
  private readonly shapes = L.layerGroup();
  private readonly names = L.layerGroup();
  private ways: Way[] = [];
  private lakes: L.Polygon[] = [];
  private layers: Layers = new Map();
  private theme: Theme = "light";

  /** `taken`: the boxes of names of land, which have the right of way, and of what lies over the map (layer pixels). */
  constructor(
    private readonly map: L.Map,
    private readonly taken: () => readonly Box[],
  ) {
    map.createPane("reference").classList.add("reference-pane");
    map.createPane("reference-names").classList.add("reference-names-pane");
    this.renderer = L.canvas({ pane: "reference", padding: 0.25 });
    this.shapes.addTo(map);
    this.names.addTo(map);
    map.on("zoomend", () => this.restyle());
  }

  /** Draws these layers: banks below all water, casings below all roads, roads above water. */
  show(layers: Layers, theme: Theme): void {
    this.layers = layers;
    this.theme = theme;
    this.shapes.clearLayers();
    this.ways = [];
    this.lakes = [];
    this.drawWater(layers.get("water") ?? []);
    this.drawLines("roads", layers.get("roads") ?? []);
    this.restyle();
    this.name();
  }

  /** Takes on the colours of a theme. */
  wear(theme: Theme): void {
    this.theme = theme;
    this.restyle();
  }

  private drawWater(features: readonly ReferenceFeature[]): void {
    // Lakes first: a river's fill then runs over the shore where it enters.
    for (const { geometry } of features) {
      if (!isArea(geometry)) continue;
      const options = { ...this.options(), weight: 1.2, fillOpacity: 1 };
      const lake = L.polygon(latLngsOf(geometry), options);
      this.lakes.push(lake);
      this.shapes.addLayer(lake);
    }
    this.drawLines("water", features);
  }

  private drawLines(layer: GroundLayer, features: readonly ReferenceFeature[]): void {
    const lines = features.filter(({ geometry }) => !isArea(geometry));
    const order = ({ properties }: ReferenceFeature) =>
      lineLook(layer, properties.class, this.theme, 1).order;
    lines.sort((a, b) => order(a) - order(b));
    for (const part of ["edge", "fill"] as const) {
      for (const { geometry, properties } of lines) {
        const latLngs = linesOf(geometry).map((line) => line.map(toLatLng));
        const line = L.polyline(latLngs, { ...this.options(), fill: false });
        this.ways.push({ line, part, layer, kind: properties.class });
        this.shapes.addLayer(line);
      }
    }
  }

  private options(): L.PolylineOptions {
    const caps = { lineCap: "round", lineJoin: "round" } as const;
    return { renderer: this.renderer, pane: "reference", interactive: false, ...caps, opacity: 1 };
  }

  private restyle(): void {
    const colours = groundColours[this.theme];
    const perPixel = metresPerPixel(this.map.getZoom(), this.map.getCenter().lat);
    for (const lake of this.lakes) lake.setStyle({ color: colours.bank, fillColor: colours.water });
    for (const { line, part, layer, kind } of this.ways) {
      line.setStyle(lineLook(layer, kind, this.theme, perPixel)[part]);
    }
  }

  /** Names the water anew: the map was moved, or what is taken is other. */
  name(): void {
    this.names.clearLayers();
    if (this.map.getZoom() < namesFrom) return;
    const size = this.map.getSize();
    const view = L.bounds([0, 0], [size.x, size.y]);
    const wanted = (this.layers.get("water") ?? []).flatMap((feature) => this.wanted(feature));
    for (const { text, at, degrees } of placeNames(wanted, view, this.takenBounds())) {
      const icon = L.divIcon({
        className: "reference-name",
        html: turned(text, degrees),
        iconSize: [0, 0],
      });
      const options = { icon, pane: "reference-names", interactive: false, keyboard: false };
      this.names.addLayer(L.marker(this.map.containerPointToLatLng(at), options));
    }
  }

  /** Where the name of a feature might stand. */
  private wanted({ geometry, properties }: ReferenceFeature): WantedName[] {
    const text = properties.label;
    if (!text) return [];
    if (isArea(geometry)) {
      const { at, width } = labelPlace(geometry);
      const ends = [-1, 1].map((side) => [at[0] + (side * width) / 2, at[1]]);
      return [{ text, along: ends.map((end) => this.pixel(end)), best: this.pixel(at) }];
    }
    const size = this.map.getSize();
    const near = L.bounds([-nearView, -nearView], [size.x + nearView, size.y + nearView]);
    const lines = linesOf(geometry).map((line) => line.map((at) => this.pixel(at)));
    const along = longest(lines.flatMap((line) => runs(line, near)));
    return [{ text, along, best: size.divideBy(2) }];
  }

  private pixel([x = 0, y = 0]: Position): L.Point {
    return this.map.latLngToContainerPoint([y, x]);
  }

  /** In pixels of the container. */
  private takenBounds(): L.Bounds[] {
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    return this.taken().map(({ x, y, w, h }) => {
      const middle = L.point(x, y).subtract(origin);
      return L.bounds(middle.subtract([w, h]), middle.add([w, h]));
    });
  }
}

/** The pieces of a line whose points all lie within the box. */
function runs(line: readonly L.Point[], near: L.Bounds): L.Point[][] {
  const pieces: L.Point[][] = [];
  let piece: L.Point[] = [];
  for (const point of line) {
    if (near.contains(point)) piece.push(point);
    else {
      pieces.push(piece);
      piece = [];
    }
  }
  return [...pieces, piece];
}

function longest(pieces: readonly L.Point[][]): L.Point[] {
  return pieces.reduce((best, piece) => (piece.length > best.length ? piece : best), []);
}

function toLatLng([x = 0, y = 0]: Position): L.LatLngTuple {
  return [y, x];
}

/** Text as text: a name from the server is never read as markup. */
function turned(text: string, degrees: number): HTMLElement {
  const element = document.createElement("span");
  element.textContent = text;
  element.style.fontSize = `${nameCharacter}px`;
  element.style.transform = `translate(-50%, -50%) rotate(${degrees.toFixed(1)}deg)`;
  return element;
}
