import L from "leaflet";
import { watch } from "vue";
import type { LonLat } from "../geo/crs";
import { boundsOf } from "../geo/shapes";
import type { View } from "../store/link";
import type { Store } from "../store/store";
import { takeRoom } from "./tied-maps";

/** Where what was picked in the ledger is shown: one parcel among its neighbours. */
const nearZoom = 17;

/** Without `reset` Leaflet pans by whole pixels, and the view would drift from the address. */
const exactly = { animate: false, reset: true };

/** Where the map stands: what moves it, and what keeps it in place while the page settles around it. */
export class MapCamera {
  /** Kept free around what is fitted in. */
  margins: L.FitBoundsOptions = { padding: [12, 12] };
  private fitted = false;
  /** The view of an opened address: kept while the page still settles around the map, given up at the first touch. */
  private linked: View | undefined;
  /** Parcels that were located stay in sight while the page settles around the map. */
  private located: readonly number[] = [];
  /** What was last brought into view from elsewhere stays in the middle while the card takes its room. */
  private brought: View | undefined;
  /** The district was fitted in and nobody has moved the map since: it stays whole when the room changes. */
  private whole = false;
  private readonly ends: (() => void)[] = [];

  /** `follows`: the map of another day, which moves nothing by itself. */
  constructor(
    private readonly map: L.Map,
    private readonly store: Store,
    private readonly bounds: () => L.LatLngBounds | undefined,
    private readonly follows: boolean,
  ) {
    const element = map.getContainer();
    this.followTouch(element);
    if (!follows) this.followStore();
    this.followSize(element);
  }

  dispose(): void {
    for (const end of this.ends) end();
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
    this.map.fitBounds(bounds, { ...this.margins, animate });
    this.fitted = true;
    this.whole = true;
  }

  /** Shows the whole district once there is one, unless the map was sent elsewhere before. */
  begin(): void {
    if (!this.fitted && !this.follows) this.fit(false);
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

  /** Shows a place near, and the map itself where the page is scrolled. */
  show(at: L.LatLng): void {
    this.whole = false;
    this.map.getContainer().scrollIntoView({ block: "nearest" });
    this.map.setView(at, Math.max(this.map.getZoom(), nearZoom));
  }

  /** What was picked elsewhere is shown near; what was picked here only has to stay in sight. */
  bringIntoView(id: number, picked: boolean): void {
    const geometry = this.store.parcels.get(id)?.geometry;
    if (!geometry || this.linked || this.follows) return;
    const [west, south, east, north] = boundsOf(geometry);
    const middle = L.latLngBounds([south, west], [north, east]).getCenter();
    const near = picked || this.map.getZoom() >= 16;
    this.whole = false;
    if (near && this.map.getBounds().contains(middle)) return;
    if (near) this.map.panTo(middle);
    else {
      this.brought = { lon: middle.lng, lat: middle.lat, zoom: nearZoom };
      this.map.setView(middle, nearZoom);
    }
  }

  /** Shows parcels near, with their neighbours around them. */
  locate(ids: readonly number[]): void {
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

  /** Gives up what is kept in place: somebody moves the map. */
  letGo(): void {
    this.linked = undefined;
    this.brought = undefined;
    this.whole = false;
    this.located = [];
  }

  /** Tells where the map stands, and goes where it is to stand. */
  private followStore(): void {
    const { map, store } = this;
    map.on("moveend", () => {
      const { lng, lat } = map.getCenter();
      store.view.value = { lon: lng, lat, zoom: map.getZoom() };
    });
    this.ends.push(
      watch(store.wantedView, (view) => this.stand(view), { immediate: true }),
      // The page has given the map another room by then.
      watch(store.days.rooms, () => this.fitRoom(), { flush: "post" }),
    );
  }

  private stand(view: View | undefined): void {
    if (!view) return;
    this.fitted = true;
    this.letGo();
    this.linked = view;
    this.set(view);
  }

  private fitRoom(): void {
    takeRoom(this.map);
    this.fit(false);
  }

  private set({ lon, lat, zoom }: View): void {
    this.map.setView([lat, lon], zoom, exactly);
  }

  private followTouch(element: HTMLElement): void {
    const touched = () => this.letGo();
    for (const kind of ["pointerdown", "wheel", "keydown"]) {
      element.addEventListener(kind, touched, { passive: true });
    }
  }

  /** The card takes room from the map. */
  private followSize(element: HTMLElement): void {
    const observer = new ResizeObserver(() => {
      takeRoom(this.map);
      const kept = this.linked ?? (this.store.card.open.value ? this.brought : undefined);
      this.brought = undefined;
      if (kept) this.set(kept);
      else if (this.whole) this.fit(false);
      this.locate(this.located);
    });
    observer.observe(element);
    this.ends.push(() => observer.disconnect());
  }
}
