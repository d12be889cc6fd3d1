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
  near({ left, top, right, bottom }: PixelRect, zoom: number, margin: number): number[] {
    if (!this.tree) return [];
    const size = worldSize(zoom);
    const units = (degrees: number) => degrees * scale;
    const found = this.tree.search(
      ...([units(lonOf(left - margin, size)), units(latOf(bottom + margin, size))] as const),
      ...([units(lonOf(right + margin, size)), units(latOf(top - margin, size))] as const),
    );
    return found.sort((a, b) => a - b);
  }
}

/** Longitude of a pixel, degrees. */
function lonOf(x: number, size: number): number {
  return (x / size - 0.5) * 360;
}

/** Latitude of a pixel, degrees. */
function latOf(y: number, size: number): number {
  return Math.atan(Math.sinh((0.5 - y / size) * 2 * Math.PI)) / (Math.PI / 180);
}
