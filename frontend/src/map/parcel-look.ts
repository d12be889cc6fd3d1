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
  /** From far away outlines would cover what they enclose. */
  far: boolean;
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
  if (late) return { color: alertColour, weight: scene.far ? 2 : 3, opacity: pale ? 0.25 : 1 };
  const colour = fill ? parcelOutline[scene.theme] : hollowOutline[scene.theme];
  return { color: colour, weight: scene.far ? 0.6 : 1, opacity: pale ? 0.25 : 1 };
}
