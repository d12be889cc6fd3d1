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

/** Longitude of a pixel, degrees. */
export function lonOf(x: number, size: number): number {
  return (x / size - 0.5) * 360;
}

/** Latitude of a pixel, degrees. */
export function latOf(y: number, size: number): number {
  return Math.atan(Math.sinh((0.5 - y / size) * 2 * Math.PI)) / radian;
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
    const [x, y] = [shapes.xy[v] as number, shapes.xy[v + 1] as number];
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
  return mapRings(shapes, feature, (lon, lat, ring) => {
    ring.push(Math.round(pixelX(lon, size)), Math.round(pixelY(lat, size)));
  });
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

/** Corners that are not seen are left out, by the rules of Leaflet's `LineUtil.simplify`. */
export function simplified(ring: Ring, tolerance: number): Ring {
  const square = tolerance * tolerance;
  const reduced = reduce(ring, square);
  const last = reduced.length / 2 - 1;
  const kept = new Uint8Array(last + 1);
  kept[0] = kept[last] = 1;
  mark(reduced, kept, square, 0, last);
  return reduced.filter((_, i) => kept[i >> 1]);
}

function reduce(ring: Ring, square: number): number[] {
  const out = [ring[0] as number, ring[1] as number];
  let before = 0;
  for (let i = 2; i < ring.length; i += 2) {
    const dx = (ring[i] as number) - (ring[before] as number);
    const dy = (ring[i + 1] as number) - (ring[before + 1] as number);
    if (dx * dx + dy * dy <= square) continue;
    out.push(ring[i] as number, ring[i + 1] as number);
    before = i;
  }
  const last = ring.length - 2;
  if (before < last) out.push(ring[last] as number, ring[last + 1] as number);
  return out;
}

function mark(ring: Ring, kept: Uint8Array, square: number, first: number, last: number): void {
  let [most, index] = [0, 0];
  const at = (i: number) => ring[i] as number;
  for (let i = first + 1; i < last; i++) {
    const far = squareToSegment(
      ...([at(2 * i), at(2 * i + 1), at(2 * first), at(2 * first + 1)] as const),
      ...([at(2 * last), at(2 * last + 1)] as const),
    );
    if (far > most) [most, index] = [far, i];
  }
  if (most <= square) return;
  kept[index] = 1;
  mark(ring, kept, square, first, index);
  mark(ring, kept, square, index, last);
}

/** Square of the distance of p from the segment from a to b. */
function squareToSegment(
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
