import L from "leaflet";
import { watch } from "vue";
import { formatTwo } from "../domain/format";
import { pieceSign } from "../domain/pieces";
import { words } from "../domain/words";
import type { Ground } from "../geo/ground";
import type { Line, Plots } from "../store/plots";
import type { Store } from "../store/store";
import { geomanOf } from "./geoman";
import "./land-editor.css";
import { openLatLngs } from "./lat-lngs";

const pane = "plot-editor";
const still = { pane, interactive: false, pmIgnore: true, snapIgnore: true } as const;

/** Draws the line along which a parcel is cut, and shows the pieces. */
export class PlotEditor {
  private readonly shown = L.layerGroup();
  private readonly points = L.layerGroup();
  private readonly ends: (() => void)[];

  constructor(
    private readonly map: L.Map,
    private readonly plots: Plots,
    private readonly store: Store,
  ) {
    if (!map.getPane(pane)) map.createPane(pane).classList.add("land-editor-pane");
    const geoman = geomanOf(map);
    this.shown.addTo(map);
    this.points.addTo(map);
    const created = ({ layer }: { layer: L.Layer }) => this.created(layer);
    const started = ({ workingLayer }: { workingLayer: L.Layer }) => this.started(workingLayer);
    const key = (event: KeyboardEvent) => this.onKey(event);
    map.on("pm:create", created);
    map.on("pm:drawstart", started);
    map.getContainer().addEventListener("keydown", key, true);
    const now = { immediate: true } as const;
    this.ends = [
      () => map.off("pm:create", created),
      () => map.off("pm:drawstart", started),
      () => map.getContainer().removeEventListener("keydown", key, true),
      watch(plots.drawing, (draws) => this.draw(geoman, draws), now),
      watch([plots.told, store.settings.language], () => this.show(), now),
      watch([plots.line, plots.told], () => this.showLine(), now),
    ];
  }

  /** Whether clicks set points. */
  get busy(): boolean {
    return this.plots.drawing.value;
  }

  dispose(): void {
    for (const end of this.ends) end();
    this.map.pm.disableDraw();
    this.map.getContainer().classList.remove("drawing-land");
    this.shown.remove();
    this.points.remove();
  }

  private draw(geoman: L.PM.PMMap, draws: boolean): void {
    geoman.disableDraw();
    this.map.getContainer().classList.toggle("drawing-land", draws);
    if (!draws) return;
    geoman.enableDraw("Line", {
      ...{ snappable: false, tooltips: false, allowSelfIntersection: true },
      templineStyle: { className: "draw-line", pane },
      hintlineStyle: { className: "draw-hint", pane },
      pathOptions: { className: "draw-line", pane },
    });
  }

  private started(working: L.Layer): void {
    working.on("pm:vertexadded", () => {
      this.plots.line.value = lineOf(working as L.Polyline);
    });
  }

  private created(layer: L.Layer): void {
    layer.remove();
    if (layer instanceof L.Polyline) this.plots.cut(lineOf(layer));
  }

  private show(): void {
    this.shown.clearLayers();
    for (const [i, { geometry, m2 }] of (this.plots.told.value?.next ?? []).entries()) {
      const ground = geometry.coordinates as Ground;
      const shape = L.polygon(openLatLngs(ground), { ...still, className: `piece piece-${i % 4}` });
      this.shown.addLayer(shape);
      const said = words(this.store.settings.language.value, "plot.piece", {
        ...{ sign: pieceSign(i), m2: formatTwo(m2) },
      });
      this.shown.addLayer(mark(shape.getBounds().getCenter(), "piece-mark", said));
    }
  }

  private showLine(): void {
    this.points.clearLayers();
    const line = this.plots.line.value.map(([lon, lat]): L.LatLngTuple => [lat, lon]);
    if (line.length === 0) return;
    this.points.addLayer(L.polyline(line, { ...still, className: "draw-line cut-line" }));
    for (const at of line) this.points.addLayer(mark(L.latLng(at), "draw-dot", ""));
  }

  /** By the keyboard: points at the cross in the middle. */
  private onKey(event: KeyboardEvent): void {
    const { plots } = this;
    if (!plots.drawing.value || event.altKey || event.metaKey) return;
    const { lng, lat } = this.map.getCenter();
    if (event.key === "Backspace") plots.line.value = plots.line.value.slice(0, -1);
    else if (event.key === "Escape") plots.drawing.value = false;
    else if (event.key !== "Enter") return;
    else if (!event.ctrlKey) plots.line.value = [...plots.line.value, [lng, lat]];
    else if (plots.line.value.length > 1) plots.cut(plots.line.value);
    event.preventDefault();
    event.stopPropagation();
  }
}

function lineOf(layer: L.Polyline): Line {
  return (layer.getLatLngs() as L.LatLng[]).map(({ lng, lat }) => [lng, lat]);
}

function mark(at: L.LatLng, className: string, said: string): L.Marker {
  const element = document.createElement("span");
  element.textContent = said;
  const icon = L.divIcon({ className, html: element, iconSize: [0, 0] });
  return L.marker(at, { ...still, icon, keyboard: false });
}
