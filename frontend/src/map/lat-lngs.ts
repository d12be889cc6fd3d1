import type L from "leaflet";
import { type AreaGeometry, polygonsOf } from "../geo/shapes";

/** Leaflet's order is latitude, longitude. */
export function latLngsOf(geometry: AreaGeometry): L.LatLngTuple[][][] {
  return polygonsOf(geometry).map((rings) =>
    rings.map((ring) => ring.map(([x = 0, y = 0]): L.LatLngTuple => [y, x])),
  );
}
