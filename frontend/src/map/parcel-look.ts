import type L from "leaflet";
import { isLate } from "../domain/due";
import {
  alertColour,
  fillOf,
  hollowOutline,
  mapGround,
  parcelOutline,
  type Theme,
} from "../domain/palette";
import type { ParcelProperties } from "../domain/types";

/** How a parcel is drawn. */
export interface ParcelLook {
  readonly style: L.PathOptions;
  /** Stage digit, empty where there is none to show. */
  readonly digit: string;
  readonly late: boolean;
  /** What the digit stands on. */
  readonly ground: string;
}

/** What the look of every parcel depends on. */
export interface Scene {
  theme: Theme;
  today: string;
  /** How near the map is: strokes grow with it, for from far away they would cover what they enclose. */
  nearness: Nearness;
}

/** 0: parcels are dots, 1: shapes, 2: digits. */
export type Nearness = 0 | 1 | 2;

const outlineWeight = [0.3, 0.6, 1] as const;
const lateWeight = [1, 2, 3] as const;

/** The nearness of a zoom level. */
export function nearnessOf(zoom: number): Nearness {
  if (zoom < 13) return 0;
  return zoom < 15 ? 1 : 2;
}

/** The look of one parcel; `pale` ones are outside the filter and stay visible. */
export function lookOf(parcel: ParcelProperties, scene: Scene, pale: boolean): ParcelLook {
  const fill = fillOf(scene.theme, parcel.stage);
  const late = isLate(parcel.deadline, scene.today);
  return {
    style: { ...fillStyle(fill, scene, pale), ...strokeStyle(fill, scene, late, pale) },
    digit: fill && !pale ? String(parcel.stage) : "",
    late: late && !pale,
    ground: fill ?? mapGround[scene.theme],
  };
}

function fillStyle(fill: string | undefined, scene: Scene, pale: boolean): L.PathOptions {
  if (!fill)
    return { fill: true, fillColor: mapGround[scene.theme], fillOpacity: pale ? 0.2 : 0.6 };
  return { fill: true, fillColor: fill, fillOpacity: pale ? 0.14 : 1 };
}

function strokeStyle(
  fill: string | undefined,
  scene: Scene,
  late: boolean,
  pale: boolean,
): L.PathOptions {
  const opacity = pale ? 0.25 : 1;
  if (late) return { color: alertColour, weight: lateWeight[scene.nearness], opacity };
  const color = fill ? parcelOutline[scene.theme] : hollowOutline[scene.theme];
  return { color, weight: outlineWeight[scene.nearness], opacity };
}
