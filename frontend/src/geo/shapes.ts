/** Planar questions about GeoJSON polygons in longitude and latitude; exact enough for picking, never for areas. */

/** A position: longitude, latitude in degrees. */
export type Position = readonly number[];
/** Rings of one polygon, the outer first. */
export type Rings = readonly (readonly Position[])[];
/** What a layer carries. */
export type AreaGeometry =
  | { readonly type: "Polygon"; readonly coordinates: Rings }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly Rings[] };
/** west, south, east, north in degrees. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** The polygons of a geometry. */
export function polygonsOf(geometry: AreaGeometry): readonly Rings[] {
  return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

/** The smallest box around a geometry; infinite and inside out when it is empty. */
export function boundsOf(geometry: AreaGeometry): Bounds {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [outer = []] of polygonsOf(geometry)) {
    for (const [x = Number.NaN, y = Number.NaN] of outer) {
      west = Math.min(west, x);
      east = Math.max(east, x);
      south = Math.min(south, y);
      north = Math.max(north, y);
    }
  }
  return [west, south, east, north];
}

/** Whether the point lies inside, by the even-odd rule over all rings. */
export function contains(geometry: AreaGeometry, x: number, y: number): boolean {
  return polygonsOf(geometry).some((rings) => {
    let inside = false;
    for (const ring of rings) if (crossings(ring, x, y) % 2 === 1) inside = !inside;
    return inside;
  });
}

function crossings(ring: readonly Position[], x: number, y: number): number {
  let count = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) count++;
  }
  return count;
}

/** Where a label fits. */
export interface LabelPlace {
  readonly at: readonly [x: number, y: number];
  /** Length in degrees of the stretch of the parallel that lies inside there. */
  readonly width: number;
}

/**
 * The middle of the widest stretch inside the geometry, of several parallels tried. It lies
 * inside even where the centroid does not (an L, a ring).
 */
export function labelPlace(geometry: AreaGeometry): LabelPlace {
  const [west, south, east, north] = boundsOf(geometry);
  let best: LabelPlace = { at: [(west + east) / 2, (south + north) / 2], width: 0 };
  for (const part of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const y = south + (north - south) * part;
    for (const [from, to] of stretches(geometry, y)) {
      // A little more width is no reason to leave the middle.
      if (to - from > best.width * 1.15) best = { at: [(from + to) / 2, y], width: to - from };
    }
  }
  return best;
}

/** The stretches of the parallel y (degrees) that lie inside, from west to east. */
export function stretches(geometry: AreaGeometry, y: number): [number, number][] {
  return polygonsOf(geometry).flatMap((rings) => {
    const cuts = rings.flatMap((ring) => cutsOf(ring, y)).sort((a, b) => a - b);
    const pairs: [number, number][] = [];
    for (let i = 0; i + 1 < cuts.length; i += 2) pairs.push([cuts[i] ?? 0, cuts[i + 1] ?? 0]);
    return pairs;
  });
}

function cutsOf(ring: readonly Position[], y: number): number[] {
  const cuts: number[] = [];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > y !== yj > y) cuts.push(((xj - xi) * (y - yi)) / (yj - yi) + xi);
  }
  return cuts;
}
