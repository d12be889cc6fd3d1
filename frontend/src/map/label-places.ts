import L from "leaflet";

/** A name that wants to stand at its anchor (pixels). */
export interface WantedLabel {
  text: string;
  outside: boolean;
  anchor: L.Point;
}

/** A name with the middle of its box (pixels). */
export interface PlacedLabel {
  text: string;
  outside: boolean;
  at: L.Point;
}

/** Size of a character of the unit names, px. */
const character = 17;
const line = 24;

/** Places tried one after the other: at the anchor, then above, below and beside it. */
const shifts: readonly [x: number, y: number][] = [
  [0, 0],
  [0, -1],
  [0, 1],
  [-0.6, 0],
  [0.6, 0],
];

/** Gives every name a place where it covers no other; a name without one is left out until the map is nearer. */
export function placeLabels(wanted: readonly WantedLabel[]): PlacedLabel[] {
  const taken: L.Bounds[] = [];
  const placed: PlacedLabel[] = [];
  for (const { text, outside, anchor } of wanted) {
    const size = L.point(widthOf(text), line);
    const free = shifts
      .map(([x, y]) => anchor.add([x * size.x, y * size.y]))
      .find((at) => !taken.some((box) => box.overlaps(boxAround(at, size))));
    if (!free) continue;
    taken.push(boxAround(free, size));
    placed.push({ text, outside, at: free });
  }
  return placed;
}

/** Latin letters are about half as wide as Chinese characters. */
function widthOf(text: string): number {
  let width = 0;
  for (const each of text) width += each < "\u2e80" ? character * 0.58 : character;
  return width + 6;
}

function boxAround(middle: L.Point, size: L.Point): L.Bounds {
  const half = size.divideBy(2);
  return L.bounds(middle.subtract(half), middle.add(half));
}
