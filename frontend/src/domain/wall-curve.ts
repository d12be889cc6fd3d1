/** The burn-up of the wall as lines of a picture of so many px: pure, so that the picture can be reckoned without a page. */
import { addDays } from "./days";
import { daysBetween } from "./format";
import type { BurnUp } from "./types";

/** A point of the picture, px from its upper left corner. */
export type CurvePoint = readonly [x: number, y: number];

/** The lines of the picture; what there is nothing for is empty or undefined. */
export interface Curve {
  readonly done: readonly CurvePoint[];
  readonly part: readonly CurvePoint[];
  readonly baseline: readonly CurvePoint[];
  /** Height of the task. */
  readonly taskAt: number | undefined;
  /** From now to the year's end: expected, and the wedge of the interval. */
  readonly forecast: readonly CurvePoint[];
  readonly wedge: readonly CurvePoint[];
  /** Where months are named. */
  readonly months: readonly { readonly month: number; readonly x: number }[];
}

/** Size of the picture, px. */
export interface CurveBox {
  readonly width: number;
  readonly height: number;
}

/** A line needs no more points than it has pixels; the last is always there. */
const everyDays = 3;

/** Lays the lines of a year into a box; what is higher than the task makes the scale. */
export function curveOf(
  curve: BurnUp,
  part: BurnUp | undefined,
  year: number,
  { width, height }: CurveBox,
): Curve {
  const [first, end] = [`${year}-01-01`, `${year}-12-31`];
  const { task = 0, forecast } = curve;
  const now = curve.done[curve.done.length - 1] ?? 0;
  const most = Math.max(task, now, forecast.at_end ?? 0, 1) * 1.02;
  const x = (day: string) => (width * daysBetween(first, day)) / daysBetween(first, end);
  const y = (value: number) => height * (1 - Math.min(value, most) / most);
  const line = (from: string, values: readonly number[]) =>
    thinned(values).map(([i, value]): CurvePoint => [x(addDays(from, i)), y(value)]);
  const here: CurvePoint = [x(curve.day), y(now)];
  const { at_end, low, high } = forecast;
  return {
    done: line(curve.from, curve.done),
    part: part ? line(part.from, part.done) : [],
    baseline: line(
      curve.from,
      curve.baseline.map((percent) => (percent * task) / 100),
    ),
    taskAt: task ? y(task) : undefined,
    forecast: at_end === undefined || curve.day >= end ? [] : [here, [x(end), y(at_end)]],
    wedge:
      low === undefined || high === undefined || curve.day >= end
        ? []
        : [here, [x(end), y(high)], [x(end), y(low)]],
    months: [1, 4, 7, 10, 12].map((month) => ({
      month,
      x: x(`${year}-${String(month).padStart(2, "0")}-01`),
    })),
  };
}

/** Every third value and the last, with their places. */
function thinned(values: readonly number[]): [number, number][] {
  return values.flatMap((value, i): [number, number][] =>
    i % everyDays === 0 || i === values.length - 1 ? [[i, value]] : [],
  );
}

/** Points as the `points` of a polyline. */
export function pointsText(points: readonly CurvePoint[]): string {
  return points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
}

/**
 * A sentence in lines of so many characters: it breaks before a bracket or after a comma, never
 * inside a date. What fits into one line stays one.
 */
export function sentenceLines(sentence: string, most: number): string[] {
  if (lengthOf(sentence) <= most) return [sentence];
  const breaks = [...sentence.matchAll(/(?=（)|(?<=，)/g)].map(({ index }) => index);
  const at = breaks.filter((each) => each > 0 && lengthOf(sentence.slice(0, each)) <= most).pop();
  return at === undefined ? [sentence] : [sentence.slice(0, at), sentence.slice(at)];
}

/** Widths of Chinese characters; digits are about half as wide, and so is punctuation set with `halt`. */
function lengthOf(text: string): number {
  let length = 0;
  for (const each of text) length += each < "\u2e80" || "，。（）：；、".includes(each) ? 0.56 : 1;
  return length;
}
