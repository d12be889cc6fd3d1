import type L from "leaflet";
import type { LabelPlace } from "../geo/shapes";
import type { ParcelLook } from "./parcel-look";
import { boxOf, pixelX, pixelY, type Ring, worldSize } from "./parcel-outline";
import type { Box } from "./symbol-places";

/** A parcel as it stands at the map's zoom, in layer pixels, for what is painted beside the tiles. */
export interface DrawnParcel {
  readonly parcelId: number;
  readonly look: ParcelLook;
  readonly drawn: readonly Ring[];
  readonly box: Box | undefined;
  /** Where marks stand inside, and the room for them; no room in a symbol. */
  readonly inside: { at: { x: number; y: number }; width: number; height: number };
}

/** What a marked parcel is made of. */
export interface MarkedParcel {
  readonly parcelId: number;
  look(): ParcelLook;
  /** Rings in the pixels of a zoom, and whether they are a symbol's. */
  rings(zoom: number): { rings: readonly Ring[]; symbol: boolean };
  label(): LabelPlace;
}

/** Works out once a zoom and place of the map where a parcel stands. */
export class Marked implements DrawnParcel {
  private at: { zoom: number; x: number; y: number } | undefined;
  private stands: Pick<DrawnParcel, "drawn" | "box" | "inside"> | undefined;

  constructor(
    private readonly map: L.Map,
    private readonly of: MarkedParcel,
  ) {}

  get parcelId(): number {
    return this.of.parcelId;
  }
  get look(): ParcelLook {
    return this.of.look();
  }
  get drawn(): readonly Ring[] {
    return this.now().drawn;
  }
  get box(): Box | undefined {
    return this.now().box;
  }
  get inside(): DrawnParcel["inside"] {
    return this.now().inside;
  }

  private now(): Pick<DrawnParcel, "drawn" | "box" | "inside"> {
    const [zoom, { x, y }] = [this.map.getZoom(), this.map.getPixelOrigin()];
    if (!this.stands || this.at?.zoom !== zoom || this.at.x !== x || this.at.y !== y) {
      this.at = { zoom, x, y };
      this.stands = this.stand(zoom, x, y);
    }
    return this.stands;
  }

  private stand(zoom: number, left: number, top: number) {
    const { rings, symbol } = this.of.rings(zoom);
    const drawn = rings.map((ring) => ring.map((n, i) => n - (i % 2 === 0 ? left : top)));
    const box = drawn.length > 0 ? boxOf(drawn) : undefined;
    if (symbol || !box) {
      return { drawn, box, inside: { at: box ?? { x: 0, y: 0 }, width: 0, height: 0 } };
    }
    const size = worldSize(zoom);
    const { at: place, width: degrees } = this.of.label();
    const [lon, lat] = place;
    const [x, y] = [Math.round(pixelX(lon, size)), Math.round(pixelY(lat, size))];
    const width = Math.round(pixelX(lon + degrees, size)) - x;
    return { drawn, box, inside: { at: { x: x - left, y: y - top }, width, height: 2 * box.h } };
  }
}
