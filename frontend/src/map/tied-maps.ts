import type L from "leaflet";

const tied = new Set<L.Map>();
let leading: L.Map | undefined;

/** Lets all tied maps stand where the one stands that is moved; a new one goes where the others are. */
export function tie(map: L.Map): () => void {
  const [other] = tied;
  if (other) stand(map, other);
  tied.add(map);
  map.on("move zoomend", () => lead(map));
  return () => tied.delete(map);
}

function lead(map: L.Map): void {
  // The others tell of their own moving, which comes from here.
  if (leading) return;
  leading = map;
  for (const each of tied) if (each !== map) stand(each, map);
  leading = undefined;
}

function stand(map: L.Map, where: L.Map): void {
  map.setView(where.getCenter(), where.getZoom(), { animate: false });
}

/** The map has another room. Tied maps keep their common middle; a single one stays where its corner is. */
export function takeRoom(map: L.Map): void {
  if (tied.size < 2) {
    map.invalidateSize({ pan: false });
    return;
  }
  const [middle, zoom, led] = [map.getCenter(), map.getZoom(), leading];
  // What a room moves is no moving of the user's: the others stay.
  leading = map;
  map.invalidateSize({ pan: false });
  map.setView(middle, zoom, { animate: false });
  leading = led;
}
