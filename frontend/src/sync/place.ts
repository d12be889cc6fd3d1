import { type Ref, shallowRef } from "vue";
import { metresTo } from "../geo/distance";

/** Where the phone says it is. */
export interface PlaceFound {
  readonly lon: number;
  readonly lat: number;
  /** Metres. */
  readonly accuracy: number;
  /** No phone that is carried says so: the position is made up, it seems. A browser does not tell. */
  readonly mocked?: boolean;
}

/** Farther from the parcel, or less certain, a reason is asked for; metres. */
export const farMetres = 50;
export const vagueMetres = 30;
/** Faster than this nobody goes to a parcel; metres a second. */
const fastest = 100;

/** A position with the phone's time of it, ms. */
export interface Fix extends PlaceFound {
  readonly at: number;
}

/** Whether a position cannot be true: certain to the millimetre, or farther from the one before than anybody travels. */
export function isMadeUp(before: Fix | undefined, now: Fix): boolean {
  if (now.accuracy <= 0) return true;
  if (!before) return false;
  const spot = [before.lon, before.lat];
  const moved = metresTo({ type: "Polygon", coordinates: [[spot, spot]] }, now);
  const seconds = Math.max(1, (now.at - before.at) / 1000);
  return moved - before.accuracy - now.accuracy > fastest * seconds;
}

/** Follows where the phone is while somebody wants to know. */
export interface Place {
  readonly found: Readonly<Ref<PlaceFound | undefined>>;
  /** Asks the phone; the answer ends the asking. */
  follow(): () => void;
}

export function createPlace(geolocation: Geolocation | undefined): Place {
  const found = shallowRef<PlaceFound>();
  let before: Fix | undefined;
  // Whoever made one position up made up those after it.
  let mocked = false;
  const follow = (): (() => void) => {
    if (!geolocation) return () => {};
    const id = geolocation.watchPosition(
      ({ timestamp: at, coords: { longitude: lon, latitude: lat, accuracy } }) => {
        const fix: Fix = { lon, lat, accuracy, at };
        mocked ||= isMadeUp(before, fix);
        before = fix;
        found.value = { lon, lat, accuracy, ...(mocked ? { mocked } : {}) };
      },
      () => {},
      { enableHighAccuracy: true, maximumAge: 10_000, timeout: 30_000 },
    );
    return () => geolocation.clearWatch(id);
  };
  return { found, follow };
}
