import L from "leaflet";

/** How long a changed parcel is pointed out, ms. */
const pulse = 1200;

/** Parcels pointed out at most while one pulse lasts; after more none is until it is calm: each is animated, and it would be a flicker. */
const mostPulses = 40;

/** Rings above the parcels: the chosen ones, the hovered one, a pulse where something changed, a place pointed at, a pin. They take no clicks. */
export class RingLayer {
  private readonly renderer: L.SVG;
  private readonly chosen = L.layerGroup();
  private readonly selected = L.layerGroup();
  private readonly awaited = L.layerGroup();
  private readonly hovered = L.layerGroup();
  private readonly pulses = L.layerGroup();
  private readonly pointed = L.layerGroup();
  private readonly pinned = L.layerGroup();
  private readonly pulsing = new Set<number>();
  /** How many were asked for from a moment on, and whether there were too many before it. */
  private countedFrom = 0;
  private asked = 0;
  private tooMany = false;
  private chosenIds: readonly number[] = [];
  private selectedIds: readonly number[] = [];
  private awaitedIds: readonly number[] = [];
  private hoveredId: number | undefined;

  /** `outlineOf` gives a parcel's outline as it is drawn at the map's zoom. */
  constructor(
    map: L.Map,
    private readonly outlineOf: (id: number) => L.LatLng[][],
  ) {
    map.createPane("rings").classList.add("rings-pane");
    this.renderer = L.svg({ pane: "rings", padding: 0.25 });
    const ringed = [this.selected, this.chosen, this.awaited, this.hovered];
    for (const group of [...ringed, this.pulses, this.pointed, this.pinned]) group.addTo(map);
    // Symbols are other outlines than true shapes.
    map.on("zoomend", () => this.again());
  }

  /** Draws the rings anew: the parcels' geometries or the zoom are others. */
  again(): void {
    this.select(this.selectedIds);
    this.choose(this.chosenIds);
    this.hover(this.hoveredId);
  }

  /** The open one. */
  choose(ids: readonly number[]): void {
    this.chosenIds = ids;
    this.rings(this.chosen, ids, ["ring-casing", "ring-chosen"]);
    // What is on its way is drawn over what is open.
    this.await(this.awaitedIds);
  }

  /** The ticked ones. */
  select(ids: readonly number[]): void {
    this.selectedIds = ids;
    this.rings(this.selected, ids, ["ring-selected-casing", "ring-selected"]);
  }

  /** Those whose change is on its way to the server. */
  await(ids: readonly number[]): void {
    this.awaitedIds = ids;
    this.rings(this.awaited, ids, ["ring-casing", "ring-awaited"]);
  }

  hover(id: number | undefined): void {
    this.hoveredId = id;
    this.hovered.clearLayers();
    if (id !== undefined) this.hovered.addLayer(this.ring(id, "ring-hovered"));
  }

  pulse(id: number): void {
    const since = performance.now() - this.countedFrom;
    if (since > pulse) {
      this.tooMany = since < 2 * pulse && this.asked > mostPulses;
      this.countedFrom += since;
      this.asked = 0;
    }
    if (++this.asked > mostPulses || this.tooMany || this.pulsing.has(id)) return;
    this.pulsing.add(id);
    const ring = this.ring(id, "ring-pulse");
    this.pulses.addLayer(ring);
    setTimeout(() => {
      this.pulses.removeLayer(ring);
      this.pulsing.delete(id);
    }, pulse);
  }

  /** A circle around the place, of the same size at every zoom. */
  point(place: L.LatLng | undefined): void {
    this.circles(this.pointed, place, ["ring-casing", "ring-pointed"], 14);
  }

  /** A pin at the place that was gone to. */
  pin(place: L.LatLng | undefined): void {
    this.circles(this.pinned, place, ["ring-casing", "ring-pin"], 9);
    this.circles(this.pinned, place, ["pin-point"], 2.5, false);
  }

  private rings(group: L.LayerGroup, ids: readonly number[], classNames: readonly string[]): void {
    group.clearLayers();
    for (const id of ids) for (const name of classNames) group.addLayer(this.ring(id, name));
  }

  private circles(
    group: L.LayerGroup,
    place: L.LatLng | undefined,
    classNames: readonly string[],
    radius: number,
    anew = true,
  ): void {
    if (anew) group.clearLayers();
    if (!place) return;
    const options = { renderer: this.renderer, pane: "rings", interactive: false, fill: false };
    for (const className of classNames) {
      group.addLayer(L.circleMarker(place, { ...options, radius, className }));
    }
  }

  /** Colours and widths are in the style sheet, so that they follow the theme. */
  private ring(id: number, className: string): L.Polygon {
    const options = { renderer: this.renderer, pane: "rings", interactive: false, fill: false };
    return L.polygon(this.outlineOf(id), { ...options, className });
  }
}
