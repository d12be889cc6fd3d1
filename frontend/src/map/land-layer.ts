import L from "leaflet";
import type { Feature } from "../api/client";
import type { LandProperties } from "../domain/types";
import { boundsOf } from "../geo/shapes";
import type { LandLayer } from "../store/land";
import { latLngsOf } from "./lat-lngs";

type Features = readonly Feature<LandProperties>[];

/** From this zoom on recovered and effective land is drawn: before it is smaller than its line is broad. */
const linesFrom = 14;

/** Blocks and parks below the parcels, recovered and effective land above them; colours are the style sheet's. */
export class LandLayers {
  private readonly below: L.SVG;
  private readonly above: L.SVG;
  private readonly areas = L.layerGroup();
  private readonly lines = L.layerGroup();
  private layers: ReadonlyMap<LandLayer, Features> = new Map();

  constructor(private readonly map: L.Map) {
    map.createPane("land-below").classList.add("land-below-pane");
    map.createPane("land-above").classList.add("land-above-pane");
    this.below = L.svg({ pane: "land-below", padding: 0.25 });
    this.above = L.svg({ pane: "land-above", padding: 0.25 });
    this.areas.addTo(map);
    this.lines.addTo(map);
    map.on("moveend", () => this.drawLines());
  }

  show(layers: ReadonlyMap<LandLayer, Features>): void {
    this.layers = layers;
    this.areas.clearLayers();
    for (const layer of ["planning", "env_zones", "village_clusters"] as const) {
      for (const feature of layers.get(layer) ?? []) this.add(feature, [`zone zone-${layer}`]);
    }
    for (const feature of layers.get("clusters") ?? []) this.add(feature, ["cluster"]);
    for (const feature of layers.get("blocks") ?? []) this.add(feature, ["block"]);
    for (const feature of layers.get("parks") ?? []) {
      this.add(feature, [`park park-${feature.properties.construction ?? "planned"}`]);
    }
    this.drawLines();
  }

  private add(feature: Feature<LandProperties>, classNames: readonly string[]): void {
    const options = { renderer: this.below, pane: "land-below", interactive: false };
    for (const className of classNames) {
      this.areas.addLayer(L.polygon(latLngsOf(feature.geometry), { ...options, className }));
    }
  }

  /** Only what is in view: there may be as many as parcels. */
  private drawLines(): void {
    this.lines.clearLayers();
    if (this.map.getZoom() < linesFrom) return;
    this.drawSeen("recovered", ["recovered-casing", "recovered"]);
    this.drawSeen("effective", ["effective"]);
  }

  private drawSeen(layer: LandLayer, classNames: readonly string[]): void {
    const view = this.map.getBounds().pad(0.25);
    const options = { renderer: this.above, pane: "land-above", interactive: false };
    for (const { geometry } of this.layers.get(layer) ?? []) {
      const [west, south, east, north] = boundsOf(geometry);
      if (
        !view.intersects([
          [south, west],
          [north, east],
        ])
      )
        continue;
      for (const className of classNames) {
        this.lines.addLayer(L.polygon(latLngsOf(geometry), { ...options, className }));
      }
    }
  }
}
