import type L from "leaflet";
import { daysLate, isAhead, type LateStep, lateStep } from "../domain/due";
import type { MapTheme } from "../domain/map-themes";
import { hollowOutline, mapGround, parcelOutline, type Theme } from "../domain/palette";
import type { Campaign } from "../domain/types";
import { elsewhere, type Shown } from "../store/shown";

/** How a parcel is drawn. */
export interface ParcelLook {
  readonly style: L.PathOptions;
  /** Digit or letter inside, empty where there is none to show. */
  readonly digit: string;
  /** Halo and frame of what is late and passes the filter. */
  readonly late: LateStep;
  readonly plate: Plate;
  /** Carries the flag 提前. */
  readonly ahead: boolean;
  /** Cases on it, for the badge. */
  readonly cases: number;
  /** What the digit stands on. */
  readonly ground: string;
}

/** Nothing, late beyond all patience, or 挂牌督办. */
export type Plate = "" | "!" | "督";

/** What the look of every parcel depends on. */
export interface Scene {
  readonly theme: MapTheme;
  readonly colours: Theme;
  readonly today: string;
  readonly campaign: Campaign | undefined;
  /** Days late from which a parcel carries the plate 督; the campaign's, undefined while it sets none. */
  readonly supervisedFrom?: number | undefined;
  /** Visitors are shown nothing that is late (接待模式). */
  readonly visitors?: boolean;
}

/** The look of what has its place and is not shown. */
export const unseen: ParcelLook = {
  style: { fill: true, fillColor: "#000000", fillOpacity: 0, color: "#000000", opacity: 0 },
  ...{ digit: "", late: 0, plate: "", ahead: false, cases: 0, ground: "#000000" },
};

/** The look of one parcel; `pale` ones are outside the filter and stay visible. */
export function lookOf(parcel: Shown, scene: Scene, pale: boolean): ParcelLook {
  const fill = scene.theme.fill(parcel, scene.colours, scene.campaign);
  const days = pale || scene.visitors ? 0 : daysLate(parcel.deadline, scene.today);
  return {
    style: { ...fillStyle(parcel, fill, scene, pale), ...strokeStyle(parcel, fill, scene, pale) },
    digit: fill && !pale ? scene.theme.mark(parcel) : "",
    late: lateStep(days),
    plate: plateOf(days, scene.supervisedFrom),
    ahead: !pale && isAhead(parcel, scene.today),
    cases: pale ? 0 : parcel.cases,
    ground: fill ?? mapGround[scene.colours],
  };
}

/** Whether it carries anything that is painted above all parcels. */
export function hasMarks({ late, ahead, cases }: ParcelLook): boolean {
  return late > 0 || ahead || cases > 1;
}

/** Opacity of what stands in the same stage on both days. */
const dim = 0.17;

/** The look beside another day: what is the same on both is dim, and nothing is marked but the stages. */
export function contrasted(look: ParcelLook, same: boolean): ParcelLook {
  const quiet = { ...look, late: 0, plate: "", ahead: false, cases: 0 } as const;
  if (!same) return quiet;
  return { ...quiet, digit: "", style: { ...look.style, fillOpacity: dim, opacity: dim } };
}

function plateOf(days: number, supervisedFrom = Number.POSITIVE_INFINITY): Plate {
  if (days > 0 && days >= supervisedFrom) return "督";
  return lateStep(days) === 3 ? "!" : "";
}

function fillStyle(
  { stage }: Shown,
  fill: string | undefined,
  { colours }: Scene,
  pale: boolean,
): L.PathOptions {
  // A park lies below the parcel that carries it.
  if (stage === elsewhere) return { fill: true, fillColor: mapGround[colours], fillOpacity: 0 };
  if (!fill) return { fill: true, fillColor: mapGround[colours], fillOpacity: pale ? 0.2 : 0.6 };
  return { fill: true, fillColor: fill, fillOpacity: pale ? 0.14 : 1 };
}

/** Outline by what it is: listed, listed in another track (faint), or not listed (dashed, as in the legend). */
function strokeStyle(
  { stage }: Shown,
  fill: string | undefined,
  { colours }: Scene,
  pale: boolean,
): L.PathOptions {
  const color = fill ? parcelOutline[colours] : hollowOutline[colours];
  const opacity = pale ? 0.25 : stage === elsewhere ? 0.45 : 1;
  return { color, weight: 1, opacity, dashArray: stage === 0 ? "3 2" : "" };
}
