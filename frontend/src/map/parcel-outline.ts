/**
 * Where parcels lie in the pixels of a zoom, as Leaflet projects them, without Leaflet: the
 * painter works where there is no window. Pixels count from the north-west corner of the world.
 */
import { pointsOf, type Shapes, scale } from "../geo/flat";
import type { Box, SymbolPlace } from "./symbol-places";

/** Corners of a ring, x and y in turn, not closed. */
export type Ring = readonly number[];

const radius = 6378137;
const radian = Math.PI / 180;
const farthestNorth = 85.0511287798;
const unit = 0.5 / (Math.PI * radius);

/** Pixels of the whole world at a zoom. */
export function worldSize(zoom: number): number {
  return 256 * 2 ** zoom;
}

// In Leaflet's order of operations: the same digits, so the same pixels.
export function pixelX(lon: number, size: number): number {
  return size * (unit * (radius * lon * radian) + 0.5);
}

export function pixelY(lat: number, size: number): number {
  const sin = Math.sin(Math.max(Math.min(farthestNorth, lat), -farthestNorth) * radian);
  return size * (-unit * ((radius * Math.log((1 + sin) / (1 - sin))) / 2) + 0.5);
}

/** Middle and size of a parcel's box in the pixels of zoom 0. */
export interface FlatBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** West, south, east, north of a feature in units; inside out without a shape. */
export function unitBox(shapes: Shapes, feature: number): [number, number, number, number] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const [begin, end] = pointsOf(shapes, feature);
  for (let v = 2 * begin; v < 2 * end; v += 2) {
    const x = shapes.xy[v] as number;
    const y = shapes.xy[v + 1] as number;
    if (x < west) west = x;
    if (x > east) east = x;
    if (y < south) south = y;
    if (y > north) north = y;
  }
  return [west, south, east, north];
}

export function flatBox(shapes: Shapes, feature: number): FlatBox {
  const [west, south, east, north] = unitBox(shapes, feature);
  const [left, right] = [pixelX(west / scale, 256), pixelX(east / scale, 256)];
  const [top, bottom] = [pixelY(north / scale, 256), pixelY(south / scale, 256)];
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
  };
}

/** The rings of a parcel as they are drawn at a zoom: of its symbol, or its own on whole pixels. */
export function ringsAt(
  shapes: Shapes,
  feature: number,
  zoom: number,
  symbol: SymbolPlace | undefined,
): Ring[] {
  if (symbol) return symbolRings(shapes, feature, zoom, symbol);
  const size = worldSize(zoom);
  // A whole layer goes through here for one picture: no call for each corner.
  const { polygons, rings, points, xy } = shapes;
  const found: Ring[] = [];
  const [first, end] = [polygons[feature] as number, polygons[feature + 1] as number];
  for (let r = rings[first] as number; r < (rings[end] as number); r++) {
    const ring: number[] = [];
    for (let v = 2 * (points[r] as number); v < 2 * (points[r + 1] as number); v += 2) {
      ring.push(
        Math.round(pixelX((xy[v] as number) / scale, size)),
        Math.round(pixelY((xy[v + 1] as number) / scale, size)),
      );
    }
    found.push(ring);
  }
  return found;
}

/** On whole pixels nothing would be left of an outline this small. */
function symbolRings(
  shapes: Shapes,
  feature: number,
  zoom: number,
  { scale: enlarged, dx, dy }: SymbolPlace,
): Ring[] {
  const factor = 2 ** zoom;
  const { x, y } = flatBox(shapes, feature);
  const [middleX, middleY] = [x * factor, y * factor];
  return mapRings(shapes, feature, (lon, lat, ring) => {
    const [px, py] = [pixelX(lon, 256) * factor, pixelY(lat, 256) * factor];
    ring.push(
      (px - middleX) * enlarged + (middleX + dx),
      (py - middleY) * enlarged + (middleY + dy),
    );
  });
}

function mapRings(
  { polygons, rings, points, xy }: Shapes,
  feature: number,
  put: (lon: number, lat: number, ring: number[]) => void,
): Ring[] {
  const found: Ring[] = [];
  const first = rings[polygons[feature] as number] as number;
  const end = rings[polygons[feature + 1] as number] as number;
  for (let r = first; r < end; r++) {
    const ring: number[] = [];
    for (let v = points[r] as number; v < (points[r + 1] as number); v++) {
      put((xy[2 * v] as number) / scale, (xy[2 * v + 1] as number) / scale, ring);
    }
    found.push(ring);
  }
  return found;
}

/** The box of rings. */
export function boxOf(rings: readonly Ring[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const [x, y] = [ring[i] as number, ring[i + 1] as number];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    w: (right - left) / 2,
    h: (bottom - top) / 2,
  };
}

/** Whether a point lies inside, or so near the edge. */
export function covers(rings: readonly Ring[], x: number, y: number, near: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [xi, yi] = [ring[i] as number, ring[i + 1] as number];
      const [xj, yj] = [ring[j] as number, ring[j + 1] as number];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
      if (squareToSegment(x, y, xi, yi, xj, yj) <= near * near) return true;
    }
  }
  return inside;
}

/** Square of the distance of p from the segment from a to b. */
export function squareToSegment(
  px: number,
  py: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): number {
  let [x, y] = [ax, ay];
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  if (length > 0) {
    const t = ((px - x) * dx + (py - y) * dy) / length;
    if (t > 1) [x, y] = [bx, by];
    else if (t > 0) [x, y] = [x + dx * t, y + dy * t];
  }
  return (px - x) ** 2 + (py - y) ** 2;
}
