import L from "leaflet";
import { alertColour, inkOn } from "../domain/palette";
import { type AreaGeometry, labelPlace, polygonsOf } from "../geo/shapes";
import { OpenPolygon } from "./leaflet-inside";
import type { ParcelLook } from "./parcel-look";

/** Leaflet's order is latitude, longitude. */
export function latLngsOf(geometry: AreaGeometry): L.LatLngTuple[][][] {
  return polygonsOf(geometry).map((rings) =>
    rings.map((ring) => ring.map(([x = 0, y = 0]): L.LatLngTuple => [y, x])),
  );
}

/** Below this size in pixels a parcel is shown as a dot, or nobody would see it. */
const dotBelow = 6;
const dotRadius = 3;

/** Least room in pixels for the digit, and for the plate beside or above it. */
const digitRoom = 18;
const plateBeside = 48;
const plateAbove = 42;

/** A parcel that paints its stage digit and its late plate right after itself, in the same repaint. */
export class ParcelPolygon extends OpenPolygon {
  private readonly label: { at: L.LatLng; edge: L.LatLng };
  private place = { at: L.point(0, 0), width: 0 };

  constructor(
    readonly parcelId: number,
    geometry: AreaGeometry,
    private look: ParcelLook,
    renderer: L.Renderer,
  ) {
    super(latLngsOf(geometry), { ...look.style, renderer, smoothFactor: 0.5 });
    const { at, width } = labelPlace(geometry);
    this.label = { at: L.latLng(at[1], at[0]), edge: L.latLng(at[1], at[0] + width) };
  }

  /** Takes on another look and repaints only its own rectangle. */
  show(look: ParcelLook): void {
    this.look = look;
    this.setStyle(look.style);
  }

  /** The place of the label comes first: the bounds of a dot lie around it. */
  override _project(): void {
    const at = this._map.latLngToLayerPoint(this.label.at);
    this.place = { at, width: this._map.latLngToLayerPoint(this.label.edge).x - at.x };
    super._project();
  }

  override _updateBounds(): void {
    super._updateBounds();
    if (!this.isDot()) return;
    const reach = dotRadius + 2;
    for (const sign of [-1, 1])
      this._pxBounds?.extend(this.place.at.add([sign * reach, sign * reach]));
  }

  override _containsPoint(point: L.Point): boolean {
    return this.isDot()
      ? point.distanceTo(this.place.at) <= dotRadius + 2
      : super._containsPoint(point);
  }

  override _updatePath(): void {
    if (!this.isDot()) super._updatePath();
    if (!this._renderer._drawing) return;
    const context = this._renderer._ctx;
    context.save();
    if (this.isDot()) this.paintDot(context);
    else this.paintMarks(context);
    context.restore();
  }

  private isDot(): boolean {
    const size = this._rawPxBounds?.getSize();
    return size !== undefined && Math.max(size.x, size.y) < dotBelow;
  }

  private paintDot(context: CanvasRenderingContext2D): void {
    const { style, late } = this.look;
    context.beginPath();
    context.arc(this.place.at.x, this.place.at.y, dotRadius, 0, 2 * Math.PI);
    context.globalAlpha = style.fillOpacity ?? 1;
    context.fillStyle = style.fillColor ?? this.look.ground;
    context.fill();
    context.globalAlpha = style.opacity ?? 1;
    context.lineWidth = late ? 1.5 : 0.5;
    context.strokeStyle = style.color ?? alertColour;
    context.stroke();
  }

  private paintMarks(context: CanvasRenderingContext2D): void {
    const height = this._rawPxBounds?.getSize().y ?? 0;
    if (this.place.width < digitRoom || height < digitRoom) return;
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (this.look.digit) this.paintDigit(context, this.look.digit);
    if (this.look.late) this.paintPlate(context, height);
  }

  private paintDigit(context: CanvasRenderingContext2D, digit: string): void {
    const size = Math.min(20, Math.max(12, this.place.width / 5));
    context.font = `700 ${size}px "Noto Sans CJK SC", "Microsoft YaHei", sans-serif`;
    context.fillStyle = inkOn(this.look.ground);
    context.fillText(digit, this.place.at.x, this.place.at.y);
  }

  /** The `!` that says late without colour, where it leaves the digit alone. */
  private paintPlate(context: CanvasRenderingContext2D, height: number): void {
    const { at, width } = this.place;
    if (width < plateBeside && height < plateAbove) return;
    const { x, y } = at.add(width < plateBeside ? [0, -15] : [width / 2 - 12, 0]);
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.fillStyle = alertColour;
    context.fill();
    context.fillStyle = "#1B0B05";
    context.font = "700 11px sans-serif";
    context.fillText("!", x, y + 0.5);
  }
}
