import { type Shapes, scale } from "./flat";
import { type AreaGeometry, type Position, polygonsOf } from "./shapes";

/** Shapes of geometries in their order, as the flat form has them: rounded, without closing vertices and rings of nothing. */
export function shapesOf(geometries: readonly (AreaGeometry | undefined)[]): Shapes {
  const [polygons, rings, points, xy] = [[0], [0], [0], [] as number[]];
  for (const geometry of geometries) {
    for (const polygon of geometry ? polygonsOf(geometry) : []) {
      const kept = polygon.map(rounded);
      if ((kept[0]?.length ?? 0) < 6) continue;
      for (const ring of kept.filter(({ length }) => length >= 6)) {
        xy.push(...ring);
        points.push(xy.length / 2);
      }
      rings.push(points.length - 1);
    }
    polygons.push(rings.length - 1);
  }
  return {
    polygons: Uint32Array.from(polygons),
    rings: Uint32Array.from(rings),
    points: Uint32Array.from(points),
    xy: Int32Array.from(xy),
  };
}

/** Longitude and latitude in turn, no vertex twice in a row. */
function rounded(ring: readonly Position[]): number[] {
  const xy: number[] = [];
  for (const [lon = 0, lat = 0] of ring) {
    const [x, y] = [unit(lon), unit(lat)];
    if (x !== xy[xy.length - 2] || y !== xy[xy.length - 1]) xy.push(x, y);
  }
  while (xy.length > 2 && xy[0] === xy[xy.length - 2] && xy[1] === xy[xy.length - 1]) {
    xy.length -= 2;
  }
  return xy;
}

/** Half away from zero, as the server rounds. */
function unit(degrees: number): number {
  return Math.sign(degrees) * Math.round(Math.abs(degrees) * scale);
}

/** Whether two geometries are the same in the flat form. */
export function sameShape(a: AreaGeometry, b: AreaGeometry): boolean {
  if (a === b) return true;
  const [one, other] = [shapesOf([a]), shapesOf([b])];
  return (["polygons", "rings", "points", "xy"] as const).every(
    (key) => one[key].length === other[key].length && one[key].every((n, i) => n === other[key][i]),
  );
}
