import type L from "leaflet";

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
  const span = map.distance(
    map.containerPointToLatLng([0, y]),
    map.containerPointToLatLng([longest, y]),
  );
  const metres = roundBelow(span);
  return { metres, pixels: Math.round((longest * metres) / span) };
}

/** The greatest 1, 2 or 5 × 10ⁿ not above x. */
export function roundBelow(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  const lead = x / power;
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}
