import type L from "leaflet";
import type { Store } from "../store/store";
import { Covers } from "./covers";
import { deskSizes, type Obstacles, wallSizes } from "./label-places";
import { PlaceNames, placeNames } from "./place-names";
import type { Box } from "./symbol-places";
import type { UnitLayer } from "./unit-layer";
import { UnitNames } from "./unit-names";

/** All names of land, in the order of their right of way: units, then places. Read after the map stands. */
export class MapNames {
  private readonly units: UnitNames;
  private readonly places: PlaceNames;
  private readonly covers: Covers;
  /** Where no other name may stand (layer pixels). */
  readonly taken: () => readonly Box[];

  constructor(
    private readonly map: L.Map,
    private readonly store: Store,
    units: UnitLayer,
    obstacles: Obstacles,
  ) {
    this.covers = new Covers(map, () => store.overMap.value);
    const covered = () => this.covers.boxes();
    const sizes = store.wall.here ? wallSizes : deskSizes;
    this.units = new UnitNames(map, units, obstacles, covered, sizes);
    const taken = () => [...this.units.nameBoxes, ...covered()];
    this.taken = () => [...taken(), ...this.places.nameBoxes];
    this.places = new PlaceNames(map, obstacles, taken, store.wall.here);
    map.on("zoomend", () => this.namePlaces());
    this.nameUnits();
    this.namePlaces();
  }

  nameUnits(): void {
    this.units.label();
  }

  namePlaces(): void {
    this.places.show(placeNames(this.store, this.map.getZoom()));
  }

  /** Something else lies over the map. */
  keepClear(): void {
    this.covers.forget();
    this.units.keepClear();
    this.places.label();
  }
}
