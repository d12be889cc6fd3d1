import type L from "leaflet";
import { boundsWithin } from "./over-map";
import type { Box } from "./symbol-places";

/** Kept free around what lies over the map, pixels. */
const gap = 4;

/** What buttons, notes and cards cover of a map. */
export class Covers {
  private measured: readonly L.Bounds[] | undefined;

  constructor(
    private readonly map: L.Map,
    private readonly over: () => readonly HTMLElement[],
  ) {}

  /** In layer pixels. Measured once a frame: every look at the page in between would lay it out anew. */
  boxes(): Box[] {
    this.measured ??= this.measure();
    const origin = this.map.containerPointToLayerPoint([0, 0]);
    return this.measured.map((bounds) => {
      const { x, y } = bounds.getCenter().add(origin);
      const size = bounds.getSize().divideBy(2);
      return { x, y, w: size.x + gap, h: size.y + gap };
    });
  }

  /** Something lies elsewhere. */
  forget(): void {
    this.measured = undefined;
  }

  private measure(): L.Bounds[] {
    requestAnimationFrame(() => this.forget());
    const container = this.map.getContainer();
    return this.over()
      .map((element) => boundsWithin(element, container))
      .filter((bounds) => bounds.getSize().x > 0);
  }
}
