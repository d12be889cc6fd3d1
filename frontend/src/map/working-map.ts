import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { type ShallowRef, shallowRef, watch } from "vue";
import type { Place } from "../domain/types";
import type { LonLat } from "../geo/crs";
import { type Bounds, boundsOf } from "../geo/shapes";
import type { View } from "../store/link";
import type { ParcelEvent } from "../store/parcels";
import type { Store } from "../store/store";
import type { BaseMapLayer } from "./base-map";
import type { LandLayers } from "./land-layer";
import { ParcelLayer } from "./parcel-layer";
import { parcelLines } from "./parcel-lines";
import { PlaceNames, placeNames } from "./place-names";
import type { ReferenceLayer } from "./reference-layer";
import { RingLayer } from "./ring-layer";
import { type ScaleBar, scaleBar } from "./scale-bar";
import { tie } from "./tied-maps";
import { MapTooltip } from "./tooltip";
import { UnitLayer } from "./unit-layer";
import { unitWords } from "./unit-words";

/** Parcels pointed out at most by one change: more would be a flicker. */
const mostPulses = 20;

/** The map of the page. It reads the store and tells it what is hovered and picked; nothing else knows Leaflet. */
export class WorkingMap {
  readonly scale: ShallowRef<ScaleBar | undefined> = shallowRef();
  /** Under the pointer, undefined while it is not on the map. */
  readonly pointer: ShallowRef<LonLat | undefined> = shallowRef();

  /** Whether symbols stand for parcels at this zoom. */
  readonly enlarged: ShallowRef<boolean> = shallowRef(false);

  /** Whether tiles of the base map fail to come. */
  readonly baseAway: ShallowRef<boolean> = shallowRef(false);
  /** What the map shows: west, south, east, north in degrees. */
  readonly seen: ShallowRef<Bounds | undefined> = shallowRef();

  /** Called with the place that was right-clicked (long-pressed). */
  onCopy: (place: LonLat) => void = () => {};

  private readonly map: L.Map;
  private readonly units: UnitLayer;
  private readonly names: PlaceNames;
  /** Read after the map stands. */
  private reference: ReferenceLayer | undefined;
  private land: LandLayers | undefined;
  private base: BaseMapLayer | undefined;
  private readonly parcels: ParcelLayer;
  private readonly rings: RingLayer;
  private readonly ends: (() => void)[] = [];
  private fitted = false;
  /** Picked on the map itself, where the view is not to jump. */
  private picked: number | undefined;
  /** The view of an opened address: kept while the page still settles around the map, given up at the first touch. */
  private linked: View | undefined;
  /** Parcels that were located stay in sight while the page settles around the map. */
  private located: readonly number[] = [];
  /** What was last brought into view from elsewhere stays in the middle while the card takes its room. */
  private brought: View | undefined;
  /** The district was fitted in and nobody has moved the map since: it stays whole when the room changes. */
  private whole = false;

  /** `follows`: the map of another day, which stands where the first one does and moves nothing by itself. */
  constructor(
    element: HTMLElement,
    private readonly store: Store,
    private readonly follows = false,
  ) {
    this.map = createMap(element);
    this.units = new UnitLayer(this.map);
    // Names in the order of their right of way: units, places, rivers.
    this.names = new PlaceNames(this.map);
    this.parcels = new ParcelLayer(this.map, store);
    this.units.obstacles = () => this.parcels.boxes();
    this.names.obstacles = () => this.parcels.boxes();
    this.names.taken = () => this.units.nameBoxes;
    this.rings = new RingLayer(this.map, (id) => this.parcels.outline(id));
    this.followTouch(element);
    this.ends.push(tie(this.map));
    if (!follows) this.followView();
    this.followPointer();
    this.followStore();
    this.followSize(element);
    if (store.parcels.size > 0) this.take({ kind: "reset" });
  }

  zoomBy(steps: number): void {
    this.letGo();
    this.map.setZoom(this.map.getZoom() + steps);
  }

  /** Shows the whole district. */
  fit(animate = true): void {
    const bounds = this.bounds();
    if (!bounds) return;
    this.map.setMaxBounds(bounds.pad(1));
    this.letGo();
    this.map.fitBounds(bounds, { padding: [12, 12], animate });
    this.fitted = true;
    this.whole = true;
  }

  /** Whether a place lies where the map may go. */
  reaches({ lon, lat }: LonLat): boolean {
    return this.bounds()?.pad(0.5).contains([lat, lon]) ?? true;
  }

  /** Flies to a place and pins it. */
  goTo(place: LonLat): void {
    this.letGo();
    this.store.pin.value = place;
    this.map.setView([place.lat, place.lon], Math.max(this.map.getZoom(), nearZoom));
  }

  /** Moves the middle there, as near or far as it is. */
  moveTo({ lat, lon }: LonLat): void {
    this.letGo();
    this.map.panTo([lat, lon]);
  }

  /** Picks the parcel under the cross in the middle; false when there is none. */
  pickAtCross(): boolean {
    const id = this.parcels.at(this.map.getSize().divideBy(2));
    if (id !== undefined) this.choose(id);
    return id !== undefined;
  }

  dispose(): void {
    for (const end of this.ends) end();
    this.map.remove();
  }

  private choose(id: number): void {
    this.picked = id;
    this.letGo();
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
    map.on("contextmenu", ({ latlng }) => this.onCopy({ lon: latlng.lng, lat: latlng.lat }));
    map.on("mouseout", () => {
      this.pointer.value = undefined;
    });
    map.on("moveend zoomend resize", () => {
      this.scale.value = scaleBar(map);
      this.enlarged.value = this.parcels.enlarged;
    });
  }

  private followStore(): void {
    const { store } = this;
    const { filter, settings, card, mapView } = store;
    this.ends.push(
      store.parcels.listen((event) => this.take(event)),
      watch(store.units, () => this.showUnits(), { immediate: true }),
      watch([store.campaign, settings.language, store.mapTheme, store.lamps.byUnit], () =>
        this.units.word(unitWords(store)),
      ),
      watch([store.ground, mapView.shown], () => void this.showGround(), { immediate: true }),
      watch([store.cases.edition, store.land.layers, mapView.shown, settings.language], () =>
        this.namePlaces(),
      ),
      watch([store.land.layers, mapView.shown], () => void this.showLand()),
      watch([mapView.base, mapView.offered], () => void this.showBase()),
      watch(settings.theme, (theme) => this.reference?.wear(theme)),
      watch(
        [
          ...[filter.track, filter.stages, filter.unit, filter.late, filter.within, filter.list],
          ...[filter.village, filter.side, settings.theme, store.today],
        ],
        () => this.parcels.restyleAll(),
      ),
      watch([filter.lamps, filter.classes, filter.lampOf], () => this.parcels.restyleAll()),
      watch([store.mapTheme, store.campaign, store.comparison.same, store.page], () =>
        this.parcels.restyleAll(),
      ),
      watch(card.ringed, (ids) => this.ring(ids), { immediate: true }),
      watch(store.hovered, (id) => this.rings.hover(id)),
      watch(store.selection.parcels, (ids) => this.rings.select(ids), { immediate: true }),
      watch(store.pendingParcels, (ids) => this.rings.await(ids), { immediate: true }),
      watch(store.wantedParcels, (ids) => this.locate(ids)),
      watch(store.pointed, (place) => this.point(place), { immediate: true }),
    );
  }

  private take(event: ParcelEvent): void {
    this.parcels.take(event);
    if (event.kind === "looks" || event.kind === "day") return;
    if (event.kind === "changed") {
      for (const id of event.ids.slice(0, mostPulses)) this.rings.pulse(id);
      return;
    }
    if (!this.fitted && !this.follows) this.fit(false);
    void this.store.land.start();
    this.enlarged.value = this.parcels.enlarged;
    this.rings.again();
    this.units.label();
    this.namePlaces();
  }

  private async showGround(): Promise<void> {
    const { ground, mapView, settings } = this.store;
    if (!this.reference && ground.value.size === 0) return;
    const { ReferenceLayer } = await import("./reference-layer");
    this.reference ??= new ReferenceLayer(this.map);
    const shown = [...ground.value].filter(([layer]) => mapView.shown.value.has(layer));
    this.reference.show(new Map(shown), settings.theme.value);
  }

  private namePlaces(): void {
    this.names.show(placeNames(this.store));
  }

  private async showLand(): Promise<void> {
    const { land, mapView } = this.store;
    const { LandLayers } = await import("./land-layer");
    this.land ??= new LandLayers(this.map);
    this.land.show(
      new Map([...land.layers.value].filter(([layer]) => mapView.shown.value.has(layer))),
    );
  }

  private async showBase(): Promise<void> {
    const { base, offered } = this.store.mapView;
    const { BaseMapLayer } = await import("./base-map");
    this.base ??= new BaseMapLayer(this.map, (away) => {
      this.baseAway.value = away;
    });
    this.base.show(offered.value ? base.value : "none");
  }

  private showUnits(): void {
    const { units } = this.store;
    this.units.show(units.value, unitWords(this.store));
    if (units.value.length > 0 && !this.fitted && !this.follows) this.fit(false);
  }

  private ring(ids: readonly number[]): void {
    this.rings.choose(ids);
    const [first] = ids;
    // Beside the table the map stays where it is until it is asked (定位); a second map never moves by itself.
    const moves = this.store.page.value === "map" || this.picked !== undefined;
    if (first !== undefined && moves && !this.linked && !this.follows) this.bringIntoView(first);
    this.picked = undefined;
  }

  private point(place: Place | undefined): void {
    const [lon, lat] = place ?? [];
    const at = lon === undefined || lat === undefined ? undefined : L.latLng(lat, lon);
    this.rings.point(at);
    if (!at) return;
    this.whole = false;
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
    this.whole = false;
    if (near && this.map.getBounds().contains(bounds.getCenter())) return;
    if (near) this.map.panTo(bounds.getCenter());
    else {
      const { lng, lat } = bounds.getCenter();
      this.brought = { lon: lng, lat, zoom: nearZoom };
      this.map.setView([lat, lng], nearZoom);
    }
  }

  /** Shows parcels near, with their neighbours around them. */
  private locate(ids: readonly number[]): void {
    const bounds = L.latLngBounds([]);
    for (const id of ids) {
      const parcel = this.store.parcels.get(id);
      if (!parcel) continue;
      const [west, south, east, north] = parcel.bounds;
      bounds.extend([south, west]).extend([north, east]);
    }
    if (!bounds.isValid()) return;
    this.letGo();
    this.fitted = true;
    this.located = ids;
    this.map.fitBounds(bounds.pad(0.6), { maxZoom: 18, animate: false });
  }

  /** Tells where the map stands, and goes where it is to stand. */
  private followView(): void {
    const { map, store } = this;
    map.on("moveend", () => {
      const { lng, lat } = map.getCenter();
      store.view.value = { lon: lng, lat, zoom: map.getZoom() };
      const box = map.getBounds();
      this.seen.value = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    });
    const go = (view: View | undefined) => {
      if (!view) return;
      this.fitted = true;
      this.letGo();
      this.linked = view;
      this.show(view);
    };
    const show = (at: LonLat | undefined) => this.rings.pin(at && L.latLng(at.lat, at.lon));
    this.ends.push(
      watch(store.wantedView, go, { immediate: true }),
      watch(store.pin, show, { immediate: true }),
      // The page has given the map another room by then.
      watch(store.days.rooms, () => this.fitRoom(), { flush: "post" }),
    );
  }

  private fitRoom(): void {
    this.map.invalidateSize({ pan: false });
    this.fit(false);
  }

  private show({ lon, lat, zoom }: View): void {
    this.map.setView([lat, lon], zoom, exactly);
  }

  private followTouch(element: HTMLElement): void {
    const touched = () => this.letGo();
    for (const kind of ["pointerdown", "wheel", "keydown"]) {
      element.addEventListener(kind, touched, { passive: true });
    }
  }

  private letGo(): void {
    this.linked = undefined;
    this.brought = undefined;
    this.whole = false;
    this.located = [];
  }

  /** The card takes room from the map. */
  private followSize(element: HTMLElement): void {
    const observer = new ResizeObserver(() => {
      this.map.invalidateSize({ pan: false });
      const kept = this.linked ?? (this.store.card.open.value ? this.brought : undefined);
      this.brought = undefined;
      if (kept) this.show(kept);
      else if (this.whole) this.fit(false);
      this.locate(this.located);
    });
    observer.observe(element);
    this.ends.push(() => observer.disconnect());
  }

  private geometryOf(id: number | undefined) {
    return id === undefined ? undefined : this.store.parcels.get(id)?.geometry;
  }

  private bounds(): L.LatLngBounds | undefined {
    return this.units.bounds() ?? this.parcelBounds();
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

/** Without `reset` Leaflet pans by whole pixels, and the view would drift from the address. */
const exactly = { animate: false, reset: true };

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
