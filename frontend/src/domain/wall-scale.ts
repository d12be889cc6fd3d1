/** The picture of the wall is drawn for so many pixels; every length is one of it. */
const [width, height] = [1920, 1080];

/**
 * How much larger than at 1920 × 1080 the wall is drawn: as much as both sides allow. What a window
 * has over in width is the map's; what it has over in height, too.
 */
export function wallScale(windowWidth: number, windowHeight: number): number {
  return Math.min(windowWidth / width, windowHeight / height);
}
