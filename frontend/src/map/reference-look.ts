import type { Theme } from "../domain/palette";

/** A stroke: colour and width in pixels. */
export interface Stroke {
  readonly color: string;
  readonly weight: number;
}

/** A line of the ground: its edge below all fills of the layer, then its fill. */
export interface LineLook {
  readonly edge: Stroke;
  readonly fill: Stroke;
  /** Higher ones lie above. */
  readonly order: number;
}

type GroundColour = "water" | "bank" | "road" | "casing";

/** Water and roads carry orientation only: paler than the palest stage. */
export const groundColours: Record<Theme, Record<GroundColour, string>> = {
  light: { water: "#D3E6F4", bank: "#B4D0E6", road: "#FFFFFF", casing: "#D3D8DE" },
  dark: { water: "#0C3150", bank: "#0C3150", road: "#263751", casing: "#0B1220" },
};

interface Breadth {
  /** Metres on the ground. */
  readonly metres: number;
  /** Pixels it has at least, however far away. */
  readonly least: number;
  readonly order: number;
}

const waterways: Readonly<Record<string, Breadth>> = {
  canal: { metres: 75, least: 3.2, order: 2 },
  river: { metres: 50, least: 2.2, order: 1 },
};
const someWater: Breadth = { metres: 20, least: 1.4, order: 0 };

const ways: Readonly<Record<string, Breadth>> = {
  highway: { metres: 42, least: 3, order: 3 },
  national_road: { metres: 30, least: 2.4, order: 2 },
  main_road: { metres: 24, least: 1.8, order: 1 },
};
const someWay: Breadth = { metres: 12, least: 1, order: 0 };

/** Metres a pixel of the map shows, at a zoom and latitude in degrees (Web Mercator, 256 px tiles). */
export function metresPerPixel(zoom: number, latitude: number): number {
  const equator = 2 * Math.PI * 6_378_137;
  return (equator * Math.cos((latitude * Math.PI) / 180)) / (256 * 2 ** zoom);
}

/** How a line of a class looks: as broad as it is, but never too thin to be seen. */
export function lineLook(
  layer: "water" | "roads",
  kind: string,
  theme: Theme,
  perPixel: number,
): LineLook {
  const colours = groundColours[theme];
  const water = layer === "water";
  const { metres, least, order } = water ? (waterways[kind] ?? someWater) : (ways[kind] ?? someWay);
  const weight = Math.max(least, metres / perPixel);
  const edge = water ? colours.bank : colours.casing;
  return {
    edge: { color: edge, weight: weight + (water ? 1.6 : 2) },
    fill: { color: water ? colours.water : colours.road, weight },
    order,
  };
}
