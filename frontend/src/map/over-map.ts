import L from "leaflet";
import { type Ref, watch } from "vue";

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
