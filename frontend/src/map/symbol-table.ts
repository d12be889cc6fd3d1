import type { Shapes } from "../geo/flat";
import type { ParcelIndex } from "./parcel-index";
import { type FlatBox, flatBox } from "./parcel-outline";
import type { SymbolsSent } from "./parcel-painter";
import {
  type Box,
  farthestPush,
  isCrowded,
  isTrue,
  mostPushed,
  placeSymbols,
  type SymbolPlace,
  scaleOf,
} from "./symbol-places";

/** The symbols of one zoom, by a parcel's index. */
export interface Symbols {
  readonly count: number;
  at(index: number): SymbolPlace | undefined;
  /** Where none is pushed: the enlargement of every parcel, 0 where its shape is true. */
  readonly scales?: Float32Array;
  /** The same for the painter. */
  readonly sent: SymbolsSent;
}

/** Is told an index, and middle and half the sides of a box. */
type BoxVisit = (index: number, x: number, y: number, w: number, h: number) => void;

/** Zooms whose symbols are kept. */
const keptZooms = 6;
/** Above so many parcels only those near a symbol are looked at. */
const few = 4000;
/** How near a parcel may be to a symbol's parcel to be in its way, pixels. */
const inTheWay = 40;

/** The symbols of all parcels at any zoom, each worked out when first asked for. */
export class SymbolTable {
  private readonly kept = new Map<number, Symbols>();
  /** x, y, width and height at zoom 0. */
  private readonly boxes: Float64Array;
  /** How many are drawn. */
  private count = 0;

  constructor(
    shapes: Shapes,
    private readonly mu: (index: number) => number,
    private readonly index: () => ParcelIndex | undefined,
    /** Whether a parcel is drawn at all: what is not is no symbol and in nobody's way. */
    drawn: (index: number) => boolean = () => true,
    private readonly allUpTo = few,
  ) {
    const n = shapes.polygons.length - 1;
    this.boxes = new Float64Array(4 * n);
    for (let i = 0; i < n; i++) {
      if (!drawn(i)) continue;
      this.count++;
      const { x, y, width, height } = flatBox(shapes, i);
      // What has no shape has no size: it is never a symbol.
      if (width >= 0) this.boxes.set([x, y, width, height], 4 * i);
    }
  }

  get size(): number {
    return this.boxes.length / 4;
  }

  /** The box of a parcel's true shape at zoom 0. */
  box(index: number): FlatBox {
    const { boxes } = this;
    return {
      x: boxes[4 * index] ?? 0,
      y: boxes[4 * index + 1] ?? 0,
      width: boxes[4 * index + 2] ?? 0,
      height: boxes[4 * index + 3] ?? 0,
    };
  }

  /** The boxes of all parcels as they are drawn, in the pixels of a zoom: without their outlines, and without an object each. */
  eachBox(zoom: number, visit: BoxVisit): void {
    const symbols = this.at(zoom);
    for (let i = 0; i < this.size; i++) this.tell(i, 2 ** zoom, symbols, visit);
  }

  /** The box of one. */
  boxAt(index: number, zoom: number): Box {
    let box: Box = { x: 0, y: 0, w: 0, h: 0 };
    this.tell(index, 2 ** zoom, this.at(zoom), (_, x, y, w, h) => {
      box = { x, y, w, h };
    });
    return box;
  }

  private tell(i: number, factor: number, symbols: Symbols, visit: BoxVisit): void {
    const { boxes } = this;
    const [x, y] = [boxes[4 * i] as number, boxes[4 * i + 1] as number];
    const [width, height] = [boxes[4 * i + 2] as number, boxes[4 * i + 3] as number];
    const scale = symbols.scales?.[i] ?? 0;
    const symbol = symbols.scales ? undefined : symbols.at(i);
    if (scale > 0 || symbol) {
      const half = (factor * (symbol?.scale ?? scale)) / 2;
      const [dx, dy] = [symbol?.dx ?? 0, symbol?.dy ?? 0];
      visit(i, x * factor + dx, y * factor + dy, width * half, height * half);
      return;
    }
    // Shapes stand on whole pixels.
    const [west, east] = [
      Math.round((x - width / 2) * factor),
      Math.round((x + width / 2) * factor),
    ];
    const [north, south] = [
      Math.round((y - height / 2) * factor),
      Math.round((y + height / 2) * factor),
    ];
    visit(i, (west + east) / 2, (north + south) / 2, (east - west) / 2, (south - north) / 2);
  }

  at(zoom: number): Symbols {
    let symbols = this.kept.get(zoom);
    if (!symbols) {
      symbols = this.work(zoom);
      const [oldest] = this.kept.keys();
      if (this.kept.size >= keptZooms && oldest !== undefined) this.kept.delete(oldest);
      this.kept.set(zoom, symbols);
    }
    return symbols;
  }

  private work(zoom: number): Symbols {
    const [factor, crowded] = [2 ** zoom, isCrowded(this.count, zoom)];
    const scales = new Float32Array(this.size);
    const small: number[] = [];
    for (let i = 0; i < this.size; i++) {
      const [width, height] = [this.boxes[4 * i + 2] as number, this.boxes[4 * i + 3] as number];
      if (isTrue(width, height, factor)) continue;
      const scale = scaleOf({ width, height, mu: this.mu(i) }, factor, crowded);
      if (scale <= 1) continue;
      scales[i] = scale;
      small.push(i);
    }
    if (small.length > mostPushed) return enlarged(scales, small.length);
    return pushed(this.pushedAmong(small, zoom, crowded));
  }

  private pushedAmong(small: readonly number[], zoom: number, crowded: boolean) {
    const index = this.size > this.allUpTo ? this.index() : undefined;
    const among = index ? this.around(index, small, zoom) : range(this.size);
    const footprints = among.map((id) => ({ id, ...this.box(id), mu: this.mu(id) }));
    return small.length === 0 ? new Map() : placeSymbols(footprints, zoom, crowded);
  }

  /** The small ones and whatever lies so near that it may be in their way. */
  private around(index: ParcelIndex, small: readonly number[], zoom: number): number[] {
    const found = new Set(small);
    const factor = 2 ** zoom;
    for (const i of small) {
      const { x, y } = this.box(i);
      const [left, top] = [x * factor, y * factor];
      const rect = { left, top, right: left, bottom: top };
      for (const near of index.near(rect, zoom, inTheWay + farthestPush)) found.add(near);
    }
    return [...found].sort((a, b) => a - b);
  }
}

function enlarged(scales: Float32Array, count: number): Symbols {
  return {
    count,
    scales,
    at: (index) => {
      const scale = scales[index];
      return scale ? { scale, dx: 0, dy: 0 } : undefined;
    },
    sent: { scales },
  };
}

function pushed(places: ReadonlyMap<number, SymbolPlace>): Symbols {
  const indexes = Uint32Array.from(places.keys());
  const flat = [...places.values()].flatMap(({ scale, dx, dy }) => [scale, dx, dy]);
  return {
    count: places.size,
    at: (index) => places.get(index),
    sent: { indexes, places: Float64Array.from(flat) },
  };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
