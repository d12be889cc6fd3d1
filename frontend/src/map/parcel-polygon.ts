import L from "leaflet";
import { inkOn } from "../domain/palette";
import { type AreaGeometry, boundsOf, labelPlace, polygonsOf } from "../geo/shapes";
import { OpenPolygon } from "./leaflet-inside";
import type { ParcelLook } from "./parcel-look";
import type { Box, Footprint, SymbolPlace } from "./symbol-places";

/** Leaflet's order is latitude, longitude. */
export function latLngsOf(geometry: AreaGeometry): L.LatLngTuple[][][] {
  return polygonsOf(geometry).map((rings) =>
    rings.map((ring) => ring.map(([x = 0, y = 0]): L.LatLngTuple => [y, x])),
  );
}

/** The font of what is painted on the map. */
export const mapFont = '"Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

/** Least room in pixels for the digit. */
const digitRoom = 18;

/** An outline in the pixels of zoom 0, and the middle of its box. */
interface Outline {
  readonly rings: readonly (readonly L.Point[])[];
  readonly x: number;
  readonly y: number;
}

/**
 * A parcel on the canvas: its symbol far out, its true shape near, with its stage digit where
 * there is room. It repaints only its own rectangle.
 */
export class ParcelPolygon extends OpenPolygon {
  private readonly label: { at: L.LatLng; edge: L.LatLng };
  private readonly outline: Outline;
  private place = { at: L.point(0, 0), width: 0 };
  private symbol: SymbolPlace | undefined;

  /** `symbolOf` gives the parcel's symbol at the map's present zoom. */
  constructor(
    readonly parcelId: number,
    geometry: AreaGeometry,
    public look: ParcelLook,
    renderer: L.Renderer,
    private readonly symbolOf: (id: number) => SymbolPlace | undefined,
  ) {
    super(latLngsOf(geometry), { ...look.style, renderer, smoothFactor: 0.5 });
    const { at, width } = labelPlace(geometry);
    this.label = { at: L.latLng(at[1], at[0]), edge: L.latLng(at[1], at[0] + width) };
    this.outline = outlineOf(geometry);
  }

  /** Takes on another look and repaints only its own rectangle. */
  show(look: ParcelLook): void {
    this.look = look;
    this.setStyle(look.style);
  }

  /** The outline as it is drawn, in layer pixels. */
  get drawn(): readonly (readonly L.Point[])[] {
    return this._rings;
  }

  /** The box of what is drawn, in layer pixels; undefined before it was projected. */
  get box(): Box | undefined {
    if (!this._rawPxBounds) return undefined;
    const { x, y } = this._rawPxBounds.getCenter();
    const size = this._rawPxBounds.getSize();
    return { x, y, w: size.x / 2, h: size.y / 2 };
  }

  /** Where marks stand inside, and the room for them in pixels; no room in a symbol. */
  get inside(): { at: L.Point; width: number; height: number } {
    const height = this.symbol ? 0 : (this._rawPxBounds?.getSize().y ?? 0);
    return { ...this.place, height };
  }

  /** Whether the point (layer pixels) lies on what is drawn. */
  covers(point: L.Point): boolean {
    return this._containsPoint(point);
  }

  override _project(): void {
    this.symbol = this.symbolOf(this.parcelId);
    if (this.symbol) this.projectSymbol(this.symbol);
    else this.projectTrue();
  }

  private projectTrue(): void {
    const at = this._map.latLngToLayerPoint(this.label.at);
    this.place = { at, width: this._map.latLngToLayerPoint(this.label.edge).x - at.x };
    super._project();
  }

  /** Leaflet rounds to whole pixels, which would leave nothing of an outline this small. */
  private projectSymbol({ scale, dx, dy }: SymbolPlace): void {
    const zoom = this._map.getZoom();
    const factor = this._map.getZoomScale(zoom, 0);
    const middle = L.point(this.outline.x, this.outline.y).multiplyBy(factor);
    const origin = this._map.getPixelOrigin();
    const shift = L.point(middle.x + dx - origin.x, middle.y + dy - origin.y);
    const box = L.bounds([]);
    this._rings = this.outline.rings.map((ring) =>
      ring.map((p) => {
        const drawn = p.multiplyBy(factor).subtract(middle).multiplyBy(scale).add(shift);
        box.extend(drawn);
        return drawn;
      }),
    );
    this.place = { at: shift, width: 0 };
    this._rawPxBounds = box;
    this._updateBounds();
  }

  override _updatePath(): void {
    this.options.weight = this.symbol ? 0.6 : 1;
    super._updatePath();
    if (!this._renderer._drawing || !this.look.digit) return;
    const { width, height } = this.inside;
    if (width >= digitRoom && height >= digitRoom) this.paintDigit(this._renderer._ctx);
  }

  private paintDigit(context: CanvasRenderingContext2D): void {
    const size = Math.min(20, Math.max(12, this.place.width / 5));
    context.save();
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `700 ${size}px ${mapFont}`;
    context.fillStyle = inkOn(this.look.ground);
    context.fillText(this.look.digit, this.place.at.x, this.place.at.y);
    context.restore();
  }
}

function outlineOf(geometry: AreaGeometry): Outline {
  const rings = latLngsOf(geometry)
    .flat()
    .map((ring) => ring.map((at) => flat(L.latLng(at))));
  const { x, y } = footprintOf(0, geometry, 0);
  return { rings, x, y };
}

/** What the symbol of a geometry is computed from. */
export function footprintOf(id: number, geometry: AreaGeometry, mu: number): Footprint {
  const [west, south, east, north] = boundsOf(geometry);
  const [low, high] = [flat(L.latLng(south, west)), flat(L.latLng(north, east))];
  const [width, height] = [high.x - low.x, low.y - high.y];
  return { id, mu, x: (low.x + high.x) / 2, y: (low.y + high.y) / 2, width, height };
}

/** Web Mercator in the pixels of zoom 0. */
function flat(at: L.LatLng): L.Point {
  return L.CRS.EPSG3857.latLngToPoint(at, 0);
}
