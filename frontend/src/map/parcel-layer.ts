import L from "leaflet";
import { mapTheme } from "../domain/map-themes";
import { passes } from "../store/filter";
import type { Parcel, ParcelEvent } from "../store/parcels";
import { shownOf } from "../store/shown";
import type { Store } from "../store/store";
import { MarkCanvas } from "./mark-canvas";
import { contrasted, lookOf, type ParcelLook, type Scene, sameLook } from "./parcel-look";
import { footprintOf, ParcelPolygon } from "./parcel-polygon";
import { type Box, SymbolPlaces } from "./symbol-places";

/** How far from the cross a parcel may be to be meant, pixels. */
const reach = 10;

/** All parcels on one canvas, their marks on another; a change repaints the rectangles of the parcels it names. */
export class ParcelLayer {
  private readonly group = L.featureGroup();
  private readonly polygons = new Map<number, ParcelPolygon>();
  private readonly marks: MarkCanvas;
  private places = new SymbolPlaces([]);

  constructor(
    private readonly map: L.Map,
    private readonly store: Store,
    private readonly renderer: L.Canvas,
  ) {
    this.group.addTo(map);
    this.marks = new MarkCanvas(map);
  }

  /** Calls back when the pointer enters (id), leaves (undefined) or picks a parcel. */
  onPointer(hover: (id: number | undefined) => void, pick: (id: number) => void): void {
    const idOf = (event: L.LeafletMouseEvent) => (event.sourceTarget as ParcelPolygon).parcelId;
    this.group.on("mouseover", (event) => hover(idOf(event)));
    this.group.on("mouseout", () => hover(undefined));
    this.group.on("click", (event) => pick(idOf(event)));
  }

  /** Whether any parcel is drawn larger than it is. */
  get enlarged(): boolean {
    return this.places.at(this.map.getZoom()).size > 0;
  }

  /** Follows the store. */
  take(event: ParcelEvent): void {
    // Another day gives every parcel its look again: what is late is another then.
    if (event.kind === "day") return;
    if (event.kind === "reset") this.rebuild();
    else for (const id of event.ids) this.restyle(id);
    this.marks.repaint(this.store.settings.theme.value);
  }

  /** Gives every parcel its look again: track, filter, theme or day changed. */
  restyleAll(): void {
    for (const id of this.polygons.keys()) this.restyle(id);
    this.marks.repaint(this.store.settings.theme.value);
  }

  /** The parcel drawn at a point of the map (pixels of the container), or the nearest close by. */
  at(point: L.Point): number | undefined {
    const at = this.map.containerPointToLayerPoint(point);
    let [nearest, least]: [number | undefined, number] = [undefined, reach];
    for (const polygon of this.polygons.values()) {
      const { box } = polygon;
      if (!box) continue;
      const far = Math.max(Math.abs(box.x - at.x) - box.w, Math.abs(box.y - at.y) - box.h);
      if (far > least) continue;
      const distance = polygon.covers(at) ? -1 : Math.max(0, far);
      if (distance < least) [nearest, least] = [polygon.parcelId, distance];
    }
    return nearest;
  }

  /** The outline of a parcel as it is drawn at this zoom. */
  outline(id: number): L.LatLng[][] {
    const drawn = this.polygons.get(id)?.drawn ?? [];
    return drawn.map((ring) => ring.map((point) => this.map.layerPointToLatLng(point)));
  }

  /** The boxes of all parcels as they are drawn, frames and plates included, for names that make way. */
  boxes(): { box: Box; late: boolean }[] {
    return [...this.polygons.values()].flatMap(({ box, look }) => {
      if (!box) return [];
      const late = look.late > 0;
      return { box: late ? framed(box, look.plate !== "") : box, late };
    });
  }

  private rebuild(): void {
    this.group.clearLayers();
    this.polygons.clear();
    this.marks.clear();
    const all = [...this.store.parcels.all()];
    this.places = new SymbolPlaces(
      all.map(({ geometry, properties: { id, mu } }) => footprintOf(id, geometry, mu)),
    );
    const symbolOf = (id: number) => this.places.at(this.map.getZoom()).get(id);
    for (const parcel of all) {
      const { id } = parcel.properties;
      const look = this.look(parcel);
      const polygon = new ParcelPolygon(id, parcel.geometry, look, this.renderer, symbolOf);
      this.polygons.set(id, polygon);
      this.group.addLayer(polygon);
      this.marks.note(polygon);
    }
  }

  private restyle(id: number): void {
    const [parcel, polygon] = [this.store.parcels.get(id), this.polygons.get(id)];
    if (!parcel || !polygon) return;
    const look = this.look(parcel);
    // A day that is played changes few of many.
    if (sameLook(polygon.look, look)) return;
    polygon.show(look);
    this.marks.note(polygon);
  }

  private look(parcel: Parcel): ParcelLook {
    const { filter, cases, today, comparison, page } = this.store;
    const shown = shownOf(parcel.properties, cases, filter);
    const look = lookOf(shown, this.scene(), !shown.listed || !passes(filter, shown, today.value));
    const same = page.value === "map" && comparison.same.value;
    return same ? contrasted(look, same(parcel.properties.id)) : look;
  }

  private scene(): Scene {
    const { settings, today, campaign, mapTheme: code } = this.store;
    return {
      theme: mapTheme(code.value),
      colours: settings.theme.value,
      today: today.value,
      campaign: campaign.value,
      supervisedFrom: campaign.value?.supervised_after,
    };
  }
}

/** A box with room for the frame around it and for a plate above. */
function framed({ x, y, w, h }: Box, plated: boolean): Box {
  const [frame, plate] = [6, plated ? 10 : 0];
  return { x, y: y - plate, w: w + frame, h: h + frame + plate };
}
