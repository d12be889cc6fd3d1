/** GeoJSON lines in longitude and latitude. */
import { type AreaGeometry, type Position, polygonsOf } from "./shapes";

/** A line, or several that are one thing. */
export type LineGeometry =
  | { readonly type: "LineString"; readonly coordinates: readonly Position[] }
  | { readonly type: "MultiLineString"; readonly coordinates: readonly (readonly Position[])[] };

/** Whether a geometry covers land. */
export function isArea(geometry: AreaGeometry | LineGeometry): geometry is AreaGeometry {
  return geometry.type === "Polygon" || geometry.type === "MultiPolygon";
}

/** The lines of a geometry; of polygons, their rings. */
export function linesOf(geometry: AreaGeometry | LineGeometry): readonly (readonly Position[])[] {
  if (isArea(geometry)) return polygonsOf(geometry).flat();
  return geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
}
