import L from "leaflet";
import { formatTwo } from "../domain/format";
import type { Text } from "../domain/types";
import { placeOfVillage } from "../domain/village";
import { pick, words } from "../domain/words";
import { labelPlace } from "../geo/shapes";
import type { Store } from "../store/store";
import { type Obstacles, placeNear, sizeOf, type WantedLabel } from "./label-places";
import type { Box } from "./symbol-places";

/** Names are placed this far beyond the view, so that a small pan changes none, pixels. */
const beyond = 160;

/** From which zoom on the names of a kind are shown. */
const namesFrom = { park: 11.75, block: 12, village: 13 } as const;

/** A name with the place it belongs to (degrees). */
export interface PlaceName {
  readonly kind: keyof typeof namesFrom;
  readonly text: string;
  readonly lon: number;
  readonly lat: number;
}

/** Parks, blocks and villages, as far as they are shown, in the order of their right of way. */
export function placeNames(store: Store): PlaceName[] {
  const { land, mapView, settings } = store;
  const language = settings.language.value;
  const shown = mapView.shown.value;
  const parks = shown.has("parks") ? (land.layers.value.get("parks") ?? []) : [];
  const blocks = shown.has("blocks") ? (land.layers.value.get("blocks") ?? []) : [];
  return [
    ...parks.map(({ geometry, properties: { label } }) => named("park", label, geometry)),
    ...blocks.map(({ geometry, properties: { label, label_en, mu } }) => {
      const name = pick(language, { zh: label, en: label_en ?? "" });
      const area = words(language, "legend.mu", { mu: formatTwo(mu ?? 0) });
      return named("block", `${name} ${area}`, geometry);
    }),
    ...(shown.has("villages") ? villagePlaces(store) : []).map(({ name, lon, lat }) => ({
      ...{ kind: "village" as const, text: pick(language, name), lon, lat },
    })),
  ];
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

/** Names beside what they name, where there is room. */
export class PlaceNames {
  /** The boxes of the names as they stand, layer pixels. */
  nameBoxes: readonly Box[] = [];

  private readonly names = L.layerGroup();
  private places: readonly PlaceName[] = [];

  /** `obstacles` is what names keep off, `taken` the boxes of names that have the right of way. */
  constructor(
    private readonly map: L.Map,
    private readonly obstacles: Obstacles,
    private readonly taken: () => readonly Box[],
  ) {
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
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    const room = {
      x: origin.x + size.x / 2,
      y: origin.y + size.y / 2,
      w: size.x / 2 + beyond,
      h: size.y / 2 + beyond,
    };
    const placed = placeNear(wanted, { room, obstacles: this.obstacles }, this.taken());
    this.nameBoxes = placed.map(({ label, at }) => ({ ...at, ...sizeOf(label) }));
    for (const { label, at } of placed) {
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

  private wanted(): (WantedLabel & { kind: PlaceName["kind"] })[] {
    const zoom = this.map.getZoom();
    return this.places
      .filter(({ kind }) => zoom >= namesFrom[kind])
      .map(({ kind, text, lon, lat }) => {
        const anchor = this.map.latLngToLayerPoint([lat, lon]);
        return { kind, text, outside: true, anchor };
      });
  }
}
