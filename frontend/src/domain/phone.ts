/** The leader's page on a phone: what of the wall stands where (screens.md 2). */
import type { Campaign, FigureMetric } from "./types";

/** The page is drawn for a phone of this width. */
const drawnFor = 390;

/** How much the phone's page is enlarged: by the width, so far that its smallest words stay words. */
export function phoneScale(width: number): number {
  return Math.min(1.25, Math.max(0.9, width / drawnFor));
}

/** The headline figures: land in the full width, then pairs, what is counted with floor area (the parks) last. */
export function phoneCards(
  metrics: readonly FigureMetric[],
  kinds: Campaign["metrics"] = [],
): { wide: FigureMetric[]; pairs: FigureMetric[] } {
  const trackOf = (code: string) => kinds.find((kind) => kind.code === code)?.counts?.track;
  const floor = metrics.find(({ measure }) => measure === "floor");
  const ofParks = ({ code }: FigureMetric) =>
    floor !== undefined && trackOf(code) === trackOf(floor.code);
  const rest = metrics.filter(({ measure }) => measure !== "land");
  return {
    wide: metrics.filter(({ measure }) => measure === "land"),
    pairs: [...rest.filter((each) => !ofParks(each)), ...rest.filter(ofParks)],
  };
}
