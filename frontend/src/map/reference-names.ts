import L from "leaflet";

/** A name that wants to stand along a line (pixels of the map's container). */
export interface WantedName {
  text: string;
  /** The line it runs along; of a lake, the stretch across it. */
  along: readonly L.Point[];
  /** Where it would best stand, of places equally straight. */
  best: L.Point;
}

/** A name with its middle and its turn in degrees, never upside down. */
export interface PlacedName {
  text: string;
  at: L.Point;
  degrees: number;
}

/** Size of a character of these names, and of their line, px. */
export const nameCharacter = 12;
const nameLine = 16;

/** Room kept at both ends of a name, and around it, px. */
const margin = 6;

/** How far the line may leave the straight under a name, px. */
const mostBent = 5;

/** Names along lines, where the line is straight enough, all of it is seen and nothing else stands; others are left out. */
export function placeNames(
  wanted: readonly WantedName[],
  view: L.Bounds,
  taken: readonly L.Bounds[],
): PlacedName[] {
  const boxes = [...taken];
  const placed: PlacedName[] = [];
  for (const { text, along, best } of wanted) {
    const length = widthOf(text) + 2 * margin;
    const free = stretches(along, length)
      .filter(({ bent }) => bent <= mostBent)
      .map((stretch) => ({ ...stretch, box: boxOf(stretch, length) }))
      .filter(({ box }) => view.contains(box) && !boxes.some((other) => other.overlaps(box)))
      .sort((a, b) => roughly(a) - roughly(b) || a.at.distanceTo(best) - b.at.distanceTo(best))[0];
    if (!free) continue;
    boxes.push(free.box);
    placed.push({ text, at: free.at, degrees: free.degrees });
  }
  return placed;
}

/** A pixel more or less of bend is no reason to go elsewhere. */
function roughly({ bent }: Stretch): number {
  return Math.ceil(bent / 2);
}

interface Stretch {
  at: L.Point;
  degrees: number;
  bent: number;
}

/** Stretches of a length along a line, one every 24 px, looked at every 8 px. */
function stretches(line: readonly L.Point[], length: number): Stretch[] {
  const every = 8;
  const dots = walk(line, every);
  const span = Math.ceil(length / every);
  const found: Stretch[] = [];
  for (let i = 0; i + span < dots.length; i += 3) {
    const under = dots.slice(i, i + span + 1);
    const [from, to] = [under[0], under[span]];
    if (!from || !to) continue;
    const chord = to.subtract(from);
    const turn = (Math.atan2(chord.y, chord.x) * 180) / Math.PI;
    const degrees = turn > 90 ? turn - 180 : turn <= -90 ? turn + 180 : turn;
    const bent = Math.max(...under.map((dot) => L.LineUtil.pointToSegmentDistance(dot, from, to)));
    found.push({ at: from.add(to).divideBy(2), degrees, bent });
  }
  return found;
}

/** Points along a line at equal distances, from its beginning. */
function walk(line: readonly L.Point[], every: number): L.Point[] {
  const dots: L.Point[] = [];
  let rest = 0;
  for (const [i, to] of line.entries()) {
    const from = line[i - 1];
    if (!from) continue;
    const length = from.distanceTo(to);
    for (; rest <= length && length > 0; rest += every) {
      dots.push(from.add(to.subtract(from).multiplyBy(rest / length)));
    }
    rest -= length;
  }
  return dots;
}

/** The upright box around a turned name. */
function boxOf({ at, degrees }: Stretch, length: number): L.Bounds {
  const [sin, cos] = [Math.sin, Math.cos].map((f) => Math.abs(f((degrees * Math.PI) / 180)));
  const half = L.point(
    (length * (cos ?? 1) + nameLine * (sin ?? 0)) / 2,
    (length * (sin ?? 0) + nameLine * (cos ?? 1)) / 2,
  );
  return L.bounds(at.subtract(half), at.add(half));
}

/** Latin letters are about half as wide as Chinese characters. */
function widthOf(text: string): number {
  let width = 0;
  for (const each of text) width += each < "\u2e80" ? nameCharacter * 0.58 : nameCharacter;
  return width;
}
