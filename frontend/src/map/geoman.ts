import L from "leaflet";
import "@geoman-io/leaflet-geoman-free";

// Nothing but what says so can be edited: the map's own layers stay as they are.
L.PM.setOptIn(true);
// Corners are reached by Tab on the map, one after the other, not as so many nameless buttons of the page.
L.Marker.mergeOptions({ keyboard: false });

/** Pixels within which a corner jumps to a neighbour's. */
export const snapDistance = 14;

/** The map's Geoman; the map was there before it. */
export function geomanOf(map: L.Map): L.PM.PMMap {
  map.pm ??= new (L.PM as unknown as { Map: new (of: L.Map) => L.PM.PMMap }).Map(map);
  map.pm.setGlobalOptions({ snapDistance, snapSegment: true, continueDrawing: false });
  return map.pm;
}
