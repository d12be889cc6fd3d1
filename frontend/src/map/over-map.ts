import L from "leaflet";
import { type Ref, watch } from "vue";
import type { Box } from "./symbol-places";

/** Kept free around what lies over the map, pixels. */
const gap = 4;

/** Where an element stands, in pixels of the map's container. */
export function boundsWithin(element: Element, container: HTMLElement): L.Bounds {
  const frame = container.getBoundingClientRect();
  // The page may be enlarged; Leaflet reckons as if it were not.
  const enlarged = frame.width / container.offsetWidth || 1;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const point = (x: number, y: number) =>
    L.point((x - frame.left) / enlarged, (y - frame.top) / enlarged);
  return L.bounds(point(left, top), point(right, bottom));
}

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

/** Calls when something comes to lie over the map, goes, or takes another size; what is given back ends it. */
export function followCovers(over: Ref<readonly HTMLElement[]>, moved: () => void): () => void {
  const observer = new ResizeObserver(moved);
  const stop = watch(
    over,
    (elements) => {
      // To observe is to be told once.
      observer.disconnect();
      for (const each of elements) observer.observe(each);
      if (elements.length === 0) moved();
    },
    { immediate: true, flush: "post" },
  );
  return () => {
    stop();
    observer.disconnect();
  };
}
