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

/** Whether so many parcels are crowded at a zoom. */
export function isCrowded(parcels: number, zoom: number): boolean {
  return parcels > crowd && zoom < crowdedBelow;
}
/** Above this number symbols cannot all stand apart, and looking for it would only take time. */
export const mostPushed = 4000;
/** A strip of land is not enlarged to more than this times the side of a square. */
const longest = 1.6;
const gap = 1;
/** Rounds of pushing before symbols that still meet are made a little smaller, again and again. */
const pushRounds = [40, 8, 8, 8, 8, 8, 8];
/** Above this number of symbols there are fewer: most of them have no free place, and the map must not wait. */
const manySymbols = 1500;
const fewerRounds = [12, 3, 3, 3, 3, 3, 3];
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
      places = placeSymbols(this.footprints, zoom, isCrowded(this.footprints.length, zoom));
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

/** Places the symbols among the parcels; what has its true shape stays. */
export function placeSymbols(
  footprints: readonly Footprint[],
  zoom: number,
  crowded: boolean,
): ReadonlyMap<number, SymbolPlace> {
  const factor = 2 ** zoom;
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
function settle(bodies: readonly Body[]): void {
  const sweep = new Sweep(bodies);
  const many = bodies.filter(({ fixed }) => !fixed).length > manySymbols;
  for (const rounds of many ? fewerRounds : pushRounds) {
    for (let round = 0; round < rounds; round++) if (!sweep.meet(pushApart)) return;
    sweep.meet(shrinkApart);
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
  /** Strips of the sweep. */
  top: number;
  bottom: number;
}

function bodyOf(footprint: Footprint, factor: number, crowded: boolean): Body {
  const scale = scaleOf(footprint, factor, crowded);
  const fixed = scale <= 1;
  const [x, y] = [footprint.x * factor, footprint.y * factor];
  const half = (factor * (fixed ? 1 : scale)) / 2;
  const size = { w: footprint.width * half, h: footprint.height * half };
  return {
    id: footprint.id,
    homeX: x,
    homeY: y,
    scale,
    fixed,
    x,
    y,
    ...size,
    shrink: 1,
    top: 0,
    bottom: 0,
  };
}

/** Height of the strips in which others are looked for, pixels; most bodies lie in one or two. */
const stripHeight = 32;

type Act = (a: Body, b: Body, overlap: Overlap) => void;

/** Meets bodies from left to right, each with those of its strips only. */
class Sweep {
  /** By the left side, by id where that is equal. */
  private readonly bodies: Body[];
  private readonly strips: Body[][] = [];
  private readonly least: number;

  constructor(bodies: readonly Body[]) {
    this.bodies = [...bodies].sort((a, b) => (follows(a, b) ? 1 : -1));
    for (const body of bodies) noteStrips(body);
    // Symbols may be pushed up and down by a strip.
    this.least = Math.min(...bodies.map(({ top }) => top)) - 1;
  }

  /** Calls back for every two boxes that come nearer than the gap, one of them a symbol; false when there are none. */
  meet(act: Act): boolean {
    order(this.bodies);
    for (const strip of this.strips) strip.length = 0;
    let any = false;
    // From right to left: what was entered before a body begins on its right.
    for (let i = this.bodies.length - 1; i >= 0; i--) {
      const body = this.bodies[i] as Body;
      noteStrips(body);
      for (let at = body.top; at <= body.bottom; at++) {
        const strip = this.strip(at);
        any = meetStrip(body, strip, at, act) || any;
        strip.push(body);
      }
    }
    return any;
  }

  private strip(at: number): Body[] {
    const index = at - this.least;
    while (this.strips.length <= index) this.strips.push([]);
    return this.strips[index] as Body[];
  }
}

/** Meets those entered before; two that share several strips meet in the first of them. */
function meetStrip(a: Body, there: readonly Body[], at: number, act: Act): boolean {
  let any = false;
  for (let j = there.length - 1; j >= 0; j--) {
    const b = there[j] as Body;
    if (b.x - b.w >= a.x + a.w + gap) break;
    if ((a.fixed && b.fixed) || Math.max(a.top, b.top) !== at) continue;
    const y = a.h + b.h + gap - Math.abs(a.y - b.y);
    const x = a.w + b.w + gap - Math.abs(a.x - b.x);
    if (y <= slack || x <= slack) continue;
    any = true;
    act(a, b, { x, y });
  }
  return any;
}

/** Notes the first and the last strip that a box with its gap touches. */
function noteStrips(body: Body): void {
  body.top = Math.floor((body.y - body.h - gap) / stripHeight);
  body.bottom = Math.floor((body.y + body.h + gap) / stripHeight);
}

/** Insertion sort: after a round the order is nearly that of before. */
function order(bodies: Body[]): void {
  for (let i = 1; i < bodies.length; i++) {
    const body = bodies[i] as Body;
    let j = i - 1;
    for (; j >= 0 && follows(bodies[j] as Body, body); j--) bodies[j + 1] = bodies[j] as Body;
    bodies[j + 1] = body;
  }
}

function follows(a: Body, b: Body): boolean {
  const left = a.x - a.w - (b.x - b.w);
  return left > 0 || (left === 0 && a.id > b.id);
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

/** Whether a box is large enough for its true shape, or nothing. */
export function isTrue(width: number, height: number, factor: number): boolean {
  const size = Math.sqrt(width * height) * factor;
  return size >= trueFrom || size === 0;
}

/** The enlargement of the outline; not above 1 where the true shape is large enough. */
export function scaleOf(
  { width, height, mu }: Pick<Footprint, "width" | "height" | "mu">,
  factor: number,
  crowded: boolean,
): number {
  if (isTrue(width, height, factor)) return 1;
  const size = Math.sqrt(width * height) * factor;
  const side = sideOf(mu, crowded);
  return Math.min(side / size, (longest * side) / (Math.max(width, height) * factor));
}

function clamp(x: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, x));
}
