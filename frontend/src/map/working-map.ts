import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { type ShallowRef, shallowRef, watch } from "vue";
import type { Place } from "../domain/types";
import { pick, words } from "../domain/words";
import { boundsOf } from "../geo/shapes";
import type { ParcelEvent } from "../store/parcels";
import type { Store } from "../store/store";
import { ParcelLayer } from "./parcel-layer";
import { parcelLines } from "./parcel-lines";
import { ReferenceLayer } from "./reference-layer";
import { RingLayer } from "./ring-layer";
import { type ScaleBar, scaleBar } from "./scale-bar";
import { MapTooltip } from "./tooltip";
import { UnitLayer } from "./unit-layer";

/** Where the pointer is: longitude, latitude in degrees. */
export type Pointer = { lon: number; lat: number };

/** Parcels pointed out at most by one change: more would be a flicker. */
const mostPulses = 20;

/** The map of the page. It reads the store and tells it what is hovered and picked; nothing else knows Leaflet. */
export class WorkingMap {
  readonly scale: ShallowRef<ScaleBar | undefined> = shallowRef();
  readonly pointer: ShallowRef<Pointer | undefined> = shallowRef();

  private readonly map: L.Map;
  private readonly units: UnitLayer;
  private readonly reference: ReferenceLayer;
  private readonly parcels: ParcelLayer;
  private readonly rings: RingLayer;
  private readonly ends: (() => void)[] = [];
  private fitted = false;
  /** Picked on the map itself, where the view is not to jump. */
  private picked: number | undefined;

  constructor(
    element: HTMLElement,
    private readonly store: Store,
  ) {
    this.map = createMap(element);
    this.units = new UnitLayer(this.map);
    this.reference = new ReferenceLayer(this.map);
    const coarse = matchMedia("(pointer: coarse)").matches;
    const renderer = L.canvas({ padding: 0.25, tolerance: coarse ? 12 : 1 });
    this.parcels = new ParcelLayer(this.map, store, renderer);
    this.rings = new RingLayer(this.map);
    this.followPointer();
    this.followStore();
    this.followSize(element);
    if (store.parcels.size > 0) this.take({ kind: "reset" });
  }

  zoomBy(steps: number): void {
    this.map.setZoom(this.map.getZoom() + steps);
  }

  /** Shows the whole district. */
  fit(animate = true): void {
    const bounds = this.units.bounds() ?? this.parcelBounds();
    if (!bounds) return;
    this.map.setMaxBounds(bounds.pad(1));
    this.map.fitBounds(bounds, { padding: [12, 12], animate });
    this.fitted = true;
  }

  /** Picks the parcel under the cross in the middle; false when there is none. */
  pickAtCross(): boolean {
    const { lng, lat } = this.map.getCenter();
    const parcel = this.store.parcels.at(lng, lat);
    if (parcel) this.choose(parcel.properties.id);
    return parcel !== undefined;
  }

  dispose(): void {
    for (const end of this.ends) end();
    this.map.remove();
  }

  private choose(id: number): void {
    this.picked = id;
    void this.store.card.openParcel(id);
  }

  private followPointer(): void {
    const tip = new MapTooltip(this.map);
    const { store, map } = this;
    this.parcels.onPointer(
      (id) => {
        store.hovered.value = id;
        tip.show(id === undefined ? [] : parcelLines(store, id));
      },
      (id) => this.choose(id),
    );
    map.on("mousemove", ({ latlng }) => {
      this.pointer.value = { lon: latlng.lng, lat: latlng.lat };
    });
    map.on("moveend zoomend resize", () => {
      this.scale.value = scaleBar(map);
    });
  }

  private followStore(): void {
    const { store } = this;
    const { filter, settings, card } = store;
    this.ends.push(
      store.parcels.listen((event) => this.take(event)),
      watch([store.units, store.campaign, settings.language], () => this.showUnits(), {
        immediate: true,
      }),
      watch(store.ground, (layers) => this.reference.show(layers, settings.theme.value), {
        immediate: true,
      }),
      watch(settings.theme, (theme) => this.reference.wear(theme)),
      watch([filter.stages, filter.unit, filter.late, settings.theme, store.today], () =>
        this.parcels.restyleAll(),
      ),
      watch(card.ringed, (ids) => this.ring(ids), { immediate: true }),
      watch(store.hovered, (id) => this.rings.hover(this.geometryOf(id))),
      watch(store.pointed, (place) => this.point(place), { immediate: true }),
    );
  }

  private take(event: ParcelEvent): void {
    this.parcels.take(event);
    if (event.kind === "changed") {
      for (const id of event.ids.slice(0, mostPulses)) {
        const geometry = this.geometryOf(id);
        if (geometry) this.rings.pulse(geometry);
      }
    } else if (!this.fitted) this.fit(false);
  }

  private showUnits(): void {
    const { units, campaign, settings } = this.store;
    const language = settings.language.value;
    const shorts = new Map(campaign.value?.units.map((unit) => [unit.code, unit.short]));
    this.units.show(units.value, (unit) => {
      if (unit.outside) return words(language, "map.outside", { label: unit.label });
      return pick(language, shorts.get(unit.code)) || unit.label;
    });
    if (units.value.length > 0 && !this.fitted) this.fit(false);
  }

  private ring(ids: readonly number[]): void {
    this.rings.choose(ids.flatMap((id) => this.geometryOf(id) ?? []));
    const [first] = ids;
    if (first !== undefined) this.bringIntoView(first);
    this.picked = undefined;
  }

  private point(place: Place | undefined): void {
    const [lon, lat] = place ?? [];
    const at = lon === undefined || lat === undefined ? undefined : L.latLng(lat, lon);
    this.rings.point(at);
    if (!at) return;
    this.map.getContainer().scrollIntoView({ block: "nearest" });
    this.map.setView(at, Math.max(this.map.getZoom(), nearZoom));
  }

  /** What was picked elsewhere is shown near; what was picked here only has to stay in sight. */
  private bringIntoView(id: number): void {
    const geometry = this.geometryOf(id);
    if (!geometry) return;
    const [west, south, east, north] = boundsOf(geometry);
    const bounds = L.latLngBounds([south, west], [north, east]);
    const near = this.picked === id || this.map.getZoom() >= 16;
    if (near && this.map.getBounds().contains(bounds.getCenter())) return;
    if (near) this.map.panTo(bounds.getCenter());
    else this.map.setView(bounds.getCenter(), nearZoom);
  }

  /** The card takes room from the map. */
  private followSize(element: HTMLElement): void {
    const observer = new ResizeObserver(() => this.map.invalidateSize({ pan: false }));
    observer.observe(element);
    this.ends.push(() => observer.disconnect());
  }

  private geometryOf(id: number | undefined) {
    return id === undefined ? undefined : this.store.parcels.get(id)?.geometry;
  }

  private parcelBounds(): L.LatLngBounds | undefined {
    const all = L.latLngBounds([]);
    for (const { bounds } of this.store.parcels.all()) {
      const [west, south, east, north] = bounds;
      all.extend([south, west]).extend([north, east]);
    }
    return all.isValid() ? all : undefined;
  }
}

/** Where what was picked in the ledger is shown: one parcel among its neighbours. */
const nearZoom = 17;

/** Xiuzhou, until the boundaries are known. */
const somewhere: L.LatLngTuple = [30.76, 120.71];

function createMap(element: HTMLElement): L.Map {
  return L.map(element, {
    center: somewhere,
    zoom: 11,
    minZoom: 9,
    maxZoom: 20,
    zoomSnap: 0.25,
    zoomControl: false,
    attributionControl: false,
    boxZoom: false,
    doubleClickZoom: true,
    maxBoundsViscosity: 0.6,
    fadeAnimation: false,
  });
}
