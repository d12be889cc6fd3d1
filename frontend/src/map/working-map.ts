import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { type ShallowRef, shallowRef, watch } from "vue";
import type { Place } from "../domain/types";
import type { LonLat } from "../geo/crs";
import type { Bounds } from "../geo/shapes";
import type { ParcelEvent } from "../store/parcels";
import type { Store } from "../store/store";
import type { BaseMapLayer } from "./base-map";
import type { LandLayers } from "./land-layer";
import { sharpen } from "./leaflet-inside";
import { MapCamera } from "./map-camera";
import { coveredBoxes, followCovers } from "./over-map";
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

  /** Where it stands. */
  readonly camera: MapCamera;
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
  /** Picked on the map itself, where the view is not to jump. */
  private picked: number | undefined;
  /** `follows`: the map of another day, which stands where the first one does and moves nothing by itself. */
  constructor(
    element: HTMLElement,
    private readonly store: Store,
    follows = false,
  ) {
    sharpen(store.scale.value);
    this.map = createMap(element);
    this.units = new UnitLayer(this.map);
    // Names in the order of their right of way: units, places, rivers.
    this.names = new PlaceNames(this.map);
    this.parcels = new ParcelLayer(this.map, store);
    this.units.obstacles = () => this.parcels.boxes();
    this.names.obstacles = () => this.parcels.boxes();
    const covered = () => coveredBoxes(this.map, store.overMap.value);
    this.units.covered = covered;
    this.names.taken = () => [...this.units.nameBoxes, ...covered()];
    this.rings = new RingLayer(this.map, (id) => this.parcels.outline(id));
    this.camera = new MapCamera(this.map, store, () => this.bounds(), follows);
    this.ends.push(tie(this.map), () => this.camera.dispose());
    this.followPointer();
    this.followStore();
    if (store.parcels.size > 0) this.take({ kind: "reset" });
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
    this.camera.letGo();
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
      const box = map.getBounds();
      this.seen.value = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
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
          ...[
            filter.track,
            filter.stages,
            filter.unit,
            filter.late,
            filter.ahead,
            filter.within,
            filter.list,
          ],
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
      watch(store.wantedParcels, (ids) => this.camera.locate(ids)),
      watch(store.pin, (at) => this.rings.pin(at && L.latLng(at.lat, at.lon)), { immediate: true }),
      watch(store.scale, (scale) => {
        sharpen(scale);
        this.parcels.sharpen();
      }),
      followCovers(store.overMap, () => this.keepClear()),
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
    this.camera.begin();
    void this.store.land.start();
    this.enlarged.value = this.parcels.enlarged;
    this.rings.again();
    this.units.label();
    this.namePlaces();
  }

  /** Something else lies over the map. */
  private keepClear(): void {
    this.units.keepClear();
    this.names.label();
    this.reference?.name();
  }

  private async showGround(): Promise<void> {
    const { ground, mapView, settings } = this.store;
    if (!this.reference && ground.value.size === 0) return;
    const { ReferenceLayer } = await import("./reference-layer");
    this.reference ??= new ReferenceLayer(this.map, () => this.store.overMap.value);
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
    if (units.value.length > 0) this.camera.begin();
  }

  private ring(ids: readonly number[]): void {
    this.rings.choose(ids);
    const [first] = ids;
    // Beside the table the map stays where it is until it is asked (定位); a second map never moves by itself.
    const moves = this.store.page.value === "map" || this.picked !== undefined;
    if (first !== undefined && moves) this.camera.bringIntoView(first, this.picked === first);
    this.picked = undefined;
  }

  private point(place: Place | undefined): void {
    const [lon, lat] = place ?? [];
    const at = lon === undefined || lat === undefined ? undefined : L.latLng(lat, lon);
    this.rings.point(at);
    if (at) this.camera.show(at);
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
