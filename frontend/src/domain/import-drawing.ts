import type { ShownGround } from "./types";

/** Two shapes as paths of one drawing, north up, in metres from the middle. */
export interface ShapeDrawing {
  before: string;
  after: string;
  /** x, y, width and height of what is shown. */
  box: readonly [number, number, number, number];
}

const metresPerDegree = 111_195;

/** Draws what a parcel is and becomes; undefined where there is nothing to draw. */
export function drawShapes(
  before: ShownGround | undefined,
  after: ShownGround | undefined,
): ShapeDrawing | undefined {
  const points = [before, after].flatMap((each) => each?.flat(2) ?? []);
  const bounds = boundsOf(points);
  if (!bounds) return undefined;
  const { west, east, south, north } = bounds;
  const [x0, y0] = [(west + east) / 2, (south + north) / 2];
  const narrow = Math.cos((y0 * Math.PI) / 180);
  const at = ([x = 0, y = 0]: readonly number[]): string =>
    `${metres((x - x0) * narrow)} ${metres(y0 - y)}`;
  const width = (east - west) * narrow * metresPerDegree;
  const height = (north - south) * metresPerDegree;
  const edge = Math.max(width, height) * 0.08 + 1;
  const box = [-width / 2 - edge, -height / 2 - edge, width + 2 * edge, height + 2 * edge] as const;
  return { before: pathOf(before, at), after: pathOf(after, at), box };
}

function metres(degrees: number): string {
  return (degrees * metresPerDegree).toFixed(3);
}

function boundsOf(points: readonly (readonly number[])[]) {
  if (points.length === 0) return undefined;
  const bounds = { west: 180, east: -180, south: 90, north: -90 };
  for (const [x = 0, y = 0] of points) {
    bounds.west = Math.min(bounds.west, x);
    bounds.east = Math.max(bounds.east, x);
    bounds.south = Math.min(bounds.south, y);
    bounds.north = Math.max(bounds.north, y);
  }
  return bounds;
}

function pathOf(ground: ShownGround | undefined, at: (p: readonly number[]) => string): string {
  const rings = ground?.flat() ?? [];
  return rings.map((ring) => `M${ring.map(at).join("L")}Z`).join("");
}

/** How many corners a shape has; the closing point is none. */
export function cornersOf(ground: ShownGround | undefined): number | undefined {
  return ground?.flat().reduce((sum, ring) => sum + Math.max(0, ring.length - 1), 0);
}
