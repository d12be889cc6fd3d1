import type { Plate } from "./parcel-look";
import type { Box } from "./symbol-places";

/** A parcel that wants a plate, by the box of its frame (pixels). */
export interface WantedPlate {
  readonly plate: Exclude<Plate, "">;
  readonly frame: Box;
}

/** A plate by its middle (pixels). */
export interface PlacedPlate {
  readonly plate: Exclude<Plate, "">;
  /** How many parcels it stands for. */
  readonly count: number;
  readonly x: number;
  readonly y: number;
}

/** Plates nearer than this become one with the count. */
const near = 30;
/** Half the height of a plate; on the wall of a larger one, whose word is 18 px. */
export const plateHalf = 9;
export const wallPlateHalf = 13;

/** Hangs each plate above its frame, beside or below where a frame of another is in the way; near ones are merged. */
export function placePlates(
  wanted: readonly WantedPlate[],
  frames: readonly Box[],
  half = plateHalf,
): PlacedPlate[] {
  const groups: WantedPlate[][] = [];
  for (const each of wanted) {
    const group = groups.find(([first]) => first && distance(first.frame, each.frame) < near);
    if (group) group.push(each);
    else groups.push([each]);
  }
  return groups.map((group) => hang(group, frames, half));
}

function hang(group: readonly WantedPlate[], frames: readonly Box[], half: number): PlacedPlate {
  const first = group[0] as WantedPlate;
  const { x, y, w, h } = first.frame;
  const plate = group.some((each) => each.plate === "督") ? "督" : first.plate;
  const [up, aside] = [h + half + 1, w + half + 1];
  const places = [
    { x, y: y - up },
    { x: x + aside, y },
    { x: x - aside, y },
    { x, y: y + up },
  ];
  const at =
    places.find((place) => frames.every((frame) => !covers(place, frame, half))) ?? places[0];
  return { plate, count: group.length, x: at?.x ?? x, y: at?.y ?? y - up };
}

function covers(place: { x: number; y: number }, { x, y, w, h }: Box, half: number): boolean {
  return Math.abs(place.x - x) < w + half - 1 && Math.abs(place.y - y) < h + half - 1;
}

function distance(a: Box, b: Box): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
