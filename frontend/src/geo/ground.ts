/** Ground that is drawn: a multipolygon whose rings are closed, in degrees of EPSG:4490, changed by values. */
import { fromPlane, toPlane } from "./crs";
import { eccentricity2, semiMajor } from "./ellipsoid";
import type { Bounds, Position } from "./shapes";

/** Polygons of rings of positions; the first position of a ring is also its last. */
export type Ground = readonly (readonly (readonly Position[])[])[];

/** A corner: which polygon, which ring of it, which position of that. */
export interface Corner {
  readonly polygon: number;
  readonly ring: number;
  readonly index: number;
}

/** Decimals that layers and the server's answers have: 0.1 mm. What is drawn has no more, so that copied corners stay equal. */
const decimals = 1e9;

export function rounded([lon = 0, lat = 0]: Position): Position {
  return [Math.round(lon * decimals) / decimals, Math.round(lat * decimals) / decimals];
}

/** Rounds every position, leaves out repeats, and rings that are none. */
export function tidied(ground: Ground): Ground {
  const rings = (polygon: Ground[number]) => polygon.map(tidiedRing).filter((r) => r.length > 3);
  return ground.map(rings).filter((polygon) => polygon.length > 0);
}

function tidiedRing(ring: readonly Position[]): Position[] {
  const kept: Position[] = [];
  for (const at of ring.map(rounded)) if (!same(at, kept[kept.length - 1])) kept.push(at);
  const [first] = kept;
  if (first && !same(first, kept[kept.length - 1])) kept.push(first);
  return kept;
}

export function same(a: Position | undefined, b: Position | undefined): boolean {
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
}

/** Every corner, ring by ring: their order is that of the labels J1, J2, …. */
export function corners(ground: Ground): Corner[] {
  return ground.flatMap((rings, polygon) =>
    rings.flatMap((positions, ring) =>
      positions.slice(1).map((_, index) => ({ polygon, ring, index })),
    ),
  );
}

export function positionAt(ground: Ground, { polygon, ring, index }: Corner): Position | undefined {
  return ground[polygon]?.[ring]?.[index];
}

/** Puts another list of corners (not closed) in place of a ring. */
function withRing(
  ground: Ground,
  { polygon, ring }: Corner,
  change: (open: Position[]) => Position[],
): Ground {
  const changed = (positions: readonly Position[]) => {
    const open = change(positions.slice(0, -1));
    return open[0] ? [...open, open[0]] : [];
  };
  return tidied(
    ground.map((rings, p) =>
      p === polygon ? rings.map((each, r) => (r === ring ? changed(each) : each)) : rings,
    ),
  );
}

export function withCorner(ground: Ground, corner: Corner, at: Position): Ground {
  return withRing(ground, corner, (open) =>
    open.map((each, i) => (i === corner.index ? at : each)),
  );
}

/** Without one of its corners; a ring of three goes whole, and an outer ring with all its holes. */
export function withoutCorner(ground: Ground, corner: Corner): Ground {
  const ring = ground[corner.polygon]?.[corner.ring] ?? [];
  if (ring.length <= 4 && corner.ring === 0)
    return ground.filter((_, polygon) => polygon !== corner.polygon);
  return withRing(ground, corner, (open) => open.filter((_, i) => i !== corner.index));
}

/** With a corner in the middle of the side that begins at one. */
export function withMiddle(ground: Ground, corner: Corner): Ground {
  const ring = ground[corner.polygon]?.[corner.ring] ?? [];
  const [a, b] = [ring[corner.index], ring[corner.index + 1]];
  if (!a || !b) return ground;
  const middle = [((a[0] ?? 0) + (b[0] ?? 0)) / 2, ((a[1] ?? 0) + (b[1] ?? 0)) / 2];
  return withRing(ground, corner, (open) => [
    ...open.slice(0, corner.index + 1),
    middle,
    ...open.slice(corner.index + 1),
  ]);
}

/** A position moved by metres in the plane of EPSG:4549. */
export function moved([lon = 0, lat = 0]: Position, east: number, north: number): Position {
  const from = toPlane({ lon, lat });
  const to = fromPlane({ north: from.north + north, east: from.east + east });
  return rounded([to.lon, to.lat]);
}

/** Metres between two positions, in the plane of EPSG:4549. */
export function metresBetween(a: Position, b: Position): number {
  const [p, q] = [planeOf(a), planeOf(b)];
  return Math.hypot(q.north - p.north, q.east - p.east);
}

export function planeOf([lon = 0, lat = 0]: Position) {
  return toPlane({ lon, lat });
}

/** Metres round all rings. */
export function perimeter(ground: Ground): number {
  let sum = 0;
  for (const ring of ground.flat()) sum += lengthOf(ring);
  return sum;
}

/** Metres along a line. */
export function lengthOf(line: readonly Position[]): number {
  return line.slice(1).reduce((sum, at, i) => sum + metresBetween(line[i] ?? at, at), 0);
}

/**
 * Square metres on the ellipsoid, estimated while somebody draws: the plane area by the square of
 * the grid's scale where the ground lies. Of a few hectares it is within 0.01 m² of the server's figure.
 */
export function estimatedArea(ground: Ground): number {
  return ground.reduce((sum, [outer = [], ...holes]) => {
    const whole = ringArea(outer);
    return sum + holes.reduce((left, hole) => left - ringArea(hole), whole);
  }, 0);
}

function ringArea(ring: readonly Position[]): number {
  const plane = ring.map(planeOf);
  const [origin] = plane;
  if (!origin) return 0;
  let twice = 0;
  let east = 0;
  for (const [i, a] of plane.entries()) {
    const b = plane[i + 1] ?? origin;
    twice +=
      (a.east - origin.east) * (b.north - origin.north) -
      (b.east - origin.east) * (a.north - origin.north);
    east += a.east / plane.length;
  }
  return Math.abs(twice) / 2 / scaleAt(east, ring[0]?.[1] ?? 0) ** 2;
}

/** How much longer a length is in the grid than on the ellipsoid. */
function scaleAt(east: number, lat: number): number {
  const w2 = 1 - eccentricity2 * Math.sin((lat * Math.PI) / 180) ** 2;
  const radius2 = (semiMajor ** 2 * (1 - eccentricity2)) / w2 ** 2;
  const from = east - 500_000;
  return 1 + from ** 2 / (2 * radius2) + from ** 4 / (24 * radius2 ** 2);
}

/** The box round the ground, with some metres about it. */
export function boundsAround(ground: Ground, metres: number): Bounds {
  const all = ground.flat(2);
  const [lons, lats] = [all.map(([lon = 0]) => lon), all.map(([, lat = 0]) => lat)];
  const [dLon, dLat] = [metres / 95_000, metres / 110_900];
  return [
    Math.min(...lons) - dLon,
    Math.min(...lats) - dLat,
    Math.max(...lons) + dLon,
    Math.max(...lats) + dLat,
  ];
}
