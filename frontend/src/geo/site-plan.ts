import { metresPerDegreeEast } from "./ellipsoid";
import { type AreaGeometry, type Bounds, polygonsOf } from "./shapes";

/** A small plan on paper: how degrees become its units, the y axis down. */
export interface SitePlan {
  readonly width: number;
  readonly height: number;
  /** The outline of a geometry as a path of SVG. */
  path(geometry: AreaGeometry): string;
  /** The box it shows, in degrees. */
  readonly bounds: Bounds;
  /** Metres across. */
  readonly metres: number;
}

/** Metres of a degree of latitude, near enough for a plan that is not measured on. */
const metresNorth = 110_900;

/** A plan of a ratio around a box, with room about it; undefined for an empty box. */
export function sitePlan(box: Bounds, ratio: number, room = 0.6): SitePlan | undefined {
  const [west, south, east, north] = box;
  if (!(west <= east && south <= north)) return undefined;
  const metresEast = metresPerDegreeEast((south + north) / 2);
  const least = 40;
  const across = Math.max((east - west) * metresEast * (1 + room), least);
  const up = Math.max((north - south) * metresNorth * (1 + room), least);
  const width = Math.max(across, up * ratio);
  const height = width / ratio;
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  const left = x - width / 2 / metresEast;
  const top = y + height / 2 / metresNorth;
  const place = ([lon = 0, lat = 0]: readonly number[]) =>
    `${((lon - left) * metresEast).toFixed(2)} ${((top - lat) * metresNorth).toFixed(2)}`;
  return {
    width,
    height,
    metres: width,
    bounds: [left, top - height / metresNorth, left + width / metresEast, top],
    path: (geometry) =>
      polygonsOf(geometry)
        .flat()
        .map((ring) => `M${ring.map(place).join("L")}Z`)
        .join(""),
  };
}

/** Whether two boxes meet. */
export function meets(a: Bounds, b: Bounds): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}
