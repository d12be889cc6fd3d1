import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { type ShallowRef, shallowRef, watch } from "vue";
import { readWords } from "../domain/words";
import type { LonLat } from "../geo/crs";
import type { Bounds } from "../geo/shapes";
import type { ParcelEvent } from "../store/parcels";
import type { Store } from "../store/store";
import type { BaseMapLayer } from "./base-map";
import type { LandLayers } from "./land-layer";
import { latLngOf } from "./lat-lngs";
import { sharpen } from "./leaflet-inside";
import { MapCamera } from "./map-camera";
import type { MapNames } from "./map-names";
import { followCovers } from "./over-map";
import type { OwnParcels } from "./own-parcels";
import { ParcelLayer } from "./parcel-layer";
import type { ReferenceLayer } from "./reference-layer";
import type { RingLayer } from "./ring-layer";
import { type ScaleBar, scaleBar } from "./scale-bar";
import { tie } from "./tied-maps";
import { UnitLayer } from "./unit-layer";
import { unitWords } from "./unit-words";

/** What draws on the map while it is there; while it is busy, clicks are its own. */
export interface Editor {
  readonly busy: boolean;
  dispose(): void;
}

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
  /** Read after the map stands. */
  private names: MapNames | undefined;
  private reference: ReferenceLayer | undefined;
  private land: LandLayers | undefined;
  private editor: Editor | undefined;
  private base: BaseMapLayer | undefined;
  private readonly parcels: ParcelLayer;
  private rings: RingLayer | undefined;
  private readonly ends: (() => void)[] = [];
  private gone = false;
  /** Picked on the map itself, where the view is not to jump. */
  private picked: number | undefined;
  /** `follows`: the map of another day, which stands where the first one does and moves nothing by itself. */
  constructor(
    element: HTMLElement,
    private readonly store: Store,
    private readonly follows = false,
    private readonly own?: OwnParcels,
  ) {
    sharpen(store.scale.value);
    this.map = createMap(element, store.wall.here);
    this.units = new UnitLayer(this.map);
    this.parcels = new ParcelLayer(this.map, store, own);
    this.camera = new MapCamera(this.map, store, () => this.bounds(), follows);
    this.ends.push(tie(this.map), () => this.camera.dispose());
    this.followPointer();
    this.followStore();
    if (store.parcels.size > 0) this.take({ kind: "reset" });
    void this.complete();
  }

  /** Picks the parcel under the cross in the middle; false when there is none. */
  pickAtCross(): boolean {
    const id = this.parcels.at(this.map.getSize().divideBy(2));
    if (id !== undefined) this.choose(id);
    return id !== undefined;
  }

  dispose(): void {
    this.gone = true;
    this.editor?.dispose();
    for (const end of this.ends) end();
    this.map.remove();
  }

  private choose(id: number): void {
    const { plots } = this.store;
    if (plots.value) {
      if (!this.editor?.busy) plots.value.choose(id);
      return;
    }
    // What is being drawn is not left by a click beside it.
    if (this.store.drawing.value?.changed.value || this.editor?.busy) return;
    this.picked = id;
    this.camera.letGo();
    void this.store.card.openParcel(id);
  }

  private followPointer(): void {
    const { store, map } = this;
    const tip = Promise.all([import("./parcel-tip"), readWords("zh")]).then(([{ parcelTip }]) =>
      parcelTip(map, store),
    );
    this.parcels.onPointer(
      (id) => {
        store.hovered.value = id;
        void tip.then((show) => show(this.editor?.busy ? undefined : id));
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
    map.on("moveend resize", () => {
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
      watch([store.campaign, settings.language, store.mapTheme], () => this.word()),
      watch([store.lamps.byUnit, store.day, store.from], () => this.word()),
      watch([store.ground, mapView.shown], () => void this.showGround(), { immediate: true }),
      watch([store.cases.edition, store.land.layers, mapView.shown, settings.language], () =>
        this.names?.namePlaces(),
      ),
      watch([store.land.layers, mapView.shown], () => void this.showLand()),
      watch([mapView.base, mapView.offered], () => void this.showBase()),
      ...(this.follows ? [] : [watch([store.drawing, store.plots], () => void this.showDrawing())]),
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
      watch(
        [
          ...[store.mapTheme, store.campaign, store.comparison.same, store.page],
          store.wall.reception,
        ],
        () => this.parcels.restyleAll(),
      ),
      watch(card.ringed, (ids) => this.bring(ids), { immediate: true }),
      watch(store.wantedParcels, (ids) => this.camera.locate(ids)),
      watch(store.scale, (scale) => {
        sharpen(scale);
        this.parcels.sharpen();
      }),
      followCovers(store.overMap, () => this.keepClear()),
      watch(
        store.pointed,
        (place) => {
          const at = latLngOf(place);
          if (at) this.camera.show(at);
        },
        { immediate: true },
      ),
    );
  }

  /** Says anew what is known of the units. */
  private word(): void {
    // Names are long to place, and days that are played change none.
    if (this.units.word(unitWords(this.store, this.own?.lamped()))) this.names?.nameUnits();
  }

  private take(event: ParcelEvent): void {
    this.parcels.take(event);
    if (event.kind === "looks" || event.kind === "day") return;
    if (event.kind === "changed") {
      for (const id of event.ids) this.rings?.pulse(id);
      return;
    }
    this.camera.begin();
    void this.store.land.start();
    this.enlarged.value = this.parcels.enlarged;
    this.rings?.again();
    this.names?.nameUnits();
    this.names?.namePlaces();
  }

  /** Something else lies over the map. */
  private keepClear(): void {
    this.names?.keepClear();
    this.reference?.name();
  }

  private async showGround(): Promise<void> {
    const { ground, mapView, settings } = this.store;
    if (!this.reference && ground.value.size === 0) return;
    const { ReferenceLayer } = await import("./reference-layer");
    if (this.gone) return;
    this.reference ??= new ReferenceLayer(this.map, () => this.names?.taken() ?? []);
    const shown = [...ground.value].filter(([layer]) => mapView.shown.value.has(layer));
    this.reference.show(new Map(shown), settings.theme.value);
  }

  /** Reads what the first picture does not need. */
  private async complete(): Promise<void> {
    const [{ MapNames }, { followMarks }] = await Promise.all([
      import("./map-names"),
      import("./follow-marks"),
      readWords("zh"),
    ]);
    if (this.gone) return;
    this.names = new MapNames(this.map, this.store, this.units, (visit) =>
      this.parcels.eachBox(visit),
    );
    // Rivers make way for all others, so they are named after them.
    this.map.on("moveend resize", () => this.reference?.name());
    this.reference?.name();
    this.rings = followMarks(this.map, this.store, (id) => this.parcels.outline(id), this.ends);
  }

  private async showLand(): Promise<void> {
    const { land, mapView } = this.store;
    const { LandLayers } = await import("./land-layer");
    if (this.gone) return;
    this.land ??= new LandLayers(this.map);
    this.land.show(
      new Map([...land.layers.value].filter(([layer]) => mapView.shown.value.has(layer))),
    );
  }

  /** The drawing comes in a chunk of its own, when there is something to draw. */
  private async showDrawing(): Promise<void> {
    const { drawing, plots } = this.store;
    const [work, land] = [plots.value, drawing.value];
    this.edit(undefined);
    if (!work && !land) return;
    const { editorOf } = await import("./editor-of");
    if (this.gone || plots.value !== work || drawing.value !== land) return;
    this.edit(editorOf(this.map, this.store));
  }

  private edit(editor: Editor | undefined): void {
    this.editor?.dispose();
    this.editor = editor;
  }

  private async showBase(): Promise<void> {
    const { base, offered } = this.store.mapView;
    const { BaseMapLayer } = await import("./base-map");
    if (this.gone) return;
    this.base ??= new BaseMapLayer(this.map, (away) => {
      this.baseAway.value = away;
    });
    this.base.show(offered.value ? base.value : "none");
  }

  private showUnits(): void {
    const { units } = this.store;
    this.units.show(units.value, unitWords(this.store, this.own?.lamped()));
    this.names?.nameUnits();
    if (units.value.length > 0) this.camera.begin();
  }

  private bring(ids: readonly number[]): void {
    const [first] = ids;
    // Beside the table the map stays where it is until it is asked (定位); a second map never moves by itself.
    const moves = this.store.page.value === "map" || this.picked !== undefined;
    if (first !== undefined && moves) this.camera.bringIntoView(first, this.picked === first);
    this.picked = undefined;
  }

  private bounds(): L.LatLngBounds | undefined {
    return this.units.bounds(this.store.wall.unit.value) ?? this.parcelBounds();
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

/** The `wall` shows the district as large as its room; at the desk a zoom is one of quarters. */
function createMap(element: HTMLElement, wall: boolean): L.Map {
  return L.map(element, {
    center: somewhere,
    zoom: 11,
    minZoom: 9,
    maxZoom: 20,
    zoomSnap: wall ? 0 : 0.25,
    zoomControl: false,
    attributionControl: false,
    boxZoom: false,
    doubleClickZoom: true,
    maxBoundsViscosity: 0.6,
    fadeAnimation: false,
  });
}
