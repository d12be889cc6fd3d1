import L from "leaflet";
import type { Text } from "../domain/types";
import { placeOfVillage } from "../domain/village";
import type { Store } from "../store/store";
import { placeNear, type WantedLabel } from "./label-places";
import type { Box } from "./symbol-places";
import type { Obstacle } from "./unit-layer";

/** From this zoom on villages have names. */
const namesFrom = 13;
/** Names are placed this far beyond the view, so that a small pan changes none, pixels. */
const beyond = 160;
/** A late parcel counts as so many others. */
const lateWeight = 6;

/** A village with the middle of its parcels (degrees). */
export interface VillagePlace {
  readonly name: Text;
  readonly lon: number;
  readonly lat: number;
}

/** The villages that have parcels in the campaign, each in the middle of them: nobody has drawn their boundaries. */
export function villagePlaces({
  cases,
  parcels,
}: Pick<Store, "cases" | "parcels">): VillagePlace[] {
  const found = new Map<string, { name: Text; lons: number[]; lats: number[] }>();
  for (const { bounds, properties } of parcels.all()) {
    const village = properties.cases.flatMap((id) => cases.get(id)?.village ?? [])[0];
    if (!village) continue;
    const name = placeOfVillage(village.name);
    const there = found.get(village.code) ?? { name, lons: [], lats: [] };
    found.set(village.code, there);
    const [west, south, east, north] = bounds;
    there.lons.push((west + east) / 2);
    there.lats.push((south + north) / 2);
  }
  return [...found.values()].map(({ name, lons, lats }) => ({
    name,
    lon: median(lons),
    lat: median(lats),
  }));
}

/** One parcel far away does not pull the name with it. */
function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Names of villages beside their parcels, where there is room. */
export class VillageNames {
  /** What the names keep off. */
  obstacles: () => readonly Obstacle[] = () => [];

  /** The boxes of names that have the right of way. */
  taken: () => readonly Box[] = () => [];

  private readonly names = L.layerGroup();
  private villages: readonly VillagePlace[] = [];
  private textOf: (name: Text) => string = ({ zh }) => zh;

  constructor(private readonly map: L.Map) {
    map.createPane("village-names").classList.add("village-names-pane");
    this.names.addTo(map);
    // A view that is set anew has other layer pixels only after its moveend.
    map.on("moveend viewreset resize", () => this.label());
  }

  show(villages: readonly VillagePlace[], textOf: (name: Text) => string): void {
    this.villages = villages;
    this.textOf = textOf;
    this.label();
  }

  /** Places the names anew. */
  label(): void {
    this.names.clearLayers();
    if (this.map.getZoom() < namesFrom) return;
    const size = this.map.getSize();
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    const room = {
      x: origin.x + size.x / 2,
      y: origin.y + size.y / 2,
      w: size.x / 2 + beyond,
      h: size.y / 2 + beyond,
    };
    const obstacles = this.obstacles().map(({ box, late }) => ({
      box,
      weight: late ? lateWeight : 1,
    }));
    const placed = placeNear(this.wanted(), { room, obstacles }, this.taken());
    for (const { label, at } of placed) {
      const element = document.createElement("span");
      element.textContent = label.text;
      const icon = L.divIcon({ className: "village-name", html: element, iconSize: [0, 0] });
      const options = { icon, pane: "village-names", interactive: false, keyboard: false };
      this.names.addLayer(L.marker(this.map.layerPointToLatLng([at.x, at.y]), options));
    }
  }

  private wanted(): WantedLabel[] {
    return this.villages.map(({ name, lon, lat }) => ({
      text: this.textOf(name),
      outside: true,
      anchor: this.map.latLngToLayerPoint([lat, lon]),
    }));
  }
}
