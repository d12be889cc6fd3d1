/** Beyond this a screen has room to enlarge; on the full one everything is twice as large. */
const [least, full] = [
  { width: 2560, height: 1440 },
  { width: 3840, height: 2160 },
];

/**
 * How much larger than on a desk of 1920 × 1080 the page is drawn in a window of so many CSS
 * pixels, in quarters from 1 to 2. A screen of 3840 × 2160 that is seen from afar shows the same
 * page doubled; one that is near says so by its device pixels, and has fewer CSS pixels then.
 */
export function screenScale(width: number, height: number): number {
  const share = Math.min(
    (width - least.width) / (full.width - least.width),
    (height - least.height) / (full.height - least.height),
  );
  return 1 + Math.floor(4 * Math.max(0, Math.min(1, share))) / 4;
}
