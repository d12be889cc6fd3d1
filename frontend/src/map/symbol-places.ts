/** A parcel as its symbol needs it: the middle and the size of its box in pixels at zoom 0, and its land. */
export interface Footprint {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly mu: number;
}

/** How an outline becomes a symbol: enlarged about the middle of its box, then pushed (pixels). */
export interface SymbolPlace {
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

/** A box by its middle and half its sides, pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** From this size in pixels on a parcel has its true shape. */
export const trueFrom = 14;
/** How far a symbol may stand from its parcel, pixels. */
export const farthestPush = 12;

/** Above this number the whole district is crowded, and far out symbols are smaller. */
const crowd = 700;
const crowdedBelow = 12;
/** Above this number symbols cannot all stand apart, and looking for it would only take time. */
const mostPushed = 4000;
/** A strip of land is not enlarged to more than this times the side of a square. */
const longest = 1.6;
const gap = 1;
/** Rounds of pushing before symbols that still meet are made a little smaller, again and again. */
const pushRounds = [40, 8, 8, 8, 8, 8, 8];
/** What is taken off at once at most, and what is left at least. */
const shrinkStep = 0.8;
const smallest = 0.4;

/**
 * The symbols of all parcels at each zoom, computed once for a set of geometries and kept. The
 * same on every screen: nothing depends on the view.
 */
export class SymbolPlaces {
  private readonly kept = new Map<number, ReadonlyMap<number, SymbolPlace>>();

  constructor(private readonly footprints: readonly Footprint[]) {}

  /** By id; a parcel without an entry has its true shape. */
  at(zoom: number): ReadonlyMap<number, SymbolPlace> {
    let places = this.kept.get(zoom);
    if (!places) {
      places = placeSymbols(this.footprints, zoom);
      this.kept.set(zoom, places);
    }
    return places;
  }
}

/** Side in pixels of the symbol of a parcel of so many mu. */
export function sideOf(mu: number, crowded: boolean): number {
  const root = Math.sqrt(Math.max(0, mu));
  return crowded ? clamp(4 + 1.6 * root, 5, 12) : clamp(5 + 2.2 * root, 7, 14);
}

function placeSymbols(
  footprints: readonly Footprint[],
  zoom: number,
): ReadonlyMap<number, SymbolPlace> {
  const factor = 2 ** zoom;
  const crowded = footprints.length > crowd && zoom < crowdedBelow;
  const bodies = footprints.map((footprint) => bodyOf(footprint, factor, crowded));
  const symbols = bodies.filter((body) => !body.fixed);
  if (symbols.length > 0 && symbols.length <= mostPushed) {
    settle(bodies);
  }
  return new Map(
    symbols.map(({ id, scale, shrink, x, y, homeX, homeY }) => [
      id,
      { scale: scale * shrink, dx: x - homeX, dy: y - homeY },
    ]),
  );
}

/** Pushes what meets apart; where that is not enough a little is taken off and pushed again. */
function settle(bodies: Body[]): void {
  for (const rounds of pushRounds) {
    for (let round = 0; round < rounds; round++) if (!eachMeeting(bodies, pushApart)) return;
    eachMeeting(bodies, shrinkApart);
  }
}

/** A parcel while places are looked for. */
interface Body {
  readonly id: number;
  readonly homeX: number;
  readonly homeY: number;
  readonly scale: number;
  /** What has its true shape stays where it is. */
  readonly fixed: boolean;
  x: number;
  y: number;
  w: number;
  h: number;
  shrink: number;
}

function bodyOf(footprint: Footprint, factor: number, crowded: boolean): Body {
  const scale = scaleOf(footprint, factor, crowded);
  const fixed = scale <= 1;
  const [x, y] = [footprint.x * factor, footprint.y * factor];
  const half = (factor * (fixed ? 1 : scale)) / 2;
  const size = { w: footprint.width * half, h: footprint.height * half };
  return { id: footprint.id, homeX: x, homeY: y, scale, fixed, x, y, ...size, shrink: 1 };
}

/** Calls back for every two boxes that come nearer than the gap, one of them a symbol; false when there are none. */
function eachMeeting(bodies: Body[], meet: (a: Body, b: Body, overlap: Overlap) => void): boolean {
  let any = false;
  bodies.sort((a, b) => a.x - a.w - (b.x - b.w) || a.id - b.id);
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i] as Body;
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j] as Body;
      if (b.x - b.w >= a.x + a.w + gap) break;
      const y = a.h + b.h + gap - Math.abs(a.y - b.y);
      const x = a.w + b.w + gap - Math.abs(a.x - b.x);
      if (y <= slack || x <= slack || (a.fixed && b.fixed)) continue;
      any = true;
      meet(a, b, { x, y });
    }
  }
  return any;
}

/** How deep two boxes lie in each other, gap included. */
interface Overlap {
  readonly x: number;
  readonly y: number;
}

/** Overlaps below this are rounding. */
const slack = 1e-6;

/** Along the shorter way out, each by half; who is fixed leaves the whole way to the other. */
function pushApart(a: Body, b: Body, { x, y }: Overlap): void {
  const part = a.fixed || b.fixed ? 1 : 0.5;
  const away = x < y ? Math.sign(b.x - a.x) || 1 : Math.sign(b.y - a.y) || 1;
  const [dx, dy] = x < y ? [x * part * away, 0] : [0, y * part * away];
  push(a, -dx, -dy);
  push(b, dx, dy);
}

/** Not farther from its parcel than a symbol may stand. */
function push(body: Body, dx: number, dy: number): void {
  if (body.fixed) return;
  const [x, y] = [body.x + dx - body.homeX, body.y + dy - body.homeY];
  const within = Math.min(1, farthestPush / (Math.hypot(x, y) || 1));
  body.x = body.homeX + x * within;
  body.y = body.homeY + y * within;
}

/** As much as lets the two stand beside or above each other, whichever costs less. */
function shrinkApart(a: Body, b: Body, { x, y }: Overlap): void {
  const left = Math.max(remaining(a.w, b.w, a, b, x), remaining(a.h, b.h, a, b, y));
  for (const body of [a, b]) {
    if (body.fixed) continue;
    const part = Math.max(left, shrinkStep, smallest / body.shrink);
    if (part >= 1) continue;
    body.shrink *= part;
    body.w *= part;
    body.h *= part;
  }
}

/** What is left of a symbol's size once the overlap along one axis is taken off. */
function remaining(a: number, b: number, one: Body, other: Body, overlap: number): number {
  const movable = (one.fixed ? 0 : a) + (other.fixed ? 0 : b);
  return 1 - overlap / movable;
}

/** The enlargement of the outline; not above 1 where the true shape is large enough. */
function scaleOf({ width, height, mu }: Footprint, factor: number, crowded: boolean): number {
  const size = Math.sqrt(width * height) * factor;
  if (size >= trueFrom || size === 0) return 1;
  const side = sideOf(mu, crowded);
  return Math.min(side / size, (longest * side) / (Math.max(width, height) * factor));
}

function clamp(x: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, x));
}
