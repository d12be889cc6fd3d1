import type { LineSeriesOption } from "echarts/charts";
import { LineChart } from "echarts/charts";
import type { GridComponentOption, TooltipComponentOption } from "echarts/components";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { BurnUp } from "../domain/types";

use([LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

type Option = ComposeOption<LineSeriesOption | GridComponentOption | TooltipComponentOption>;
type Point = [day: string, value: number];

/** What is drawn, with the words for it. */
export interface BurnUpPicture {
  readonly curve: BurnUp;
  /** A second metric of the same work, thinner. */
  readonly part: BurnUp | undefined;
  readonly year: number;
  readonly words: {
    readonly done: string;
    readonly part: string;
    readonly baseline: string;
    readonly forecast: string;
    readonly interval: string;
    readonly task: string;
    readonly month: (n: number) => string;
    readonly value: (n: number) => string;
  };
}

/** The chart of one element: shown again and again, disposed once. */
export interface BurnUpChart {
  show(picture: BurnUpPicture): void;
  dispose(): void;
}

/**
 * Makes the chart; it follows the size of its element and takes its colours from the page's
 * tokens. `scale`: the element is enlarged so much, and the lines are to be as sharp.
 */
export function createBurnUpChart(element: HTMLElement, scale: number): BurnUpChart {
  const chart = init(element, undefined, { devicePixelRatio: window.devicePixelRatio * scale });
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(element);
  return {
    // Replaced whole: a curve of another unit has other series.
    show: (picture) => chart.setOption(optionOf(picture, coloursOf(element)), { notMerge: true }),
    dispose() {
      observer.disconnect();
      chart.dispose();
    },
  };
}

type Colours = ReturnType<typeof coloursOf>;

function coloursOf(element: HTMLElement) {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: token("--text"),
    muted: token("--muted"),
    line: token("--line"),
    panel: token("--panel"),
    done: token("--bar"),
    font: style.fontFamily,
  };
}

function optionOf(picture: BurnUpPicture, colours: Colours): Option {
  const { year, words } = picture;
  const label = { color: colours.muted, fontSize: 12, fontFamily: colours.font };
  return {
    animation: false,
    useUTC: true,
    textStyle: { fontFamily: colours.font },
    grid: { left: 8, right: 16, top: 24, bottom: 4, outerBoundsMode: "same" },
    tooltip: {
      trigger: "axis",
      backgroundColor: colours.panel,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      valueFormatter: (value) => (typeof value === "number" ? words.value(value) : "—"),
    },
    xAxis: {
      type: "time",
      min: `${year}-01-01`,
      max: `${year}-12-31`,
      axisLabel: {
        ...label,
        // No other language than this: one a quarter, and the last month.
        customValues: [1, 4, 7, 10, 12].map((month) => Date.parse(`${year}-${pad(month)}-01`)),
        formatter: (value: number) => words.month(new Date(value).getUTCMonth() + 1),
      },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      axisLabel: label,
      splitNumber: 4,
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: seriesOf(picture, colours),
  };
}

function seriesOf(picture: BurnUpPicture, colours: Colours): LineSeriesOption[] {
  const { curve, part, year, words } = picture;
  const task = curve.task ?? 0;
  const done = pointsOf(curve);
  const schedule = curve.baseline.map((each): Point["1"] => (each * task) / 100);
  const line = { type: "line" as const, symbol: "none" as const };
  const series: LineSeriesOption[] = [
    {
      ...{ ...line, name: words.baseline, data: datedFrom(curve.from, schedule) },
      lineStyle: { color: colours.muted, width: 2, type: [7, 5] },
    },
    {
      ...{ ...line, name: words.done, data: done, z: 4 },
      lineStyle: { color: colours.done, width: 3 },
      itemStyle: { color: colours.done },
      areaStyle: { color: colours.done, opacity: 0.08 },
      endLabel: endLabel(`${words.done} ${words.value(last(done))}`, colours.text, true, "left"),
    },
  ];
  if (part) {
    const points = pointsOf(part);
    series.push({
      ...{ ...line, name: words.part, data: points, z: 3 },
      lineStyle: { color: colours.done, width: 1.5 },
      endLabel: endLabel(
        `${words.part} ${words.value(last(points))}`,
        colours.muted,
        false,
        "right",
      ),
    });
  }
  return [
    ...series,
    ...taskLine(task, year, words.task, colours),
    ...lineNames(picture, colours),
    ...forecastOf(curve, year, words, colours),
  ];
}

function endLabel(
  text: string,
  color: string,
  bold: boolean,
  side: "left" | "right",
): LineSeriesOption["endLabel"] {
  const place =
    side === "left" ? { align: "right" as const, offset: [-14, -12] } : { offset: [-4, 14] };
  return {
    ...{ show: true, formatter: text, color, fontSize: 13, ...place },
    fontWeight: bold ? "bold" : "normal",
  };
}

/** The task as a dotted line. */
function taskLine(
  task: number,
  year: number,
  name: string,
  { muted }: Colours,
): LineSeriesOption[] {
  if (!task) return [];
  const ends: Point[] = [
    [`${year}-01-01`, task],
    [`${year}-12-31`, task],
  ];
  return [
    {
      ...{ type: "line", name, data: ends, symbol: "none", tooltip: { show: false } },
      lineStyle: { color: muted, width: 1, type: [2, 4] },
    },
  ];
}

/** Names that stand at their lines: the task's at its beginning, the schedule's in spring. */
function lineNames({ curve, year, words }: BurnUpPicture, { muted }: Colours): LineSeriesOption[] {
  const task = curve.task ?? 0;
  const spring = datedFrom(curve.from, curve.baseline)[springDay];
  const named = (at: Point, text: string, position: "right" | "left") => ({
    value: at,
    label: { ...{ show: true, position, formatter: text }, offset: [0, -10] },
  });
  const data = [
    ...(task ? [named([`${year}-01-01`, task], words.task, "right")] : []),
    ...(spring ? [named([spring[0], (spring[1] * task) / 100], words.baseline, "left")] : []),
  ];
  return [
    {
      ...{
        type: "line",
        data,
        symbol: "circle",
        symbolSize: 1,
        silent: true,
        tooltip: { show: false },
      },
      lineStyle: { opacity: 0 },
      itemStyle: { color: "transparent" },
      label: { color: muted, fontSize: 12 },
    },
  ];
}

/** Day of the year at which the schedule is named. */
const springDay = 120;

/** From now to the year's end: the line expected, and the wedge it lies in with 8 of 10. */
function forecastOf(
  { day, done, forecast: { at_end, low, high } }: BurnUp,
  year: number,
  words: BurnUpPicture["words"],
  colours: Colours,
): LineSeriesOption[] {
  const now = done[done.length - 1];
  if (now === undefined || at_end === undefined || low === undefined || high === undefined)
    return [];
  const end = `${year}-12-31`;
  const line = { type: "line" as const, symbol: "none" as const, tooltip: { show: false } };
  const wedge = { stack: "wedge", stackStrategy: "all" as const, lineStyle: { opacity: 0 } };
  return [
    {
      ...line,
      ...wedge,
      name: words.interval,
      data: [
        [day, now],
        [end, low],
      ],
    },
    {
      ...{
        ...line,
        ...wedge,
        name: words.interval,
        data: [
          [day, 0],
          [end, high - low],
        ],
      },
      areaStyle: { color: colours.done, opacity: 0.18 },
    },
    {
      ...{
        ...line,
        name: words.forecast,
        data: [
          [day, now],
          [end, at_end],
        ],
      },
      lineStyle: { color: colours.done, width: 2, type: [5, 4] },
    },
  ];
}

function pad(month: number): string {
  return String(month).padStart(2, "0");
}

function pointsOf({ from, done }: BurnUp): Point[] {
  return datedFrom(from, done);
}

/** A value a day from the civil day `from` on. */
function datedFrom(from: string, values: readonly number[]): Point[] {
  const start = Date.parse(`${from}T00:00:00Z`);
  return values.map((value, i) => [
    new Date(start + i * 86_400_000).toISOString().slice(0, 10),
    value,
  ]);
}

function last(points: readonly Point[]): number {
  return points[points.length - 1]?.[1] ?? 0;
}
