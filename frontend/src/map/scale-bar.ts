import type L from "leaflet";
import { metresPerDegreeEast } from "../geo/ellipsoid";

/** A bar of a round length. */
export interface ScaleBar {
  /** Length on the ground in metres. */
  metres: number;
  /** Length on the screen in pixels. */
  pixels: number;
}

const longest = 120;

/** The longest bar of 1, 2 or 5 × 10ⁿ metres that fits, true at the middle of the map. */
export function scaleBar(map: L.Map): ScaleBar {
  const y = map.getSize().y / 2;
  const west = map.containerPointToLatLng([0, y]);
  const east = map.containerPointToLatLng([longest, y]);
  // On the ellipsoid: Leaflet measures on a sphere, 0.2 % short here.
  const span = (east.lng - west.lng) * metresPerDegreeEast(west.lat);
  const metres = roundBelow(span);
  return { metres, pixels: Math.round((longest * metres) / span) };
}

/** The greatest 1, 2 or 5 × 10ⁿ not above x. */
export function roundBelow(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  const lead = x / power;
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}
