import L from "leaflet";
import { labelPlace } from "../geo/shapes";
import {
  deskSizes,
  edgeTowards,
  type Ground,
  type LabelSizes,
  meet,
  type Obstacles,
  type PlacedLabel,
  placeLabels,
  placeLabelsClear,
  type Spot,
  sizeOf,
  type WantedLabel,
  wallSizes,
} from "./label-places";
import type { Box } from "./symbol-places";
import type { UnitLayer, UnitWords } from "./unit-layer";
import { UnitOwners } from "./unit-owners";

/** The name of a unit in its place. */
type Placed = PlacedLabel<WantedLabel & { readonly words: UnitWords }>;

/** Nearer than this the names keep off each other only: there is room between the parcels. */
const clearBelow = 13.25;
/** How far beside the district a name may stand, pixels. */
const besideMost = 280;
/** Kept free at the edge of the map, pixels. */
const edge = 8;
/** Names of the units that do not collide, with leaders where one stands beside its land. */
export class UnitNames {
  /** The boxes of the names as they stand, layer pixels. */
  nameBoxes: readonly Box[] = [];

  private readonly labels = L.layerGroup();
  private known: { units: UnitLayer["units"]; owners: UnitOwners } | undefined;
  private labelledAt: number | undefined;
  /** Names as they stand where nothing lies over the map, and those that are drawn. */
  private free: readonly Placed[] = [];
  private placed: readonly Placed[] = [];

  /** `obstacles` is what names keep off, `covered` what lies over the map (layer pixels): no name stands below it. */
  constructor(
    private readonly map: L.Map,
    private readonly layer: UnitLayer,
    private readonly obstacles: Obstacles,
    private readonly covered: () => readonly Box[],
    private readonly sizes: LabelSizes = deskSizes,
  ) {
    map.createPane("unit-names").classList.add("unit-names-pane");
    this.labels.addTo(map);
    // After every other layer has taken on the new zoom.
    map.on("moveend", () => {
      if (this.labelledAt !== map.getZoom()) this.label();
      else this.keepClear();
    });
    map.on("viewreset resize", () => this.label());
  }

  /** Places the names anew: zoom, parcels or language are others. Panning moves them along. */
  label(): void {
    this.labelledAt = this.map.getZoom();
    this.free = this.place();
    this.draw(this.clear());
  }

  /**
   * Whatever was panned below a button or a card stands elsewhere; once it is clear again, where
   * it stood. So the same view has the same names, however it was come to.
   */
  keepClear(): void {
    const placed = this.clear();
    if (placed !== this.placed) this.draw(placed);
  }

  private clear(): readonly Placed[] {
    const covered = this.covered();
    const free = ({ label, at }: Placed) => {
      const box = { ...at, ...sizeOf(label) };
      return !covered.some((each) => meet(each, box));
    };
    return this.free.every(free) ? this.free : this.place(covered);
  }

  private place(covered: readonly Box[] = []): Placed[] {
    const wanted = this.layer.units.map(({ geometry, properties }) => {
      const [x, y] = labelPlace(geometry).at;
      const anchor = this.map.latLngToLayerPoint([y, x]);
      const words = this.layer.wordsOf(properties);
      const outside = properties.outside === true;
      const second = this.lampText(words);
      return { text: words.name, second, outside, anchor, words, sizes: this.sizes };
    });
    const ground = this.map.getZoom() < clearBelow ? this.ground() : undefined;
    return ground ? placeLabelsClear(wanted, ground, covered) : placeLabels(wanted, covered);
  }

  private draw(placed: readonly Placed[]): void {
    this.placed = placed;
    this.labels.clearLayers();
    this.nameBoxes = placed.map(({ label, at }) => ({ ...at, ...sizeOf(label) }));
    for (const { label, at, leader } of placed) {
      if (leader) this.addLeader(edgeTowards(at, leader, sizeOf(label)), leader);
      const icon = L.divIcon({
        className: label.outside ? "unit-name unit-name-outside" : "unit-name",
        html: nameElement(label.words, label.second, this.wall),
        iconSize: [0, 0],
      });
      const options = { icon, pane: "unit-names", interactive: false, keyboard: false };
      this.labels.addLayer(L.marker(this.map.layerPointToLatLng([at.x, at.y]), options));
    }
  }

  /** 黄 71.0%; on the wall the word stands in the disc. The server has rounded the rate to one decimal. */
  private lampText({ lamp }: UnitWords): string | undefined {
    if (!lamp) return undefined;
    const rate = lamp.rate === undefined ? "" : `${lamp.rate.toFixed(1)}%`;
    return this.wall ? rate || lamp.word : [lamp.word, rate].join(" ").trim();
  }

  private get wall(): boolean {
    return this.sizes === wallSizes;
  }

  private ownersOf(units: UnitLayer["units"]): UnitOwners {
    if (this.known?.units !== units) {
      this.known = { units, owners: new UnitOwners(units.map(({ geometry }) => geometry)) };
    }
    return this.known.owners;
  }

  private addLeader(at: Spot, end: Spot): void {
    const line = [at, end].map(({ x, y }) => this.map.layerPointToLatLng([x, y]));
    for (const className of ["unit-leader-casing", "unit-leader"]) {
      const options = {
        renderer: this.layer.renderer,
        pane: "units",
        interactive: false,
        className,
      };
      this.labels.addLayer(L.polyline(line, options));
    }
  }

  private ground(): Ground | undefined {
    const { map, layer } = this;
    const bounds = layer.bounds();
    if (!bounds) return undefined;
    const owners = this.ownersOf(layer.units);
    const low = map.latLngToLayerPoint(bounds.getNorthWest());
    const high = map.latLngToLayerPoint(bounds.getSouthEast());
    const [w, h] = [(high.x - low.x) / 2, (high.y - low.y) / 2];
    const [west, south, east, north] = owners.bounds;
    // Beside the district there is as much room as its view leaves.
    const view = map.getSize();
    const beside = Math.min(besideMost, Math.max(0, view.x / 2 - w - edge));
    return {
      room: { x: low.x + w, y: low.y + h, w: w + beside, h },
      obstacles: this.obstacles,
      // Within one district Mercator is straight enough for this.
      owner: (x, y) =>
        owners.at(
          west + ((x - low.x) / (2 * w)) * (east - west),
          north - ((y - low.y) / (2 * h)) * (north - south),
        ),
    };
  }
}

/** Text as text: a name from the server is never read as markup. */
function nameElement({ name, lamp }: UnitWords, said = "", wall = false): HTMLElement {
  const element = document.createElement("span");
  element.textContent = name;
  if (!lamp) return element;
  const second = document.createElement("small");
  const disc = document.createElement("i");
  disc.dataset.lamp = lamp.lamp;
  if (wall && lamp.lamp !== "none") disc.textContent = lamp.word.slice(0, 1);
  second.append(disc, said);
  element.append(second);
  return element;
}
