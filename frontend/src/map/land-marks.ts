import L from "leaflet";
import { watch } from "vue";
import { formatTwo } from "../domain/format";
import { words } from "../domain/words";
import { corners, type Ground, metresBetween, positionAt } from "../geo/ground";
import type { Position } from "../geo/shapes";
import { type Drawing, groundOf } from "../store/drawing";
import type { Store } from "../store/store";
import { openLatLngs } from "./lat-lngs";

/** From this zoom on corners have names and sides their lengths. */
const labelsFrom = 17.5;
/** More labels than this say nothing. */
const mostLabels = 80;
/** Shorter sides have no room for their length, pixels. */
const leastSide = 64;
const pane = "land-marks";

/** What is said about a drawing on the map: effective land, faults, names of corners, lengths of sides, the sketch of the keyboard. */
export class LandMarks {
  private readonly figures = L.layerGroup();
  private readonly labels = L.layerGroup();
  private readonly line = L.layerGroup();
  private readonly ends: (() => void)[];

  constructor(
    private readonly map: L.Map,
    private readonly drawing: Drawing,
    private readonly store: Store,
  ) {
    if (!map.getPane(pane)) map.createPane(pane).classList.add("land-marks-pane");
    for (const each of [this.figures, this.labels, this.line]) each.addTo(map);
    const label = () => this.label();
    map.on("zoomend moveend", label);
    const now = { immediate: true } as const;
    this.ends = [
      () => map.off("zoomend moveend", label),
      watch([drawing.preview, store.settings.language], () => this.showFigures(), now),
      watch([drawing.sketch, drawing.corner], label, now),
      watch([drawing.line, drawing.tool], () => this.showLine(), now),
    ];
  }

  dispose(): void {
    for (const end of this.ends) end();
    for (const each of [this.figures, this.labels, this.line]) each.remove();
  }

  private showFigures(): void {
    this.figures.clearLayers();
    const told = this.drawing.preview.value;
    const effective = groundOf(told?.effective);
    if (effective) this.area(effective, "effective drawn-effective");
    for (const fault of told?.faults ?? []) {
      const [lon = 0, lat = 0] = fault.place ?? [];
      if (fault.geometry) this.area(fault.geometry.coordinates as Ground, "land-fault");
      if (fault.place) this.text([lat, lon], `land-fault-mark`, `! ${faultArea(fault)}`);
    }
    const area = told?.effective;
    const middle = effective && L.polygon(openLatLngs(effective)).getBounds().getCenter();
    if (area && middle) {
      const said = words(this.store.settings.language.value, "land.effective_mu", {
        mu: formatTwo(area.mu),
      });
      this.text([middle.lat, middle.lng], "land-effective-mark", said);
    }
  }

  private area(ground: Ground, className: string): void {
    const options = { pane, className, interactive: false, pmIgnore: true, snapIgnore: true };
    this.figures.addLayer(L.polygon(openLatLngs(ground), options));
  }

  private text(at: L.LatLngTuple, className: string, said: string): void {
    this.figures.addLayer(marker(at, className, said));
  }

  private label(): void {
    this.labels.clearLayers();
    const { ground } = this.drawing.sketch.value;
    const all = corners(ground);
    const chosen = this.drawing.corner.value;
    const near = this.map.getZoom() >= labelsFrom && all.length <= mostLabels;
    for (const [i, corner] of all.entries()) {
      const at = positionAt(ground, corner);
      const next = positionAt(ground, { ...corner, index: corner.index + 1 });
      if (!at || !next || !(near || i === chosen)) continue;
      const [lon = 0, lat = 0] = at;
      const className = i === chosen ? "corner-name corner-chosen" : "corner-name";
      this.labels.addLayer(marker([lat, lon], className, `J${i + 1}`));
      if (near && this.isLong(at, next)) this.labels.addLayer(sideLabel(at, next));
    }
  }

  private isLong(a: Position, b: Position): boolean {
    const [p, q] = [a, b].map(([lon = 0, lat = 0]) => this.map.latLngToLayerPoint([lat, lon]));
    return p !== undefined && q !== undefined && p.distanceTo(q) >= leastSide;
  }

  /** What the keyboard has set, and what was measured. */
  private showLine(): void {
    this.line.clearLayers();
    const places = this.drawing.line.value.map(([lon = 0, lat = 0]): L.LatLngTuple => [lat, lon]);
    if (places.length === 0) return;
    const options = {
      pane,
      className: "draw-line",
      interactive: false,
      pmIgnore: true,
      snapIgnore: true,
    };
    const closed = this.drawing.tool.value !== "distance" && places.length > 2;
    this.line.addLayer(closed ? L.polygon(places, options) : L.polyline(places, options));
    for (const at of places) this.line.addLayer(marker(at, "draw-dot", ""));
  }
}

function faultArea({ m2, mu }: { m2?: number; mu?: number }): string {
  if (m2 === undefined) return "";
  return mu ? `${formatTwo(mu)} 亩（${formatTwo(m2)} ㎡）` : `${formatTwo(m2)} ㎡`;
}

function sideLabel(a: readonly number[], b: readonly number[]): L.Marker {
  const middle: L.LatLngTuple = [((a[1] ?? 0) + (b[1] ?? 0)) / 2, ((a[0] ?? 0) + (b[0] ?? 0)) / 2];
  return marker(middle, "side-length", metresBetween(a, b).toFixed(2));
}

function marker(at: L.LatLngTuple, className: string, said: string): L.Marker {
  const element = document.createElement("span");
  element.textContent = said;
  const icon = L.divIcon({ className, html: element, iconSize: [0, 0] });
  return L.marker(at, {
    pane,
    icon,
    interactive: false,
    keyboard: false,
    pmIgnore: true,
    snapIgnore: true,
  });
}
