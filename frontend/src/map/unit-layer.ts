import L from "leaflet";
import type { Feature } from "../api/client";
import type { UnitProperties } from "../domain/types";
import { boundsOf, labelPlace } from "../geo/shapes";
import { placeLabels } from "./label-places";
import { latLngsOf } from "./parcel-polygon";

/** Boundaries of the units under the parcels, the area outside the campaign hatched, names that do not collide. */
export class UnitLayer {
  private readonly shapes = L.layerGroup();
  private readonly labels = L.layerGroup();
  private readonly renderer: L.SVG;
  private units: readonly Feature<UnitProperties>[] = [];
  private nameOf: (unit: UnitProperties) => string = (unit) => unit.label;

  constructor(private readonly map: L.Map) {
    map.createPane("units").classList.add("units-pane");
    map.createPane("unit-names").classList.add("unit-names-pane");
    this.renderer = L.svg({ pane: "units", padding: 0.25 });
    this.shapes.addTo(map);
    this.labels.addTo(map);
    map.on("zoomend moveend resize", () => this.label());
  }

  show(units: readonly Feature<UnitProperties>[], nameOf: (unit: UnitProperties) => string): void {
    this.units = units;
    this.nameOf = nameOf;
    this.shapes.clearLayers();
    for (const { geometry, properties } of units) {
      const className = properties.outside ? "unit-outside" : "unit";
      const options = { renderer: this.renderer, pane: "units", interactive: false };
      this.shapes.addLayer(L.polygon(latLngsOf(geometry), { ...options, className }));
    }
    this.label();
  }

  /** The box around all units; undefined before they are known. */
  bounds(): L.LatLngBounds | undefined {
    const all = L.latLngBounds([]);
    for (const { geometry } of this.units) {
      const [west, south, east, north] = boundsOf(geometry);
      all.extend([south, west]).extend([north, east]);
    }
    return all.isValid() ? all : undefined;
  }

  private label(): void {
    this.labels.clearLayers();
    const wanted = this.units.map(({ geometry, properties }) => {
      const [x, y] = labelPlace(geometry).at;
      const anchor = this.map.latLngToLayerPoint([y, x]);
      return { text: this.nameOf(properties), outside: properties.outside === true, anchor };
    });
    for (const { text, outside, at } of placeLabels(wanted)) {
      const icon = L.divIcon({
        className: outside ? "unit-name unit-name-outside" : "unit-name",
        html: span(text),
        iconSize: [0, 0],
      });
      const options = { icon, pane: "unit-names", interactive: false, keyboard: false };
      this.labels.addLayer(L.marker(this.map.layerPointToLatLng(at), options));
    }
  }
}

/** Text as text: a name from the server is never read as markup. */
function span(text: string): HTMLElement {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}
