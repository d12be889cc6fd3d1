import { expect, test } from "vitest";
import { screenScale } from "./screen-scale";

test.each([
  [390, 844, 1],
  [1366, 768, 1],
  [1920, 1080, 1],
  [2560, 1440, 1],
  [3840, 2160, 2],
  [7680, 4320, 2],
])("a window of %i × %i is drawn at %d", (width, height, scale) => {
  expect(screenScale(width, height)).toBe(scale);
});

test("two screens side by side are one broad desk, not a large one", () => {
  expect(screenScale(3840, 1080)).toBe(1);
});

test("the bars of a browser take a quarter, not the whole of it", () => {
  expect(screenScale(3840, 2020)).toBe(1.75);
});
