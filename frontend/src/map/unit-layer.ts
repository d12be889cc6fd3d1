import L from "leaflet";
import type { Feature } from "../api/client";
import type { UnitLamp } from "../domain/lamps";
import type { UnitProperties } from "../domain/types";
import { boundsOf } from "../geo/shapes";
import { latLngsOf } from "./lat-lngs";

/** What is said of a unit. */
export interface UnitWords {
  readonly name: string;
  /** How it stands, and the word of its lamp; below the name. */
  readonly lamp?: (UnitLamp & { readonly word: string }) | undefined;
}

/** Boundaries of the units under the parcels, the area outside the campaign hatched. */
export class UnitLayer {
  units: readonly Feature<UnitProperties>[] = [];
  /** What is said of a unit now. */
  wordsOf: (unit: UnitProperties) => UnitWords = ({ label }) => ({ name: label });
  readonly renderer: L.SVG;

  private readonly shapes = L.layerGroup();
  /** By code. */
  private readonly drawn = new Map<string, L.Polygon>();

  constructor(map: L.Map) {
    map.createPane("units").classList.add("units-pane");
    this.renderer = L.svg({ pane: "units", padding: 0.25 });
    this.shapes.addTo(map);
  }

  /** `wordsOf` is asked again by `word`. */
  show(
    units: readonly Feature<UnitProperties>[],
    wordsOf: (unit: UnitProperties) => UnitWords,
  ): void {
    this.units = units;
    this.wordsOf = wordsOf;
    this.shapes.clearLayers();
    this.drawn.clear();
    for (const { geometry, properties } of units) {
      const className = properties.outside ? "unit-outside" : "unit";
      const options = { renderer: this.renderer, pane: "units", interactive: false };
      const shape = L.polygon(latLngsOf(geometry), { ...options, className });
      this.shapes.addLayer(shape);
      this.drawn.set(properties.code, shape);
    }
    this.colour();
  }

  /** Says and colours again what is known of the units; false where nothing is said otherwise than before. */
  word(wordsOf: (unit: UnitProperties) => UnitWords): boolean {
    const [before, now] = [this.wordsOf, wordsOf].map((of) =>
      JSON.stringify(this.units.map(({ properties }) => of(properties))),
    );
    this.wordsOf = wordsOf;
    if (before === now) return false;
    this.colour();
    return true;
  }

  /** The ground of a unit is that of its lamp, where one is said; colours are the style sheet's. */
  private colour(): void {
    for (const { properties } of this.units) {
      const element = this.drawn.get(properties.code)?.getElement() as SVGElement | undefined;
      if (element) element.dataset.lamp = this.wordsOf(properties).lamp?.lamp ?? "";
    }
  }

  /** The box around all units, or one; undefined before they are known. */
  bounds(code?: string): L.LatLngBounds | undefined {
    const all = L.latLngBounds([]);
    for (const { geometry, properties } of this.units) {
      if (code && properties.code !== code) continue;
      const [west, south, east, north] = boundsOf(geometry);
      all.extend([south, west]).extend([north, east]);
    }
    return all.isValid() ? all : undefined;
  }
}
