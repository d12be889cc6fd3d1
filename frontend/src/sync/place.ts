import { type Ref, shallowRef } from "vue";

/** Where the phone says it is. */
export interface PlaceFound {
  readonly lon: number;
  readonly lat: number;
  /** Metres. */
  readonly accuracy: number;
}

/** Farther from the parcel, or less certain, a reason is asked for; metres. */
export const farMetres = 50;
export const vagueMetres = 30;

/** Follows where the phone is while somebody wants to know. */
export interface Place {
  readonly found: Readonly<Ref<PlaceFound | undefined>>;
  /** Asks the phone; the answer ends the asking. */
  follow(): () => void;
}

export function createPlace(geolocation: Geolocation | undefined): Place {
  const found = shallowRef<PlaceFound>();
  const follow = (): (() => void) => {
    if (!geolocation) return () => {};
    const id = geolocation.watchPosition(
      ({ coords: { longitude: lon, latitude: lat, accuracy } }) => {
        found.value = { lon, lat, accuracy };
      },
      () => {},
      { enableHighAccuracy: true, maximumAge: 10_000, timeout: 30_000 },
    );
    return () => geolocation.clearWatch(id);
  };
  return { found, follow };
}
