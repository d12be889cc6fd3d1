import { describe, expect, it } from "vitest";
import { createPlace, isMadeUp } from "./place";

const here = { lon: 120.7, lat: 30.7, accuracy: 10, at: 0 };

describe("a position is held for made up", () => {
  it.each([
    ["at a walk", here, { ...here, lon: 120.7001, at: 10_000 }, false],
    ["by car", here, { ...here, lon: 120.71, at: 60_000 }, false],
    ["a kilometre in a second", here, { ...here, lon: 120.71, at: 1000 }, true],
    [
      "a mast found before the satellites",
      { ...here, accuracy: 3000 },
      { ...here, lon: 120.72, at: 1000 },
      false,
    ],
    ["certain to the millimetre", undefined, { ...here, accuracy: 0 }, true],
    ["the first one", undefined, here, false],
  ])("%s", (_, before, now, madeUp) => {
    expect(isMadeUp(before, now)).toBe(madeUp);
  });

  it("and those after it as well, as long as the page stands", () => {
    let tell: PositionCallback = () => {};
    const geolocation = {
      watchPosition: (told: PositionCallback) => {
        tell = told;
        return 1;
      },
      clearWatch: () => {},
    } as unknown as Geolocation;
    const place = createPlace(geolocation);
    place.follow();
    const say = (longitude: number, timestamp: number) =>
      tell({
        timestamp,
        coords: { longitude, latitude: 30.7, accuracy: 10 },
      } as GeolocationPosition);
    say(120.7, 0);
    expect(place.found.value?.mocked).toBeUndefined();
    say(121.7, 1000);
    say(121.7, 60_000);
    expect(place.found.value?.mocked).toBe(true);
  });
});
