import L from "leaflet";
import type { BaseMap } from "../domain/map-layers";

/** Tiles of each choice, the names above the picture. All of them are Web Mercator on CGCS2000: nothing is shifted. */
const tiles: Record<Exclude<BaseMap, "none">, readonly string[]> = {
  vec: ["vec_w", "cva_w"],
  img: ["img_w", "cia_w"],
};

/** 天地图 under everything, dimmed by the style sheet; what cannot be fetched stays transparent. */
export class BaseMapLayer {
  private readonly shown = L.layerGroup();
  private chosen: BaseMap = "none";

  /** `onAway` is called when tiles fail (true) and when they come again. */
  constructor(
    private readonly map: L.Map,
    private readonly onAway: (away: boolean) => void,
  ) {
    this.shown.addTo(map);
  }

  show(base: BaseMap): void {
    if (base === this.chosen) return;
    this.chosen = base;
    this.shown.clearLayers();
    this.map.getContainer().classList.toggle("with-base", base !== "none");
    this.onAway(false);
    if (base === "none") return;
    for (const [order, layer] of tiles[base].entries())
      this.shown.addLayer(this.layer(layer, order));
  }

  private layer(name: string, order: number): L.TileLayer {
    const layer = L.tileLayer(`/api/v1/basemap/${name}/{z}/{x}/{y}`, {
      maxNativeZoom: 18,
      maxZoom: 20,
      zIndex: order + 1,
      className: order === 0 ? "base-picture" : "base-names",
    });
    layer.on("tileerror", () => this.onAway(true));
    layer.on("tileload", () => this.onAway(false));
    return layer;
  }
}
