import "./finding-marks.css";
import L from "leaflet";
import { watch } from "vue";
import { findingSize } from "../domain/findings";
import type { LandFinding } from "../domain/types";
import type { Ground } from "../geo/ground";
import type { Store } from "../store/store";
import { openLatLngs } from "./lat-lngs";

const pane = "finding-pane";
/** Farther out sizes stand one on the other; the chosen one is said at every zoom. */
const sizesFrom = 13;

/** Findings in land on the map: ground hatched, its size beside it; a click chooses one, choosing one goes there. */
export class FindingMarks {
  private readonly marks = L.layerGroup();
  private readonly renderer: L.SVG;
  private readonly ends: (() => void)[];

  constructor(
    private readonly map: L.Map,
    private readonly store: Store,
  ) {
    const element = map.getPane(pane) ?? map.createPane(pane);
    element.classList.add(pane);
    element.replaceChildren(hatch());
    this.renderer = L.svg({ pane, padding: 0.25 });
    this.marks.addTo(map);
    const show = () => this.show();
    map.on("zoomend", show);
    this.ends = [
      () => map.off("zoomend", show),
      watch([store.findings, store.settings.language], show, { immediate: true }),
      watch(store.finding, (chosen) => this.choose(chosen), { immediate: true }),
    ];
  }

  dispose(): void {
    for (const end of this.ends) end();
    this.marks.remove();
    this.renderer.remove();
  }

  private choose(chosen: LandFinding | undefined): void {
    this.show();
    if (!chosen) return;
    const bounds = L.polygon(openLatLngs(chosen.geometry.coordinates as Ground)).getBounds();
    this.map.fitBounds(bounds.pad(1.5), { maxZoom: 19, animate: false });
  }

  private show(): void {
    this.marks.clearLayers();
    const { findings, finding } = this.store;
    for (const each of findings.value) this.draw(each, each === finding.value);
  }

  private draw(each: LandFinding, chosen: boolean): void {
    const pick = () => {
      this.store.finding.value = each;
    };
    const className = `finding-ground ${chosen ? "finding-chosen" : ""}`;
    const options = { pane, renderer: this.renderer, className, bubblingMouseEvents: false };
    const ground = L.polygon(openLatLngs(each.geometry.coordinates as Ground), options);
    this.marks.addLayer(ground.on("click", pick));
    if (!chosen && this.map.getZoom() < sizesFrom) return;
    const [lon = 0, lat = 0] = each.place;
    const element = document.createElement("span");
    element.textContent = `! ${findingSize(each, this.store.settings.language.value)}`;
    const mark = `finding-mark ${chosen ? "finding-mark-chosen" : ""}`;
    const icon = L.divIcon({ className: mark, html: element, iconSize: [0, 0] });
    this.marks.addLayer(L.marker([lat, lon], { pane, icon, keyboard: false }).on("click", pick));
  }
}

/** The pattern that the style sheet fills with. */
function hatch(): SVGElement {
  const made = (name: string, set: Record<string, string>, ...inside: SVGElement[]) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(set)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  };
  const size = { width: "8", height: "8" };
  const turned = { patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
  const ground = made("rect", { ...size, class: "finding-hatch-ground" });
  const line = made("line", { x1: "0", y1: "0", x2: "0", y2: "8", class: "finding-hatch-line" });
  const pattern = made("pattern", { id: "hatch-finding", ...size, ...turned }, ground, line);
  return made("svg", { width: "0", height: "0", "aria-hidden": "true" }, made("defs", {}, pattern));
}
