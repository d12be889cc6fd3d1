import { mapTheme } from "../domain/map-themes";
import { inkOn, type Theme } from "../domain/palette";
import { metresPerDegreeEast } from "../geo/ellipsoid";
import { isArea, linesOf } from "../geo/lines";
import { areaFromM2, muHundredths } from "../geo/mu";
import {
  type AreaGeometry,
  type Bounds,
  labelPlace,
  type Position,
  polygonsOf,
} from "../geo/shapes";
import { meets } from "../geo/site-plan";
import { passes } from "../store/filter";
import type { GroundLayer } from "../store/ground";
import { shownOf } from "../store/shown";
import type { Store } from "../store/store";
import { deskSizes, type PlacedLabel, placeLabels, type WantedLabel } from "./label-places";
import { lookOf, type ParcelLook } from "./parcel-look";
import { pixelX, pixelY, worldSize } from "./parcel-outline";
import { namesFrom, placeNames } from "./place-names";
import { groundColours, lineLook, metresPerPixel } from "./reference-look";
import { roundBelow } from "./scale-bar";
import { type Footprint, isCrowded, placeSymbols, type SymbolPlace } from "./symbol-places";

/** Shapes of one look, as one path of SVG in pixels of the sheet. */
export interface SheetPath {
  readonly key: string;
  readonly path: string;
  readonly fill: string;
  readonly fillOpacity: number;
  readonly stroke: string;
  readonly weight: number;
  readonly opacity: number;
  readonly dashes: string;
}

/** A digit or letter in its parcel. */
export interface SheetMark {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly ink: string;
}

/** The map of a view, drawn for paper: everything in pixels of the sheet, y down, always in the light colours. */
export interface MapSheet {
  readonly ground: readonly SheetPath[];
  readonly units: readonly SheetPath[];
  readonly parcels: readonly SheetPath[];
  /** Round what is late. */
  readonly late: string;
  readonly marks: readonly SheetMark[];
  readonly names: readonly (PlacedLabel & { readonly size: number })[];
  readonly scale: { readonly metres: number; readonly pixels: number };
}

const colours: Theme = "light";
/** From this height in pixels on a parcel has its digit. */
const markFrom = 12;

/** Draws the box of a view (degrees) into a sheet of so many pixels, the box whole and in the middle. */
export function mapSheet(store: Store, seen: Bounds, width: number, height: number): MapSheet {
  const frame = frameOf(seen, width, height);
  return {
    ground: groundPaths(store, frame),
    units: unitPaths(store, frame),
    ...parcelPaths(store, frame),
    names: namesOf(store, frame, width, height),
    scale: scaleOf(frame),
  };
}

/** How degrees become pixels of the sheet, and the box it shows. */
interface Frame {
  readonly zoom: number;
  readonly bounds: Bounds;
  readonly latitude: number;
  at(position: Position): readonly [number, number];
}

function frameOf([west, south, east, north]: Bounds, width: number, height: number): Frame {
  const [left, right, top, bottom] = [
    pixelX(west, 1),
    pixelX(east, 1),
    pixelY(north, 1),
    pixelY(south, 1),
  ];
  const size = Math.min(width / (right - left), height / (bottom - top));
  const [x0, y0] = [
    ((left + right) / 2) * size - width / 2,
    ((top + bottom) / 2) * size - height / 2,
  ];
  // What the sheet shows beyond the box where their shapes differ.
  const more = [width / size / (right - left), height / size / (bottom - top)].map(
    (times) => (times - 1) / 2,
  );
  const [moreX = 0, moreY = 0] = more;
  return {
    zoom: Math.log2(size / worldSize(0)),
    latitude: (south + north) / 2,
    bounds: [
      west - (east - west) * moreX,
      south - (north - south) * moreY,
      east + (east - west) * moreX,
      north + (north - south) * moreY,
    ],
    at: ([lon = 0, lat = 0]) => [pixelX(lon, size) - x0, pixelY(lat, size) - y0],
  };
}

type Placed = (position: Position) => readonly [number, number];

const joined = (points: readonly Position[], at: Placed) =>
  points
    .map((each) =>
      at(each)
        .map((n) => n.toFixed(1))
        .join(" "),
    )
    .join("L");

function areaPath(geometry: AreaGeometry, at: Placed): string {
  return polygonsOf(geometry)
    .flat()
    .map((ring) => `M${joined(ring, at)}Z`)
    .join("");
}

const plain = { fill: "none", fillOpacity: 1, stroke: "none", weight: 0, opacity: 1, dashes: "" };

/** Lakes, then banks below all water, casings below all roads, the broad ones last. */
function groundPaths(store: Store, { at, zoom, latitude }: Frame): SheetPath[] {
  const perPixel = metresPerPixel(zoom, latitude);
  const { bank, water } = groundColours[colours];
  const order: readonly GroundLayer[] = ["water", "roads"];
  return order.flatMap((layer) => {
    const features = store.ground.value.get(layer) ?? [];
    const lakes = features.flatMap(({ geometry }, i) =>
      isArea(geometry)
        ? [
            {
              ...plain,
              key: `${layer}${i}`,
              path: areaPath(geometry, at),
              fill: water,
              stroke: bank,
              weight: 1,
            },
          ]
        : [],
    );
    const kinds = [...new Set(features.map(({ properties }) => properties.class))];
    const looks = kinds
      .map((kind) => ({ kind, look: lineLook(layer, kind, colours, perPixel) }))
      .sort((a, b) => a.look.order - b.look.order);
    const lines = (["edge", "fill"] as const).flatMap((part) =>
      looks.map(({ kind, look }) => ({
        ...plain,
        key: `${layer} ${part} ${kind}`,
        path: features
          .filter(({ geometry, properties }) => properties.class === kind && !isArea(geometry))
          .flatMap(({ geometry }) => linesOf(geometry).map((line) => `M${joined(line, at)}`))
          .join(""),
        stroke: look[part].color,
        weight: look[part].weight,
      })),
    );
    return [...lakes, ...lines];
  });
}

function unitPaths({ units }: Store, { at }: Frame): SheetPath[] {
  return units.value.map(({ geometry, properties: { code, outside } }) => ({
    ...plain,
    key: code,
    path: areaPath(geometry, at),
    fill: outside ? "#E3E7EC" : "none",
    fillOpacity: outside ? 0.7 : 1,
    stroke: "#56637A",
    weight: 1.4,
    dashes: "8 3 2 3",
  }));
}

function parcelPaths(store: Store, frame: Frame): Pick<MapSheet, "parcels" | "late" | "marks"> {
  const { filter, cases, today, campaign, parcels, mapTheme: code } = store;
  const scene = {
    ...{ theme: mapTheme(code.value), colours, today: today.value, campaign: campaign.value },
  } as const;
  const seen = [...parcels.all()].filter(({ bounds }) => meets(bounds, frame.bounds));
  const symbols = symbolsOf(seen, frame.zoom);
  const byLook = new Map<string, { look: ParcelLook; paths: string[] }>();
  const [late, marks]: [string[], SheetMark[]] = [[], []];
  for (const { geometry, bounds, properties } of seen) {
    const shown = shownOf(properties, cases, filter);
    const look = lookOf(shown, scene, !shown.listed || !passes(filter, shown, today.value));
    const [west, south, east, north] = bounds;
    const [[left, top], [right, bottom]] = [frame.at([west, north]), frame.at([east, south])];
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const { scale, dx, dy } = symbols.get(properties.id) ?? { scale: 1, dx: 0, dy: 0 };
    const path = areaPath(geometry, (position) => {
      const [px, py] = frame.at(position);
      return [x + (px - x) * scale + dx, y + (py - y) * scale + dy];
    });
    const { fillColor, fillOpacity, color, opacity, dashArray } = look.style;
    const key = [fillColor, fillOpacity, color, opacity, dashArray].join(" ");
    const mine = byLook.get(key) ?? { look, paths: [] };
    mine.paths.push(path);
    byLook.set(key, mine);
    if (look.late > 0) late.push(path);
    if (look.digit && Math.min(bottom - top, right - left) * scale >= markFrom) {
      marks.push({ x: x + dx, y: y + dy, text: look.digit, ink: inkOn(look.ground) });
    }
  }
  return {
    parcels: [...byLook].map(([key, each]) => parcelPath(key, each)),
    late: late.join(""),
    marks,
  };
}

function parcelPath(
  key: string,
  { look, paths }: { look: ParcelLook; paths: string[] },
): SheetPath {
  const {
    fillColor = "none",
    fillOpacity = 1,
    color = "none",
    opacity = 1,
    dashArray,
  } = look.style;
  return {
    ...{ key, path: paths.join(""), fill: fillColor, fillOpacity },
    ...{ stroke: color, weight: 0.6, opacity, dashes: String(dashArray ?? "") },
  };
}

/** Far out a parcel is a symbol of its land, as on the screen. */
function symbolsOf(
  seen: readonly { readonly bounds: Bounds; readonly properties: { id: number; m2: number } }[],
  zoom: number,
): ReadonlyMap<number, SymbolPlace> {
  const footprints = seen.map(({ bounds: [west, south, east, north], properties }): Footprint => {
    const [left, right] = [pixelX(west, 256), pixelX(east, 256)];
    const [top, bottom] = [pixelY(north, 256), pixelY(south, 256)];
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
    const mu = muHundredths(areaFromM2(properties.m2)) / 100;
    return { id: properties.id, ...middle, width: right - left, height: bottom - top, mu };
  });
  return placeSymbols(footprints, zoom, isCrowded(footprints.length, zoom));
}

interface SheetLabel extends WantedLabel {
  readonly size: number;
}

/** Names of the units, then of parks, blocks and villages as far as they are shown, where each has room. */
function namesOf(store: Store, frame: Frame, width: number, height: number) {
  const units = store.units.value.map(
    ({ geometry, properties: { label, outside } }): SheetLabel => {
      const [x, y] = frame.at(labelPlace(geometry).at);
      const size = deskSizes.character[outside ? "outside" : "unit"];
      return { text: label, outside: outside ?? false, anchor: { x, y }, size };
    },
  );
  const near = placeNames(store, frame.zoom).filter(({ kind }) => frame.zoom >= namesFrom[kind]);
  const places = near.map(({ text, lon, lat }): SheetLabel => {
    const [x, y] = frame.at([lon, lat]);
    return { text, outside: true, anchor: { x, y: y - 14 }, size: deskSizes.character.outside };
  });
  const inside = ({ anchor: { x, y } }: SheetLabel) =>
    x > 40 && y > 20 && x < width - 40 && y < height - 20;
  return placeLabels([...units, ...places].filter(inside)).map((each) => ({
    ...each,
    size: each.label.size,
  }));
}

function scaleOf({ at, bounds, latitude }: Frame): MapSheet["scale"] {
  const [west, , east] = bounds;
  const [[left], [right]] = [at([west, latitude]), at([east, latitude])];
  // On the ellipsoid, as the bar on the screen.
  const perPixel = ((east - west) * metresPerDegreeEast(latitude)) / (right - left);
  const metres = roundBelow(180 * perPixel);
  return { metres, pixels: metres / perPixel };
}
