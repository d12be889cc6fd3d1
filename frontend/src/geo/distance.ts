import type { LonLat } from "./crs";
import { degree, eccentricity2, metresPerDegreeEast, semiMajor } from "./ellipsoid";
import { type AreaGeometry, contains, type Position, polygonsOf } from "./shapes";

/** Metres of a degree of latitude on the ellipsoid at a latitude. */
function metresPerDegreeNorth(lat: number): number {
  const sin = Math.sin(lat * degree);
  return ((semiMajor * (1 - eccentricity2)) / (1 - eccentricity2 * sin * sin) ** 1.5) * degree;
}

/**
 * Metres from a place to the edge of ground, 0 inside it; infinite where there is no ground. In the
 * plane that touches the ellipsoid at the place: within a metre for what a person walks.
 */
export function metresTo(geometry: AreaGeometry, { lon, lat }: LonLat): number {
  if (contains(geometry, lon, lat)) return 0;
  const [east, north] = [metresPerDegreeEast(lat), metresPerDegreeNorth(lat)];
  const plane = ([x = 0, y = 0]: Position): [number, number] => [
    (x - lon) * east,
    (y - lat) * north,
  ];
  let nearest = Number.POSITIVE_INFINITY;
  for (const ring of polygonsOf(geometry).flat()) {
    const points = ring.map(plane);
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]];
      if (a && b) nearest = Math.min(nearest, toSegment(a, b));
    }
  }
  return nearest;
}

/** From the origin to a segment. */
function toSegment([ax, ay]: [number, number], [bx, by]: [number, number]): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length2));
  return Math.hypot(ax + along * dx, ay + along * dy);
}
