import L from "leaflet";
import type { AreaGeometry } from "../geo/shapes";
import { latLngsOf } from "./parcel-polygon";

/** How long a changed parcel is pointed out, ms. */
const pulse = 1200;

/** Rings above the parcels: the chosen ones, the hovered one, a pulse where something changed, a place pointed at. They take no clicks. */
export class RingLayer {
  private readonly renderer: L.SVG;
  private readonly chosen = L.layerGroup();
  private readonly hovered = L.layerGroup();
  private readonly pulses = L.layerGroup();
  private readonly pointed = L.layerGroup();

  constructor(map: L.Map) {
    map.createPane("rings").classList.add("rings-pane");
    this.renderer = L.svg({ pane: "rings", padding: 0.25 });
    for (const group of [this.chosen, this.hovered, this.pulses, this.pointed]) group.addTo(map);
  }

  choose(geometries: readonly AreaGeometry[]): void {
    this.chosen.clearLayers();
    for (const geometry of geometries) {
      this.chosen.addLayer(this.ring(geometry, "ring-casing"));
      this.chosen.addLayer(this.ring(geometry, "ring-chosen"));
    }
  }

  hover(geometry: AreaGeometry | undefined): void {
    this.hovered.clearLayers();
    if (geometry) this.hovered.addLayer(this.ring(geometry, "ring-hovered"));
  }

  pulse(geometry: AreaGeometry): void {
    const ring = this.ring(geometry, "ring-pulse");
    this.pulses.addLayer(ring);
    setTimeout(() => this.pulses.removeLayer(ring), pulse);
  }

  /** A circle around the place, of the same size at every zoom. */
  point(place: L.LatLng | undefined): void {
    this.pointed.clearLayers();
    if (!place) return;
    const options = { renderer: this.renderer, pane: "rings", interactive: false, fill: false };
    for (const className of ["ring-casing", "ring-pointed"]) {
      this.pointed.addLayer(L.circleMarker(place, { ...options, radius: 14, className }));
    }
  }

  /** Colours and widths are in the style sheet, so that they follow the theme. */
  private ring(geometry: AreaGeometry, className: string): L.Polygon {
    const options = { renderer: this.renderer, pane: "rings", interactive: false, fill: false };
    return L.polygon(latLngsOf(geometry), { ...options, className });
  }
}
