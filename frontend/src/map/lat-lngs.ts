import L from "leaflet";
import type { Place } from "../domain/types";
import type { Ground } from "../geo/ground";
import { type AreaGeometry, polygonsOf } from "../geo/shapes";

/** Leaflet's order is latitude, longitude. */
export function latLngsOf(geometry: AreaGeometry): L.LatLngTuple[][][] {
  return polygonsOf(geometry).map((rings) =>
    rings.map((ring) => ring.map(([x = 0, y = 0]): L.LatLngTuple => [y, x])),
  );
}

/** Rings without the repeated last position: what is edited has each corner once. */
export function openLatLngs(ground: Ground): L.LatLngTuple[][][] {
  return ground.map((rings) =>
    rings.map((ring) => ring.slice(0, -1).map(([lon = 0, lat = 0]): L.LatLngTuple => [lat, lon])),
  );
}

/** A place as Leaflet has it. */
export function latLngOf([lon, lat]: Place = []): L.LatLng | undefined {
  return lon === undefined || lat === undefined ? undefined : L.latLng(lat, lon);
}
