import L from "leaflet";
import { formatTwo } from "../domain/format";
import type { Text } from "../domain/types";
import { placeOfVillage } from "../domain/village";
import { pick, words } from "../domain/words";
import { labelPlace } from "../geo/shapes";
import type { Store } from "../store/store";
import {
  deskSizes,
  edgeTowards,
  type Obstacles,
  placeNear,
  type Spot,
  sizeOf,
  type WantedLabel,
  wallSizes,
} from "./label-places";
import type { Box } from "./symbol-places";

/** Names are placed this far beyond the view, so that a small pan changes none, pixels. */
const beyond = 160;

/** From which zoom on the names of a kind are shown. */
export const namesFrom = { park: 11.75, block: 12, village: 13 } as const;
/** The wall shows the whole district, and in it its parks: with a sign where they are too small to be seen. */
const [onWallFrom, signsBelow] = [{ ...namesFrom, park: 10 }, 13];
/** How far a name of the wall may stand from what it names, with a leader, pixels. */
const wallReach = 150;

/** A name with the place it belongs to (degrees). */
export interface PlaceName {
  readonly kind: keyof typeof namesFrom;
  readonly text: string;
  readonly lon: number;
  readonly lat: number;
  /** Of a park that is not built yet. */
  readonly building?: boolean;
}

/** Parks, blocks and villages, as far as they are shown and named at a zoom, in the order of their right of way. */
export function placeNames(store: Store, zoom: number): PlaceName[] {
  const { land, mapView, settings } = store;
  const language = settings.language.value;
  const shown = mapView.shown.value;
  // Where villages lie is asked of every parcel.
  const villages = shown.has("villages") && zoom >= namesFrom.village ? villagePlaces(store) : [];
  const all = shown.has("parks") ? (land.layers.value.get("parks") ?? []) : [];
  const { here } = store.wall;
  // What is only planned is nothing to be seen from afar.
  const parks = here ? all.filter(({ properties }) => properties.construction !== "planned") : all;
  const blocks = shown.has("blocks") ? (land.layers.value.get("blocks") ?? []) : [];
  return [
    ...parks.map(({ geometry, properties: { label, construction } }) => ({
      ...named("park", here ? shortPark(label) : label, geometry),
      building: construction === "building",
    })),
    ...blocks.map(({ geometry, properties: { label, label_en, mu } }) => {
      const name = pick(language, { zh: label, en: label_en ?? "" });
      const area = words(language, "legend.mu", { mu: formatTwo(mu ?? 0) });
      return named("block", `${name} ${area}`, geometry);
    }),
    ...villages.map(({ name, lon, lat }) => ({
      ...{ kind: "village" as const, text: pick(language, name), lon, lat },
    })),
  ];
}

/** 新塍针织园 of 新塍镇针织小微企业园. */
function shortPark(label: string): string {
  return label.replace("小微企业园", "园").replace(/镇(?!$)/, "");
}

function named(
  kind: PlaceName["kind"],
  text: string,
  geometry: Parameters<typeof labelPlace>[0],
): PlaceName {
  const [lon, lat] = labelPlace(geometry).at;
  return { kind, text, lon, lat };
}

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
  for (const parcel of parcels.taken()) {
    const village = parcel.properties.cases.flatMap((id) => cases.get(id)?.village ?? [])[0];
    if (!village) continue;
    const name = placeOfVillage(village.name);
    const there = found.get(village.code) ?? { name, lons: [], lats: [] };
    found.set(village.code, there);
    const [west, south, east, north] = parcel.bounds;
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

/** Whether both name the same at the same places. */
function samePlaces(a: readonly PlaceName[], b: readonly PlaceName[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => {
      const other = b[i];
      return (
        one.kind === other?.kind &&
        one.text === other.text &&
        one.lon === other.lon &&
        one.lat === other.lat
      );
    })
  );
}

/** A name before it has a place. */
type Wanted = WantedLabel & Pick<PlaceName, "kind" | "building">;

/** Names beside what they name, where there is room. */
export class PlaceNames {
  /** The boxes of the names as they stand, layer pixels. */
  nameBoxes: readonly Box[] = [];

  private readonly names = L.layerGroup();
  private readonly leaders: L.SVG;
  private places: readonly PlaceName[] = [];

  /** `obstacles` is what names keep off, `taken` the boxes of names that have the right of way. */
  constructor(
    private readonly map: L.Map,
    private readonly obstacles: Obstacles,
    private readonly taken: () => readonly Box[],
    private readonly wall = false,
  ) {
    map.createPane("place-leaders").classList.add("place-leaders-pane");
    this.leaders = L.svg({ pane: "place-leaders", padding: 0.25 });
    map.createPane("place-names").classList.add("place-names-pane");
    this.names.addTo(map);
    // A view that is set anew has other layer pixels only after its moveend.
    map.on("moveend viewreset resize", () => this.label());
  }

  show(places: readonly PlaceName[]): void {
    if (samePlaces(this.places, places)) return; // most changes of cases leave every name where it is
    this.places = places;
    this.label();
  }

  /** Places the names anew. */
  label(): void {
    this.names.clearLayers();
    this.nameBoxes = [];
    const wanted = this.wanted();
    if (wanted.length === 0) return;
    const size = this.map.getSize();
    // Nobody pans the wall: a name that is cut off says nothing.
    const margin = this.wall ? -4 : beyond;
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    const room = {
      x: origin.x + size.x / 2,
      y: origin.y + size.y / 2,
      w: size.x / 2 + margin,
      h: size.y / 2 + margin,
    };
    const ground = { room, obstacles: this.obstacles };
    const free = this.keptFree(wanted);
    const placed = placeNear(wanted, ground, free, this.wall ? wallReach : undefined);
    this.nameBoxes = placed.map(({ label, at }) => ({ ...at, ...sizeOf(label) }));
    for (const { label, at, leader } of placed) {
      if (leader) this.addLeader(edgeTowards(at, leader, sizeOf(label)), leader);
      const element = document.createElement("span");
      element.textContent = label.text;
      const icon = L.divIcon({
        className: `place-name place-name-${label.kind}`,
        html: element,
        iconSize: [0, 0],
      });
      const options = { icon, pane: "place-names", interactive: false, keyboard: false };
      this.names.addLayer(L.marker(this.map.layerPointToLatLng([at.x, at.y]), options));
    }
  }

  /** Names keep off each other, and of the wall off the signs, which are drawn here. */
  private keptFree(wanted: readonly Wanted[]): Box[] {
    const taken = [...this.taken()];
    if (!this.wall || this.map.getZoom() >= signsBelow) return taken;
    for (const { kind, anchor, building } of wanted) {
      if (kind !== "park") continue;
      const className = `place-sign${building ? " place-sign-building" : ""}`;
      const icon = L.divIcon({ className, iconSize: [20, 15] });
      const options = { icon, pane: "place-names", interactive: false, keyboard: false };
      this.names.addLayer(L.marker(this.map.layerPointToLatLng([anchor.x, anchor.y]), options));
      taken.push({ ...anchor, w: 12, h: 10 });
    }
    return taken;
  }

  private addLeader(from: Spot, to: Spot): void {
    const line = [from, to].map(({ x, y }) => this.map.layerPointToLatLng([x, y]));
    const options = { renderer: this.leaders, pane: "place-leaders", interactive: false };
    this.names.addLayer(L.polyline(line, { ...options, className: "place-leader" }));
  }

  private wanted(): Wanted[] {
    const zoom = this.map.getZoom();
    const from = this.wall ? onWallFrom : namesFrom;
    return this.places
      .filter(({ kind }) => zoom >= from[kind])
      .map(({ kind, text, lon, lat, building }) => {
        const anchor = this.map.latLngToLayerPoint([lat, lon]);
        const sizes = this.wall ? wallSizes : deskSizes;
        return { kind, text, outside: true, anchor, sizes, building };
      });
  }
}
