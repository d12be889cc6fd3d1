import L from "leaflet";
import { passes } from "../store/filter";
import type { Parcel, ParcelEvent } from "../store/parcels";
import type { Store } from "../store/store";
import { lookOf, type Nearness, nearnessOf, type ParcelLook } from "./parcel-look";
import { ParcelPolygon } from "./parcel-polygon";

/** All parcels on one canvas; a change repaints the rectangles of the parcels it names. */
export class ParcelLayer {
  private readonly group = L.featureGroup();
  private readonly polygons = new Map<number, ParcelPolygon>();
  private nearness: Nearness;

  constructor(
    private readonly map: L.Map,
    private readonly store: Store,
    private readonly renderer: L.Canvas,
  ) {
    this.group.addTo(map);
    this.nearness = nearnessOf(map.getZoom());
    map.on("zoomend", () => this.zoomed());
  }

  /** Calls back when the pointer enters (id), leaves (undefined) or picks a parcel. */
  onPointer(hover: (id: number | undefined) => void, pick: (id: number) => void): void {
    const idOf = (event: L.LeafletMouseEvent) => (event.sourceTarget as ParcelPolygon).parcelId;
    this.group.on("mouseover", (event) => hover(idOf(event)));
    this.group.on("mouseout", () => hover(undefined));
    this.group.on("click", (event) => pick(idOf(event)));
  }

  /** Follows the store. */
  take(event: ParcelEvent): void {
    if (event.kind === "reset") this.rebuild();
    else for (const id of event.ids) this.restyle(id);
  }

  /** Gives every parcel its look again: filter, theme or day changed. */
  restyleAll(): void {
    for (const id of this.polygons.keys()) this.restyle(id);
  }

  private rebuild(): void {
    this.group.clearLayers();
    this.polygons.clear();
    // Late strokes lie above the neighbours' outlines, so the late ones come last.
    const late: ParcelPolygon[] = [];
    for (const parcel of this.store.parcels.all()) {
      const look = this.look(parcel);
      const { id } = parcel.properties;
      const polygon = new ParcelPolygon(id, parcel.geometry, look, this.renderer);
      this.polygons.set(id, polygon);
      if (look.late) late.push(polygon);
      else this.group.addLayer(polygon);
    }
    for (const polygon of late) this.group.addLayer(polygon);
  }

  private restyle(id: number): void {
    const [parcel, polygon] = [this.store.parcels.get(id), this.polygons.get(id)];
    if (!parcel || !polygon) return;
    const look = this.look(parcel);
    polygon.show(look);
    if (look.late) polygon.bringToFront();
  }

  private look(parcel: Parcel): ParcelLook {
    const { settings, today, filter } = this.store;
    const scene = { theme: settings.theme.value, today: today.value, nearness: this.nearness };
    return lookOf(parcel.properties, scene, !passes(filter, parcel.properties, today.value));
  }

  private zoomed(): void {
    const nearness = nearnessOf(this.map.getZoom());
    if (nearness === this.nearness) return;
    this.nearness = nearness;
    this.restyleAll();
  }
}
