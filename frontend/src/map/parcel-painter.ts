/**
 * Paints parcels into rectangles of canvas, in a worker or on the page: the same code, so the same
 * picture. What it paints is what Leaflet 1.9.4 paints of a polygon, with the digit on top.
 */
import type { Shapes } from "../geo/flat";
import { geometryOf } from "../geo/flat-shapes";
import { type LabelPlace, labelPlace } from "../geo/shapes";
import { mapFont } from "./map-font";
import { boxesOf, nearAmong, ParcelIndex, type PixelRect } from "./parcel-index";
import { boxOf, pixelX, pixelY, type Ring, ringsAt, worldSize } from "./parcel-outline";
import { simplified } from "./simplified";
import { farthestPush, type SymbolPlace } from "./symbol-places";

/** How the inside and the edge of a parcel are painted. */
export interface Paint {
  readonly fill: string;
  readonly fillOpacity: number;
  readonly stroke: string;
  readonly opacity: number;
  readonly dash: readonly number[];
  /** Empty: none. */
  readonly digit: string;
  readonly ink: string;
}

/** Symbols of a zoom: those of some parcels by index, or the enlargement of all, 0 where the shape is true. */
export type SymbolsSent =
  | { readonly indexes: Uint32Array; readonly places: Float64Array }
  | { readonly scales: Float32Array };

/** What a rectangle is painted from; whoever sends it sends what it needs before it. */
export interface PaintJob {
  readonly zoom: number;
  readonly rect: PixelRect;
  /** Pixels of the canvas in one of the map. */
  readonly ratio: number;
}

/** Least room in pixels for the digit. */
const digitRoom = 18;
/** How far a symbol reaches beyond the box of its parcel: half its longest side, and the push. */
const symbolReach = 12 + farthestPush;
const strokeReach = 2;
const keptZooms = 4;
/**
 * Edges are drawn after the insides of so many parcels (a power of two), in one stroke where they are
 * alike: half the work of a stroke for each, while a much longer path takes longer again.
 */
const blockBits = 4;

interface Painting {
  readonly pen: Pen;
  readonly zoom: number;
  readonly rect: PixelRect;
}

/** A parcel whose inside is painted, and how its edge will be. */
interface Inked {
  readonly i: number;
  readonly paint: Paint;
  readonly corners: readonly Ring[];
  readonly width: number;
  /** Whether there may be room for its digit. */
  readonly written: boolean;
}

export type PaintContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export class ParcelPainter {
  private shapes: Shapes | undefined;
  private index: ParcelIndex | undefined;
  /** Where they lie while there is no index: a first picture shows most of them, and does not wait for it. */
  private boxes: Int32Array | undefined;
  private paints: readonly Paint[] = [];
  private paintOf: Uint16Array = new Uint16Array();
  private readonly symbols = new Map<number, (index: number) => SymbolPlace | undefined>();
  private readonly labels = new Map<number, LabelPlace>();

  /** Other parcels; each is painted by the paint whose number it has. */
  take(shapes: Shapes, paintOf: Uint16Array): void {
    this.shapes = shapes;
    this.index = undefined;
    this.boxes = undefined;
    this.paintOf = paintOf;
    this.symbols.clear();
    this.labels.clear();
  }

  /** Makes the index of the shapes, if there is none; undefined where nothing lies anywhere. */
  makeIndex(): ArrayBufferLike | undefined {
    if (!this.shapes || this.index) return undefined;
    this.index = new ParcelIndex(this.shapes);
    this.boxes = undefined;
    return this.index.data;
  }

  private near(shapes: Shapes, rect: PixelRect, zoom: number, margin: number): Iterable<number> {
    if (this.index) return this.index.near(rect, zoom, margin);
    this.boxes ??= boxesOf(shapes);
    return nearAmong(this.boxes, rect, zoom, margin);
  }

  /** All paints there are. */
  takePaints(paints: readonly Paint[]): void {
    this.paints = paints;
  }

  /** Other paints of some parcels: index and number in turn. */
  repaint(changes: Uint32Array): void {
    for (let i = 0; i < changes.length; i += 2) {
      this.paintOf[changes[i] as number] = changes[i + 1] as number;
    }
  }

  takeSymbols(zoom: number, sent: SymbolsSent): void {
    const [oldest] = this.symbols.keys();
    if (this.symbols.size >= keptZooms && oldest !== undefined) this.symbols.delete(oldest);
    this.symbols.set(zoom, readSymbols(sent));
  }

  /** Paints what lies in the rectangle, whose corner is the context's. */
  paint(context: PaintContext, { zoom, rect, ratio }: PaintJob): void {
    const { shapes } = this;
    if (!shapes) return;
    const symbolOf = this.symbols.get(zoom);
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const painter = { pen: new Pen(context), zoom, rect };
    const margin = symbolOf ? symbolReach : strokeReach;
    let block: Inked[] = [];
    for (const i of this.near(shapes, rect, zoom, margin)) {
      const paint = this.paints[this.paintOf[i] ?? 0];
      if (!paint) continue;
      const [first] = block;
      // By their place among all, not in the rectangle: the same picture of whatever part.
      if (first && first.i >> blockBits !== i >> blockBits) {
        this.finish(painter, shapes, block);
        block = [];
      }
      const inked = fillOne(painter, shapes, i, paint, symbolOf?.(i));
      if (inked) block.push(inked);
    }
    this.finish(painter, shapes, block);
    context.restore();
  }

  /** Edges and digits of a block. */
  private finish({ pen, zoom, rect }: Painting, shapes: Shapes, block: readonly Inked[]): void {
    for (let k = 0; k < block.length; ) {
      const { paint, width } = block[k] as Inked;
      pen.context.beginPath();
      for (; block[k]?.paint === paint && block[k]?.width === width; k++) {
        trace(pen.context, (block[k] as Inked).corners, rect);
      }
      pen.stroke(paint, width);
    }
    for (const { i, paint, written } of block) {
      if (!written) continue;
      const size = worldSize(zoom);
      const place = this.label(shapes, i);
      const [x, y] = [Math.round(pixelX(place.at[0], size)), Math.round(pixelY(place.at[1], size))];
      const room = Math.round(pixelX(place.at[0] + place.width, size)) - x;
      if (room >= digitRoom) pen.digit(paint, x - rect.left, y - rect.top, room);
    }
  }

  private label(shapes: Shapes, i: number): LabelPlace {
    let place = this.labels.get(i);
    if (!place) {
      const geometry = geometryOf(shapes, i);
      place = geometry ? labelPlace(geometry) : { at: [0, 0], width: 0 };
      this.labels.set(i, place);
    }
    return place;
  }
}

function readSymbols(sent: SymbolsSent): (index: number) => SymbolPlace | undefined {
  if ("scales" in sent) {
    return (index) => {
      const enlarged = sent.scales[index];
      return enlarged ? { scale: enlarged, dx: 0, dy: 0 } : undefined;
    };
  }
  const { indexes, places } = sent;
  const byIndex = new Map<number, SymbolPlace>();
  indexes.forEach((index, k) => {
    const [scale = 1, dx = 0, dy = 0] = places.subarray(3 * k, 3 * k + 3);
    byIndex.set(index, { scale, dx, dy });
  });
  return (index) => byIndex.get(index);
}

/** The inside of a parcel; undefined where nothing of it is in the rectangle. */
function fillOne(
  { pen, zoom, rect }: Painting,
  shapes: Shapes,
  i: number,
  paint: Paint,
  symbol: SymbolPlace | undefined,
): Inked | undefined {
  // Of another day, or of another track.
  if (paint.fillOpacity === 0 && paint.opacity === 0) return undefined;
  const rings = ringsAt(shapes, i, zoom, symbol);
  const { x, y, w, h } = boxOf(rings);
  if (x + w + strokeReach < rect.left || x - w - strokeReach > rect.right) return undefined;
  if (y + h + strokeReach < rect.top || y - h - strokeReach > rect.bottom) return undefined;
  const corners = rings.map((ring) => simplified(ring, 0.5));
  pen.context.beginPath();
  trace(pen.context, corners, rect);
  pen.fill(paint);
  const written = !symbol && paint.digit !== "" && 2 * h >= digitRoom;
  return { i, paint, corners, written, width: symbol ? 0.6 : 1 };
}

/** From the corner of the rectangle: a canvas reckons in single precision, too coarse for pixels of the world. */
function trace(context: PaintContext, rings: readonly Ring[], { left, top }: PixelRect): void {
  for (const corners of rings) {
    context.moveTo((corners[0] as number) - left, (corners[1] as number) - top);
    for (let k = 2; k < corners.length; k += 2) {
      context.lineTo((corners[k] as number) - left, (corners[k + 1] as number) - top);
    }
    context.closePath();
  }
}

/** Tells a context what has changed since the last parcel: each word to it takes as long as a corner. */
class Pen {
  private inside: string | undefined;
  private edge: Paint | undefined;
  private width = Number.NaN;
  private alpha = Number.NaN;

  constructor(readonly context: PaintContext) {
    context.lineCap = "round";
    context.lineJoin = "round";
    context.textAlign = "center";
    context.textBaseline = "middle";
  }

  fill({ fill, fillOpacity }: Paint): void {
    const { context } = this;
    if (fill !== this.inside) {
      context.fillStyle = fill;
      this.inside = fill;
    }
    this.cover(fillOpacity);
    context.fill("evenodd");
  }

  stroke(paint: Paint, width: number): void {
    const { context } = this;
    if (paint !== this.edge) {
      context.strokeStyle = paint.stroke;
      context.setLineDash(paint.dash as number[]);
      this.edge = paint;
    }
    if (width !== this.width) {
      context.lineWidth = width;
      this.width = width;
    }
    this.cover(paint.opacity);
    context.stroke();
  }

  /** As opaque as the edge. */
  digit(paint: Paint, x: number, y: number, room: number): void {
    const { context } = this;
    this.cover(paint.opacity);
    const size = Math.min(20, Math.max(12, room / 5));
    context.font = `700 ${size}px ${mapFont}`;
    context.fillStyle = paint.ink;
    context.fillText(paint.digit, x, y);
    this.inside = undefined;
  }

  private cover(alpha: number): void {
    if (alpha === this.alpha) return;
    this.context.globalAlpha = alpha;
    this.alpha = alpha;
  }
}
