import type L from "leaflet";
import { mapTheme } from "../domain/map-themes";
import { inkOn } from "../domain/palette";
import type { ParcelProperties } from "../domain/types";
import type { Shapes } from "../geo/flat";
import { shapesOf } from "../geo/flat-made";
import { geometryOf } from "../geo/flat-shapes";
import { labelPlace } from "../geo/shapes";
import { passes } from "../store/filter";
import type { ParcelEvent, ParcelShapes } from "../store/parcels";
import { shownOf } from "../store/shown";
import type { Store } from "../store/store";
import type { Marked } from "./drawn-parcel";
import type { Obstacles } from "./label-places";
import { LookTable } from "./look-table";
import type { MarkCanvas } from "./mark-canvas";
import type { OwnParcels } from "./own-parcels";
import { findPainter } from "./painter-line";
import type { ParcelIndex, PixelRect } from "./parcel-index";
import { contrasted, hasMarks, lookOf, type ParcelLook, type Scene, unseen } from "./parcel-look";
import { boxOf, covers, type Ring, ringsAt } from "./parcel-outline";
import { ParcelTiles } from "./parcel-tiles";
import { type Box, farthestPush } from "./symbol-places";
import { SymbolTable } from "./symbol-table";

/** How far from the cross a parcel may be to be meant, pixels. */
const reach = 10;
/** How far a symbol reaches beyond its parcel, pixels. */
const symbolReach = 12 + farthestPush;

const nothing: ParcelShapes = {
  ids: new Float64Array(),
  shapes: shapesOf([]),
  areas: new Float64Array(),
};

/** All parcels on tiles of canvas, their marks on a canvas above; a change repaints the rectangles of the parcels it names. */
export class ParcelLayer {
  private readonly painter = findPainter();
  private readonly tiles: ParcelTiles;
  private marks: MarkCanvas | undefined;
  private readonly looks = new LookTable();
  private readonly marked = new Map<number, Marked>();
  /** Nothing until the first reset: what is drawn has a look. */
  private drawn: ParcelShapes = nothing;
  private makeMarked: ((index: number) => Marked) | undefined;
  private makeIndex: ((shapes: Shapes, made?: ArrayBufferLike) => ParcelIndex) | undefined;
  /** How often there were other shapes, and the index that the painter has made of these. */
  private edition = 0;
  private made: ArrayBufferLike | undefined;
  private index: ParcelIndex | undefined;
  private symbols: SymbolTable;
  private readonly told = new Set<number>();
  /** Parts that are still being read come too late. */
  private gone = false;

  constructor(
    private readonly map: L.Map,
    private readonly store: Store,
    /** Undefined: all are drawn. */
    private readonly own?: OwnParcels,
  ) {
    this.symbols = this.newSymbols();
    this.tiles = new ParcelTiles(map, this.painter, (zoom) => this.tellSymbols(zoom));
    this.painter.onIndex = (edition, made) => {
      if (edition === this.edition) this.made = made;
    };
    map.on("unload", () => {
      this.gone = true;
      this.painter.end();
    });
    void this.complete();
  }

  /** Reads what is no part of the first load: marks, and what a pointer needs. */
  private async complete(): Promise<void> {
    const [{ MarkCanvas }, { Marked }, { ParcelIndex }] = await Promise.all([
      import("./mark-canvas"),
      import("./drawn-parcel"),
      import("./parcel-index"),
    ]);
    if (this.gone) return;
    this.makeIndex = (shapes, made) => new ParcelIndex(shapes, made);
    this.makeMarked = (i) => new Marked(this.map, this.markedAt(i));
    this.marks = new MarkCanvas(this.map, !!this.own);
    for (const i of this.drawn.ids.keys()) this.mark(i);
    this.repaintMarks();
  }

  private repaintMarks(): void {
    this.marks?.repaint(this.store.settings.theme.value);
  }

  /** Calls back when the pointer enters (id), leaves (undefined) or picks a parcel. */
  onPointer(hover: (id: number | undefined) => void, pick: (id: number) => void): void {
    void import("./pointer-hits").then(({ followPointer }) => {
      if (this.gone) return;
      followPointer(this.map, (point, near) => this.under(point, near), hover, pick);
    });
  }

  /** Whether any parcel is drawn larger than it is. */
  get enlarged(): boolean {
    return this.symbols.at(this.map.getZoom()).count > 0;
  }

  /** Follows the store. */
  take(event: ParcelEvent): void {
    if (event.kind === "reset" || this.own?.joins(event.ids)) this.rebuild();
    // Another day gives every parcel its look again: what is late is another then.
    else if (event.kind === "day") return;
    else this.restyle(event.ids.flatMap((id) => this.indexOf(id) ?? []));
    this.repaintMarks();
  }

  /** Gives every parcel its look again: track, filter, theme or day changed. */
  restyleAll(): void {
    this.restyle(this.drawn.ids.keys());
    this.repaintMarks();
  }

  /** Canvases have another number of pixels now. */
  sharpen(): void {
    this.tiles.repaintAll();
  }

  /** The parcel drawn at a point of the map (pixels of the container), or the nearest close by. */
  at(point: L.Point): number | undefined {
    const { x, y } = this.worldPoint(point);
    let [nearest, least]: [number | undefined, number] = [undefined, reach];
    for (const i of this.near(x, y, reach)) {
      const rings = this.rings(i, this.map.getZoom());
      const box = boxOf(rings);
      const far = Math.max(Math.abs(box.x - x) - box.w, Math.abs(box.y - y) - box.h);
      if (far > least) continue;
      const distance = covers(rings, x, y, 0) ? -1 : Math.max(0, far);
      if (distance < least) [nearest, least] = [this.drawn.ids[i], distance];
    }
    return nearest;
  }

  /** The outline of a parcel as it is drawn at this zoom. */
  outline(id: number): L.LatLng[][] {
    const i = this.indexOf(id);
    if (i === undefined) return [];
    const zoom = this.map.getZoom();
    return this.rings(i, zoom).map((ring) => {
      const corners: L.LatLng[] = [];
      for (let k = 0; k < ring.length; k += 2) {
        corners.push(this.map.unproject([ring[k] ?? 0, ring[k + 1] ?? 0], zoom));
      }
      return corners;
    });
  }

  /** The boxes of all parcels as they are drawn (layer pixels), frames and plates included, for names that make way. */
  eachBox(visit: Parameters<Obstacles>[0]): void {
    const { x: west, y: north } = this.map.getPixelOrigin();
    this.symbols.eachBox(this.map.getZoom(), (i, x, y, w, h) => {
      const { late, plate } = this.looks.at(i);
      const [left, top] = [x - west, y - north];
      if (late === 0) visit(left, top, w, h, 1);
      // The frame around it, and the plate above.
      else if (plate === "") visit(left, top, w + 6, h + 6, lateWeight);
      else visit(left, top - 10, w + 6, h + 16, lateWeight);
    });
  }

  private rebuild(): void {
    this.drawn = this.store.parcels.shapes();
    this.index = undefined;
    this.own?.look();
    this.made = undefined;
    this.symbols = this.newSymbols();
    this.told.clear();
    this.marks?.clear();
    this.marked.clear();
    this.looks.reset(this.drawn.ids.length);
    const look = this.looker();
    this.drawn.ids.forEach((id, i) => {
      this.looks.set(i, look(id));
      this.mark(i);
    });
    this.painter.say({
      kind: "shapes",
      shapes: this.drawn.shapes,
      paintOf: this.looks.numbers,
      edition: ++this.edition,
    });
    this.tellPaints();
    this.tiles.begin();
  }

  private restyle(indexes: Iterable<number>): void {
    const changes: number[] = [];
    const look = this.looker();
    for (const i of indexes) {
      // A day that is played changes few of many.
      if (!this.looks.set(i, look(this.drawn.ids[i] ?? Number.NaN))) continue;
      changes.push(i, this.looks.numbers[i] ?? 0);
      this.mark(i);
    }
    if (changes.length === 0) return;
    this.tellPaints();
    this.painter.say({ kind: "repaint", changes: Uint32Array.from(changes) });
    this.repaint(changes.filter((_, k) => k % 2 === 0));
  }

  private repaint(indexes: readonly number[]): void {
    const zoom = this.map.getZoom();
    if (indexes.length > mostRectangles) this.tiles.repaintAll();
    else for (const i of indexes) this.tiles.repaint(zoom, around(this.symbols.boxAt(i, zoom)));
  }

  private tellPaints(): void {
    const paints = this.looks.news(({ style, digit, ground }) => ({
      fill: style.fillColor ?? "",
      fillOpacity: style.fillOpacity ?? 1,
      stroke: style.color ?? "",
      opacity: style.opacity ?? 1,
      dash: String(style.dashArray ?? "")
        .split(" ")
        .filter(Boolean)
        .map(Number),
      digit,
      ink: inkOn(ground),
    }));
    if (paints) this.painter.say({ kind: "paints", paints });
  }

  private tellSymbols(zoom: number): void {
    if (this.told.has(zoom)) return;
    const { count, sent } = this.symbols.at(zoom);
    if (count > 0) this.painter.say({ kind: "symbols", zoom, sent });
    this.told.add(zoom);
  }

  /** Remembers whether a parcel has anything to mark. */
  private mark(i: number): void {
    const marked =
      this.marked.get(i) ?? (hasMarks(this.looks.at(i)) ? this.makeMarked?.(i) : undefined);
    if (!marked) return;
    this.marked.set(i, marked);
    this.marks?.note(marked);
  }

  private markedAt(i: number) {
    const { ids, shapes } = this.drawn;
    return {
      parcelId: ids[i] ?? 0,
      look: () => this.looks.at(i),
      rings: (zoom: number) => ({
        rings: this.rings(i, zoom),
        symbol: this.symbols.at(zoom).at(i) !== undefined,
      }),
      label: () => labelPlace(geometryOf(shapes, i) ?? { type: "Polygon", coordinates: [] }),
    };
  }

  /** The topmost parcel at a point of the map, or so near. */
  private under(point: L.Point, near: number): number | undefined {
    const { x, y } = this.worldPoint(point);
    const found = this.near(x, y, near)
      .reverse()
      .find((i) => covers(this.rings(i, this.map.getZoom()), x, y, near));
    return found === undefined ? undefined : this.drawn.ids[found];
  }

  private worldPoint(point: L.Point): L.Point {
    return this.map.containerPointToLayerPoint(point).add(this.map.getPixelOrigin());
  }

  /** Parcels that may be seen near a place, in their order. */
  private near(x: number, y: number, far: number): Uint32Array {
    const rect = { left: x, top: y, right: x, bottom: y };
    const found = this.places()?.near(rect, this.map.getZoom(), far + symbolReach);
    return found?.filter((i) => this.looks.at(i) !== unseen) ?? new Uint32Array();
  }

  /** Undefined until what finds parcels has come. */
  private places(): ParcelIndex | undefined {
    this.index ??= this.makeIndex?.(this.drawn.shapes, this.made);
    return this.index;
  }

  private rings(i: number, zoom: number): Ring[] {
    return ringsAt(this.drawn.shapes, i, zoom, this.symbols.at(zoom).at(i));
  }

  private indexOf(id: number): number | undefined {
    const { ids } = this.drawn;
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ids[middle] as number) < id) low = middle + 1;
      else high = middle;
    }
    return ids[low] === id ? low : undefined;
  }

  private newSymbols(): SymbolTable {
    const { shapes, areas } = this.drawn;
    return new SymbolTable(
      shapes,
      (i) => muOf(areas[i] ?? 0),
      () => this.places(),
      (i) => this.own?.has(this.drawn.ids[i]) ?? true,
    );
  }

  /** Gives looks as everything stands now; what nobody has listed looks alike in a unit. */
  private looker(): (id: number) => ParcelLook {
    const { page, comparison, parcels } = this.store;
    const scene = this.scene();
    const same = page.value === "map" ? comparison.same.value : undefined;
    const unlisted = new Map<string, ParcelLook>();
    return (id) => {
      const properties = parcels.get(id)?.properties;
      if (!properties) return unseen;
      const { unit, cases } = properties;
      const known = cases.length === 0 ? unlisted.get(unit) : undefined;
      const look = known ?? this.look(properties, scene);
      if (cases.length === 0) unlisted.set(unit, look);
      return same && look !== unseen ? contrasted(look, same(id)) : look;
    };
  }

  private look(properties: ParcelProperties, scene: Scene): ParcelLook {
    const { filter, cases, today } = this.store;
    const shown = shownOf(properties, cases, filter);
    if (this.own && shown.stage <= 0) return unseen;
    return lookOf(shown, scene, !shown.listed || !passes(filter, shown, today.value));
  }

  private scene(): Scene {
    const { settings, today, campaign, mapTheme: code, wall } = this.store;
    return {
      theme: mapTheme(code.value),
      colours: settings.theme.value,
      today: today.value,
      campaign: campaign.value,
      supervisedFrom: campaign.value?.supervised_after,
      visitors: wall.reception.value,
    };
  }
}

/** Printed mu of the area of one parcel, whose threefold is an exact number. */
function muOf(area: number): number {
  return Math.floor((3 * area + 100_000) / 200_000) / 100;
}

/** A late parcel counts as so many others where names make way. */
const lateWeight = 6;

/** Above so many changed parcels everything is painted anew. */
const mostRectangles = 500;

/** A box with its edge. */
function around({ x, y, w, h }: Box): PixelRect {
  return { left: x - w - 2, top: y - h - 2, right: x + w + 2, bottom: y + h + 2 };
}
