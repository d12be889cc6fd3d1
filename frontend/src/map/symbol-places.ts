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
/** Where no place is free, a symbol is made smaller before it may cover another. */
const shrinks = [1, 0.85, 0.7, 0.55];

/**
 * The symbols of all parcels at each zoom, computed once for a set of geometries and kept. The
 * same on every screen: the order is that of size and id, and nothing depends on the view.
 */
export class SymbolPlaces {
  private readonly kept = new Map<number, ReadonlyMap<number, SymbolPlace>>();
  private readonly footprints: readonly Footprint[];

  constructor(footprints: readonly Footprint[]) {
    this.footprints = [...footprints].sort(
      (a, b) => b.width * b.height - a.width * a.height || a.id - b.id,
    );
  }

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
  const places = new Map<number, SymbolPlace>();
  const boxes = new BoxGrid();
  const symbols: { footprint: Footprint; scale: number }[] = [];
  for (const footprint of footprints) {
    const scale = scaleOf(footprint, factor, crowded);
    if (scale > 1) symbols.push({ footprint, scale });
    // What has its true shape stays where it is.
    else boxes.add(boxOf(footprint, factor, 1));
  }
  for (const { footprint, scale } of symbols) {
    const box = boxOf(footprint, factor, scale);
    const place = symbols.length > mostPushed ? standing(box, 1) : freePlace(box, boxes);
    boxes.add(place.box);
    places.set(footprint.id, {
      scale: scale * place.shrink,
      dx: place.box.x - box.x,
      dy: place.box.y - box.y,
    });
  }
  return places;
}

/** The enlargement of the outline; not above 1 where the true shape is large enough. */
function scaleOf({ width, height, mu }: Footprint, factor: number, crowded: boolean): number {
  const size = Math.sqrt(width * height) * factor;
  if (size >= trueFrom || size === 0) return 1;
  const side = sideOf(mu, crowded);
  return Math.min(side / size, (longest * side) / (Math.max(width, height) * factor));
}

function boxOf({ x, y, width, height }: Footprint, factor: number, scale: number): Box {
  const half = (factor * scale) / 2;
  return { x: x * factor, y: y * factor, w: width * half, h: height * half };
}

interface Standing {
  readonly box: Box;
  readonly shrink: number;
}

function standing({ x, y, w, h }: Box, shrink: number): Standing {
  return { box: { x, y, w: w * shrink, h: h * shrink }, shrink };
}

/** The nearest place where it covers nothing, smaller if need be; the least covered one at last. */
function freePlace(box: Box, taken: BoxGrid): Standing {
  let best = standing(box, 1);
  let least = Infinity;
  for (const shrink of shrinks) {
    const { w, h } = standing(box, shrink).box;
    for (const [dx, dy] of pushes) {
      const tried = { x: box.x + dx, y: box.y + dy, w, h };
      const covered = taken.covered(tried, least);
      if (covered === 0) return { box: tried, shrink };
      if (covered < least) [best, least] = [{ box: tried, shrink }, covered];
    }
  }
  return best;
}

/** Pushes tried one after the other, the shortest first. */
const pushes: readonly (readonly [dx: number, dy: number])[] = [
  [0, 0] as const,
  ...Array.from({ length: 8 }, (_, ring) => ring + 1).flatMap((ring) =>
    Array.from({ length: 16 }, (_, i) => {
      const [angle, far] = [((i + ring / 2) * Math.PI) / 8, (ring * farthestPush) / 8];
      return [far * Math.cos(angle), far * Math.sin(angle)] as const;
    }),
  ),
];

const cell = 16;

/** Boxes that can be asked for by place. */
class BoxGrid {
  private readonly cells = new Map<number, Box[]>();

  add(box: Box): void {
    this.each(box, (key) => {
      const here = this.cells.get(key);
      if (here) here.push(box);
      else this.cells.set(key, [box]);
      return true;
    });
  }

  /** How much of a box is covered, gap included; no longer exact once above `enough`. */
  covered(box: Box, enough: number): number {
    let sum = 0;
    this.each(box, (key) => {
      for (const other of this.cells.get(key) ?? []) sum += common(box, other);
      return sum <= enough;
    });
    return sum;
  }

  private each({ x, y, w, h }: Box, visit: (key: number) => boolean): void {
    const [left, right] = [Math.floor((x - w - gap) / cell), Math.floor((x + w + gap) / cell)];
    const [top, bottom] = [Math.floor((y - h - gap) / cell), Math.floor((y + h + gap) / cell)];
    for (let i = left; i <= right; i++) {
      for (let j = top; j <= bottom; j++) if (!visit(i * 2 ** 24 + j)) return;
    }
  }
}

/** The area two boxes share when they keep their gap. */
function common(a: Box, b: Box): number {
  const x = a.w + b.w + gap - Math.abs(a.x - b.x);
  const y = a.h + b.h + gap - Math.abs(a.y - b.y);
  return x > 0 && y > 0 ? x * y : 0;
}

function clamp(x: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, x));
}
