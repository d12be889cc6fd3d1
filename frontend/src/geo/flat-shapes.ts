import { pointsOf, type Shapes, scale, type Texts } from "./flat";
import type { AreaGeometry, Bounds, Position } from "./shapes";

const decoder = new TextDecoder();

/** One of the texts. */
export function textAt({ bytes, from }: Texts, i: number): string {
  return decoder.decode(bytes.subarray(from[i], from[i + 1]));
}

/** Reads texts by their place; where all are ASCII, as codes are, they are decoded in one go. */
export function textReader(texts: Texts): (i: number) => string {
  const { bytes, from } = texts;
  let whole: string | undefined;
  return (i) => {
    whole ??= bytes.every((byte) => byte < 128) ? decoder.decode(bytes) : "";
    return whole ? whole.slice(from[i], from[i + 1]) : textAt(texts, i);
  };
}

/** The shape of a feature as GeoJSON has it, made anew; undefined where it has none. */
export function geometryOf(shapes: Shapes, feature: number): AreaGeometry | undefined {
  const { polygons, rings } = shapes;
  const [first = 0, end = 0] = [polygons[feature], polygons[feature + 1]];
  if (first === end) return undefined;
  const coordinates = range(first, end).map((p) =>
    range(rings[p] ?? 0, rings[p + 1] ?? 0).map((ring) => closed(shapes, ring)),
  );
  return { type: "MultiPolygon", coordinates };
}

function closed({ points, xy }: Shapes, ring: number): Position[] {
  const vertices = range(points[ring] ?? 0, points[ring + 1] ?? 0).map(
    (v): Position => [(xy[2 * v] ?? 0) / scale, (xy[2 * v + 1] ?? 0) / scale],
  );
  return [...vertices, vertices[0] as Position];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** The smallest box around a feature in degrees; infinite and inside out without a shape. */
export function flatBounds(shapes: Shapes, feature: number): Bounds {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const [begin, end] = pointsOf(shapes, feature);
  for (let v = begin; v < end; v++) {
    const [x, y] = [shapes.xy[2 * v] ?? 0, shapes.xy[2 * v + 1] ?? 0];
    if (x < west) west = x;
    if (x > east) east = x;
    if (y < south) south = y;
    if (y > north) north = y;
  }
  return [west / scale, south / scale, east / scale, north / scale];
}
