import L from "leaflet";
import { alertColour, mapGround, type Theme } from "../domain/palette";
import type { DrawnParcel } from "./drawn-parcel";
import type { Spot } from "./label-places";
import {
  type PlacedPlate,
  placePlates,
  plateHalf,
  type WantedPlate,
  wallPlateHalf,
} from "./late-plates";
import { OpenCanvas } from "./leaflet-inside";
import { mapFont } from "./map-font";
import { hasMarks } from "./parcel-look";
import type { Ring } from "./parcel-outline";
import type { Box } from "./symbol-places";

/** Reach of the halo beyond the frame by step of lateness, pixels. */
const halo = [0, 7, 12, 19] as const;
/** Room in pixels from which a true shape carries its plate inside. */
const plateRoom = { width: 34, height: 22 };
const badgeRoom = 22;
const onAlert = "#1A0500";
const badgeGround: Record<Theme, string> = { light: "#1B2A41", dark: "#E6EDF7" };
const badgeInk: Record<Theme, string> = { light: "#FFFFFF", dark: "#0B1220" };

/** Gap and width of the frame around what is late: far out they would cover the neighbours. */
const far = { gap: 1.5, frame: 2 };
const close = { gap: 3, frame: 3 };

/** Halos, frames, plates and badges above all parcels, whatever the order of these. */
export class MarkCanvas {
  private readonly canvas: PaintedCanvas;
  private readonly marked = new Set<DrawnParcel>();
  private theme: Theme = "light";

  /** `wall`: seen from six metres. */
  constructor(
    private readonly map: L.Map,
    private readonly wall = false,
  ) {
    map.createPane("marks").classList.add("marks-pane");
    this.canvas = new PaintedCanvas((context) => this.paint(context), {
      pane: "marks",
      padding: 0.25,
    });
    this.canvas.addTo(map);
  }

  clear(): void {
    this.marked.clear();
  }

  /** Remembers whether a parcel has anything to mark. */
  note(polygon: DrawnParcel): void {
    if (hasMarks(polygon.look)) this.marked.add(polygon);
    else this.marked.delete(polygon);
  }

  repaint(theme: Theme): void {
    this.theme = theme;
    this.canvas.repaint();
  }

  private paint(context: CanvasRenderingContext2D): void {
    const seen = this.seen();
    const late = seen.filter(({ polygon }) => polygon.look.late > 0);
    context.lineJoin = "round";
    for (const { polygon } of late) this.paintHalo(context, polygon);
    for (const { polygon } of late) this.paintFrame(context, polygon);
    const frames = late.map(({ polygon, box }) => frameBox(polygon, box));
    const outside: WantedPlate[] = [];
    for (const { polygon, box } of late) {
      if (hasRoom(polygon)) paintInside(context, polygon);
      else if (polygon.look.plate)
        outside.push({ plate: polygon.look.plate, frame: frameBox(polygon, box) });
    }
    const half = this.wall ? wallPlateHalf : plateHalf;
    for (const plate of placePlates(outside, frames, half)) paintPlate(context, plate, half);
    for (const { polygon } of seen) if (polygon.look.ahead) paintFlag(context, polygon);
    for (const { polygon, box } of seen) this.paintBadge(context, polygon, box);
  }

  /** What lies on the canvas, in the order of the parcels' ids. */
  private seen(): { polygon: DrawnParcel; box: Box }[] {
    const view = this.canvas._bounds;
    return [...this.marked]
      .flatMap((polygon) => {
        const { box } = polygon;
        if (!box || !view) return [];
        const { x, y, w, h } = box;
        const own = L.bounds([x - w - 30, y - h - 30], [x + w + 30, y + h + 30]);
        return view.intersects(own) ? [{ polygon, box }] : [];
      })
      .sort((a, b) => a.polygon.parcelId - b.polygon.parcelId);
  }

  private paintHalo(context: CanvasRenderingContext2D, polygon: DrawnParcel): void {
    const { gap, frame } = measures(polygon);
    const shrink = this.map.getZoom() < 12 && !this.wall ? 0.6 : 1;
    const reach = halo[polygon.look.late] * shrink;
    context.save();
    clipOutside(context, polygon, gap + frame + reach);
    trace(context, polygon);
    context.strokeStyle = alertColour;
    context.globalAlpha = this.theme === "light" ? 0.05 : 0.07;
    for (let part = 1; part > 0; part -= 1 / 8) {
      context.lineWidth = 2 * (gap + frame + reach * part);
      context.stroke();
    }
    context.restore();
  }

  /** Alert frame and, between it and the parcel, a gap in the colour of the ground. */
  private paintFrame(context: CanvasRenderingContext2D, polygon: DrawnParcel): void {
    const { gap, frame } = measures(polygon);
    context.save();
    clipOutside(context, polygon, gap + frame);
    trace(context, polygon);
    context.strokeStyle = alertColour;
    context.lineWidth = 2 * (gap + frame);
    context.stroke();
    context.strokeStyle = mapGround[this.theme];
    context.lineWidth = 2 * gap;
    context.stroke();
    context.restore();
  }

  private paintBadge(context: CanvasRenderingContext2D, polygon: DrawnParcel, box: Box): void {
    const { cases } = polygon.look;
    if (cases < 2 || Math.min(box.w, box.h) * 2 < badgeRoom) return;
    const text = String(cases);
    const [width, height] = [12 + 5 * text.length, 16];
    // Clear of the ring around a chosen parcel.
    const [x, y] = [box.x + box.w - width / 2 - 7, box.y - box.h + height / 2 + 7];
    roundBox(context, { x, y, w: width / 2, h: height / 2 }, 8);
    context.fillStyle = badgeGround[this.theme];
    context.fill();
    paintText(context, text, x, y, 11, badgeInk[this.theme]);
  }
}

/** A canvas of Leaflet's whose content is painted by one function. */
class PaintedCanvas extends OpenCanvas {
  constructor(
    private readonly paint: (context: CanvasRenderingContext2D) => void,
    options: L.RendererOptions,
  ) {
    super(options);
  }

  /** In the next frame, however often it is asked for. */
  repaint(): void {
    L.Util.cancelAnimFrame(this.request);
    this.request = L.Util.requestAnimFrame(() => {
      if (this._ctx) this._redraw();
    });
  }

  override _draw(): void {
    this._ctx.save();
    this.paint(this._ctx);
    this._ctx.restore();
  }

  private request = 0;
}

function measures(polygon: DrawnParcel) {
  return hasRoom(polygon) || hasDigit(polygon) ? close : far;
}

function hasDigit(polygon: DrawnParcel): boolean {
  return polygon.inside.height >= 18;
}

function hasRoom(polygon: DrawnParcel): boolean {
  const { width, height } = polygon.inside;
  return width >= plateRoom.width && height >= plateRoom.height;
}

function frameBox(polygon: DrawnParcel, { x, y, w, h }: Box): Box {
  const { gap, frame } = measures(polygon);
  return { x, y, w: w + gap + frame, h: h + gap + frame };
}

/** Keeps what is painted next out of the parcel itself. */
function clipOutside(context: CanvasRenderingContext2D, polygon: DrawnParcel, reach: number): void {
  const { box } = polygon;
  if (!box) return;
  const [w, h] = [box.w + reach + 2, box.h + reach + 2];
  context.beginPath();
  context.rect(box.x - w, box.y - h, 2 * w, 2 * h);
  addRings(context, polygon);
  context.clip("evenodd");
}

function trace(context: CanvasRenderingContext2D, polygon: DrawnParcel): void {
  context.beginPath();
  addRings(context, polygon);
}

function addRings(context: CanvasRenderingContext2D, polygon: DrawnParcel): void {
  for (const ring of polygon.drawn) addRing(context, ring);
}

function addRing(context: CanvasRenderingContext2D, ring: Ring): void {
  context.moveTo(ring[0] as number, ring[1] as number);
  for (let i = 2; i < ring.length; i += 2) {
    context.lineTo(ring[i] as number, ring[i + 1] as number);
  }
  context.closePath();
}

/** A box with round corners (roundRect is younger than some office browsers). */
function roundBox(context: CanvasRenderingContext2D, { x, y, w, h }: Box, radius: number): void {
  const [left, right, top, bottom] = [x - w, x + w, y - h, y + h];
  context.beginPath();
  context.moveTo(x, top);
  context.arcTo(right, top, right, bottom, radius);
  context.arcTo(right, bottom, left, bottom, radius);
  context.arcTo(left, bottom, left, top, radius);
  context.arcTo(left, top, right, top, radius);
  context.closePath();
}

/** Where a mark stands inside: beside the digit, or above it where the parcel is narrow; nowhere where it is small. */
function markSpot(polygon: DrawnParcel): Spot | undefined {
  const { at, width, height } = polygon.inside;
  if (!hasRoom(polygon)) return undefined;
  if (width >= 48) return { x: at.x + width / 2 - 14, y: at.y };
  return height < 42 ? undefined : { x: at.x, y: at.y - 17 };
}

function paintInside(context: CanvasRenderingContext2D, polygon: DrawnParcel): void {
  const spot = markSpot(polygon);
  if (spot) paintPlate(context, { plate: polygon.look.plate || "!", count: 1, ...spot });
}

/** A small white flag with a dark edge (提前). Near only: far out it would be a speck. */
function paintFlag(context: CanvasRenderingContext2D, polygon: DrawnParcel): void {
  const spot = markSpot(polygon);
  if (!spot) return;
  const [left, top] = [spot.x - 5, spot.y - 7];
  context.beginPath();
  for (const [x, y] of flag) context.lineTo(left + x, top + y);
  context.closePath();
  context.lineJoin = "round";
  context.fillStyle = "#FFFFFF";
  context.strokeStyle = "#0B1220";
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
}

/** Outline of the flag on its pole, pixels. */
const flag = [
  [0, 0],
  [11, 3.5],
  [2, 7],
  [2, 15],
  [0, 15],
] as const;

function paintPlate(
  context: CanvasRenderingContext2D,
  { plate, count, x, y }: PlacedPlate,
  half = plateHalf,
): void {
  const text = count > 1 ? `${plate}${count}` : plate;
  const larger = half / plateHalf;
  const width = Math.max(2 * half, larger * (8 + text.length * (plate === "督" ? 9 : 7)));
  roundBox(context, { x, y, w: width / 2, h: half }, plate === "督" ? 3 : half);
  context.fillStyle = alertColour;
  context.fill();
  paintText(context, text, x, y, Math.round(13 * larger), onAlert);
}

function paintText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  size: number,
  ink: string,
): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `700 ${size}px ${mapFont}`;
  context.fillStyle = ink;
  context.fillText(text, x, y + 0.5);
}
