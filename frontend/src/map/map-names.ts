import type L from "leaflet";
import type { Store } from "../store/store";
import { deskSizes, wallSizes } from "./label-places";
import { coveredBoxes } from "./over-map";
import { PlaceNames, placeNames } from "./place-names";
import type { UnitLayer } from "./unit-layer";
import { type Obstacle, UnitNames } from "./unit-names";

/** All names of land, in the order of their right of way: units, then places. Read after the map stands. */
export class MapNames {
  private readonly units: UnitNames;
  private readonly places: PlaceNames;

  constructor(
    map: L.Map,
    private readonly store: Store,
    units: UnitLayer,
    obstacles: () => Iterable<Obstacle>,
  ) {
    const covered = () => coveredBoxes(map, store.overMap.value);
    const sizes = store.wall.here ? wallSizes : deskSizes;
    this.units = new UnitNames(map, units, obstacles, covered, sizes);
    const taken = () => [...this.units.nameBoxes, ...covered()];
    this.places = new PlaceNames(map, obstacles, taken, store.wall.here);
    this.nameUnits();
    this.namePlaces();
  }

  nameUnits(): void {
    this.units.label();
  }

  namePlaces(): void {
    this.places.show(placeNames(this.store));
  }

  /** Something else lies over the map. */
  keepClear(): void {
    this.units.keepClear();
    this.places.label();
  }
}
