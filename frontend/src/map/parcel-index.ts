import Flatbush from "flatbush";
import { type Shapes, scale } from "../geo/flat";
import { unitBox, worldSize } from "./parcel-outline";

/** A rectangle in the pixels of a zoom. */
export interface PixelRect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** West, south, east, north of every parcel in units, one after the other; inside out without a shape. */
export function boxesOf(shapes: Shapes): Int32Array {
  const n = shapes.polygons.length - 1;
  const boxes = new Int32Array(4 * n);
  for (let i = 0; i < n; i++) {
    const [west, south, east, north] = unitBox(shapes, i);
    if (west <= east) boxes.set([west, south, east, north], 4 * i);
    else boxes.set([1, 1, 0, 0], 4 * i);
  }
  return boxes;
}

/** The parcels whose boxes come within a margin (pixels) of a rectangle, in their order: looks at each. */
export function nearAmong(
  boxes: Int32Array,
  around: PixelRect,
  zoom: number,
  margin: number,
): number[] {
  const [west, south, east, north] = unitsAround(around, zoom, margin);
  const found: number[] = [];
  for (let k = 0; k < boxes.length; k += 4) {
    if ((boxes[k] as number) > east || (boxes[k + 2] as number) < west) continue;
    if ((boxes[k + 1] as number) > north || (boxes[k + 3] as number) < south) continue;
    // Without a shape a parcel is nowhere.
    if ((boxes[k] as number) <= (boxes[k + 2] as number)) found.push(k >> 2);
  }
  return found;
}

/** Finds parcels by where they lie. */
export class ParcelIndex {
  private readonly tree: Flatbush | undefined;

  /** `made`: the data of an index of the same shapes. */
  constructor(shapes: Shapes, made?: ArrayBufferLike) {
    const n = shapes.polygons.length - 1;
    if (n === 0) return;
    if (made) {
      this.tree = Flatbush.from(made);
      return;
    }
    this.tree = new Flatbush(
      n,
      16,
      Int32Array,
      globalThis.crossOriginIsolated ? SharedArrayBuffer : ArrayBuffer,
    );
    for (let i = 0; i < n; i++) {
      const [west, south, east, north] = unitBox(shapes, i);
      // Without a shape a parcel is nowhere.
      if (west > east) this.tree.add(2_000_000_000, 2_000_000_000);
      else this.tree.add(west, south, east, north);
    }
    this.tree.finish();
  }

  /** What it is made of, to be sent elsewhere: shared, or copied; undefined where nothing lies anywhere. */
  get data(): ArrayBufferLike | undefined {
    return this.tree?.data;
  }

  /** The parcels whose boxes come within a margin (pixels) of a rectangle, in their order. */
  near(around: PixelRect, zoom: number, margin: number): Uint32Array {
    if (!this.tree) return new Uint32Array();
    return Uint32Array.from(this.tree.search(...unitsAround(around, zoom, margin))).sort();
  }
}

/** West, south, east, north of a rectangle and its margin in units. */
function unitsAround(
  { left, top, right, bottom }: PixelRect,
  zoom: number,
  margin: number,
): [number, number, number, number] {
  const size = worldSize(zoom);
  return [
    ...([lonOf(left - margin, size) * scale, latOf(bottom + margin, size) * scale] as const),
    ...([lonOf(right + margin, size) * scale, latOf(top - margin, size) * scale] as const),
  ];
}

/** Longitude of a pixel, degrees. */
function lonOf(x: number, size: number): number {
  return (x / size - 0.5) * 360;
}

/** Latitude of a pixel, degrees. */
function latOf(y: number, size: number): number {
  return Math.atan(Math.sinh((0.5 - y / size) * 2 * Math.PI)) / (Math.PI / 180);
}
