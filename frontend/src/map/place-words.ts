import { formatDegrees } from "../domain/format";
import type { WordKey, WordValues } from "../domain/words";
import { formatPlace, type ReadPlace, type Unreadable } from "../geo/coordinates";
import { type LonLat, toPlane, zone40 } from "../geo/crs";
import type { Notation } from "../geo/notation";

/** A key of the dictionaries with what fills it. */
export type Saying = readonly [key: WordKey, values: WordValues];

/** The names of the notations. */
export const notationWords: Record<Notation, WordKey> = {
  degrees: "map.notation_degrees",
  plane: "map.notation_plane",
  dms: "map.notation_dms",
};

const placeKeys: Record<Notation, WordKey> = {
  degrees: "map.degrees",
  plane: "map.plane",
  dms: "map.dms",
};

/** A place with its axes named, in a notation. */
export function placeWords(place: LonLat, notation: Notation): Saying {
  const [a, b] = formatPlace(place, notation);
  return [placeKeys[notation], { a, b }];
}

const refusals: Record<Unreadable, WordKey> = {
  not_two: "map.not_two",
  out_of_range: "map.out_of_range",
  bad_sexagesimal: "map.bad_sexagesimal",
  wrong_letter: "map.wrong_letter",
};

/** Why a text was not read as a place. */
export function refusalWords(why: Unreadable): Saying {
  return [refusals[why], {}];
}

/** The 3° grids without zone number are EPSG:4534 (zone 25) to EPSG:4554 (zone 45). */
const firstZoneEpsg = 4534 - 25;

/** As what a place was understood. */
export function understoodWords(place: ReadPlace): Saying {
  const { lon, lat, zone = zone40, notation } = place;
  if (notation === "plane") {
    const { north, east } = toPlane(place, zone);
    const values = { north: north.toFixed(2), east: east.toFixed(2), epsg: firstZoneEpsg + zone };
    return ["map.read_plane", values];
  }
  const key = notation === "dms" ? "map.read_dms" : "map.read_degrees";
  return [key, { lon: formatDegrees(lon), lat: formatDegrees(lat) }];
}
