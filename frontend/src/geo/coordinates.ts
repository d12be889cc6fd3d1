import { fromPlane, type LonLat, toPlane, zone40 } from "./crs";
import type { Notation } from "./notation";

/** Two written numbers in the order of the notation: longitude and latitude; X (north) and Y (east). */
export function formatPlace({ lon, lat }: LonLat, notation: Notation): [string, string] {
  if (notation === "degrees") return [lon.toFixed(6), lat.toFixed(6)];
  if (notation === "dms") return [sexagesimal(lon, "E", "W"), sexagesimal(lat, "N", "S")];
  const { north, east } = toPlane({ lon, lat });
  return [north.toFixed(2), east.toFixed(2)];
}

/** 120°42′36.00″E: hundredths of a second are 0.3 m. */
function sexagesimal(value: number, positive: string, negative: string): string {
  const hundredths = Math.round(Math.abs(value) * 360_000);
  const [d, m] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6000) % 60];
  const s = ((hundredths % 6000) / 100).toFixed(2);
  const letter = value < 0 ? negative : positive;
  return `${d}°${String(m).padStart(2, "0")}′${s.padStart(5, "0")}″${letter}`;
}

/** What was read out of a text. */
export interface ReadPlace extends LonLat {
  readonly notation: Notation;
  /** Written with the other axis first. */
  readonly swapped: boolean;
  /** Zone of a plane place. */
  readonly zone?: number;
}

/** Why a text is no place: no two numbers, numbers that are nowhere, or two notations at once. */
export type Unreadable = "not_two" | "out_of_range" | "bad_sexagesimal" | "wrong_letter";

/** Longitudes and latitudes of China, which do not meet: either order can be told. */
const china = { west: 73, east: 136, south: 3, north: 54 };
/** Y without zone number: what lies within about 2.2° of the central meridian. */
const eastings = { least: 280_000, most: 720_000 };
const northings = { least: 330_000, most: 6_000_000 };
const zones = { least: 25, most: 45 };

/** One number as it was written, with the letter or name of its axis. */
interface Written {
  readonly value: number;
  readonly axis: "lon" | "lat" | "north" | "east" | undefined;
  readonly sexagesimal: boolean;
}

/** Reads a place in any of the three notations, the axes in either order where that is certain. */
export function readPlace(text: string): ReadPlace | Unreadable {
  const parts = partsOf(plain(text));
  if (typeof parts === "string") return parts;
  const [a, b] = parts;
  if (isDegrees(a) && isDegrees(b)) return geographicPlace(a, b);
  return planePlace(a, b);
}

function isDegrees({ value, sexagesimal: dms }: Written): boolean {
  return dms || Math.abs(value) <= 180;
}

function geographicPlace(a: Written, b: Written): ReadPlace | Unreadable {
  const swapped = isLatitude(a.value) && isLongitude(b.value);
  if (!swapped && !(isLongitude(a.value) && isLatitude(b.value))) return "out_of_range";
  const [lon, lat] = swapped ? [b, a] : [a, b];
  if (contradicts(lon, "lon") || contradicts(lat, "lat")) return "wrong_letter";
  const notation = a.sexagesimal || b.sexagesimal ? "dms" : "degrees";
  return { lon: lon.value, lat: lat.value, notation, swapped };
}

function isLongitude(value: number): boolean {
  return value >= china.west && value <= china.east;
}

function isLatitude(value: number): boolean {
  return value >= china.south && value <= china.north;
}

/** X and Y are exchanged by much software, so only E, N and the words are held against the numbers. */
function contradicts({ axis }: Written, expected: "lon" | "lat"): boolean {
  return (axis === "lon" || axis === "lat") && axis !== expected;
}

function planePlace(a: Written, b: Written): ReadPlace | Unreadable {
  const direct = gridPlace(a.value, b.value);
  const found = direct ?? gridPlace(b.value, a.value);
  if (!found) return "out_of_range";
  const swapped = direct === undefined;
  return { ...fromPlane(found, found.zone), notation: "plane", swapped, zone: found.zone };
}

function gridPlace(north: number, y: number) {
  if (north < northings.least || north > northings.most) return undefined;
  const prefix = Math.floor(y / 1_000_000);
  const east = y - prefix * 1_000_000;
  const zone = prefix === 0 ? zone40 : prefix;
  if (zone < zones.least || zone > zones.most) return undefined;
  if (east < eastings.least || east > eastings.most) return undefined;
  return { north, east, zone };
}

/** Full-width signs and words as the plain ones. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/东经|经度|lon(gitude)?|lng/gi, " E ")
    .replace(/北纬|纬度|lat(itude)?/gi, " N ")
    .replace(/[度º˚]/g, "°")
    .replace(/[分’‘′]/g, "'")
    .replace(/秒|''|[“”″]/g, '"')
    .replace(/[−–—]/g, "-")
    .replace(/[、;,:=()|[\]/]|CGCS2000|EPSG:?\d{4}|米/gi, " ")
    .trim();
}

const number = String.raw`-?\d+(?:\.\d+)?`;
const sexagesimalPart = String.raw`(${number})\s*(?:(°)\s*(?:(${number})\s*')?\s*(?:(${number})\s*")?)?`;
/** The axis stands before each number or after it, as the text begins. */
const axisBefore = new RegExp(String.raw`([ENXY])?\s*${sexagesimalPart}()`, "giy");
const axisAfter = new RegExp(String.raw`()${sexagesimalPart}\s*([ENXY])?`, "giy");

/** The two numbers of a text; nothing else may stand in it. */
function partsOf(text: string): [Written, Written] | Unreadable {
  const six = text.match(/^(-?\d+)\s+(\d+)\s+(\d+(?:\.\d+)?)\s+(-?\d+)\s+(\d+)\s+(\d+(?:\.\d+)?)$/);
  const readable = six
    ? `${six[1]}°${six[2]}'${six[3]}" ${six[4]}°${six[5]}'${six[6]}"`
    : text.replace(/,/g, " ");
  const token = /^[a-z]/i.test(readable) ? axisBefore : axisAfter;
  const found: Written[] = [];
  let at = 0;
  while (at < readable.length) {
    if (/\s/.test(readable[at] ?? "")) {
      at++;
      continue;
    }
    token.lastIndex = at;
    const match = token.exec(readable);
    if (!match || match[0] === "") return "not_two";
    const written = writtenOf(match);
    if (!written) return "bad_sexagesimal";
    found.push(written);
    at = token.lastIndex;
  }
  const [a, b, more] = found;
  return a && b && !more ? [a, b] : "not_two";
}

function writtenOf(match: RegExpExecArray): Written | undefined {
  const [, before, whole = "", sign, minutes, seconds, after] = match;
  const [d, m, s] = [Number(whole), Number(minutes ?? 0), Number(seconds ?? 0)];
  if (m < 0 || m >= 60 || s < 0 || s >= 60) return undefined;
  const value = (Math.abs(d) + m / 60 + s / 3600) * (whole.startsWith("-") ? -1 : 1);
  const letter = (before || after || "").toUpperCase();
  const axis = ({ E: "lon", N: "lat", X: "north", Y: "east" } as const)[letter];
  return { value, axis, sexagesimal: sign !== undefined && minutes !== undefined };
}
