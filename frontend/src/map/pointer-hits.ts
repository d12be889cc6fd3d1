import L from "leaflet";
import { isDragged } from "./leaflet-inside";

/** How far beside a parcel a pointer still means it, pixels: a finger is broader than a mouse. */
const tolerance = { fine: 1.5, coarse: 12.5 };

/** Tells what the pointer enters, leaves and picks; `under` finds what is at a point of the map or so near. */
export function followPointer(
  map: L.Map,
  under: (point: L.Point, near: number) => number | undefined,
  hover: (id: number | undefined) => void,
  pick: (id: number) => void,
): void {
  const near = matchMedia("(pointer: coarse)").matches ? tolerance.coarse : tolerance.fine;
  let over: number | undefined;

  function turn(id: number | undefined): void {
    if (id === over) return;
    over = id;
    map.getContainer().classList.toggle("over-parcel", id !== undefined);
    hover(id);
  }

  // One look a frame: a pointer tells of itself more often.
  let at: L.Point | undefined;
  map.on("mousemove", ({ containerPoint }) => {
    if (isDragged(map)) return;
    if (!at)
      L.Util.requestAnimFrame(() => {
        if (at) turn(under(at, near));
        at = undefined;
      });
    at = containerPoint;
  });
  map.on("mouseout", () => {
    at = undefined;
    turn(undefined);
  });
  map.on("click", ({ containerPoint }) => {
    const id = under(containerPoint, near);
    if (id !== undefined) pick(id);
  });
}
