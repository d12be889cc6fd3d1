/** How the figures stand in tables and cards. */
import { formatCount, formatHundredths, formatTwo } from "./format";
import type {
  Campaign,
  FigureMetric,
  FigureRow,
  FigureStep,
  MetricKind,
  Sheet,
  Text,
} from "./types";

/** Late from so many on is told in the alert colour. */
export const manyLate = 6;

/** What the table of a sheet shows, beside what every table has. */
export interface ProgressColumns {
  /** The metric of the first group and of the light: 整治完成. */
  readonly lead: FigureMetric | undefined;
  /** A second number of the same firms: 其中企业. */
  readonly part: FigureMetric | undefined;
  /** The funnel from the start of the work on. */
  readonly steps: readonly FigureStep[];
  /** The step at which the lead metric counts. */
  readonly counted: string | undefined;
  /** Metrics that are areas, a group of columns each. */
  readonly areas: readonly FigureMetric[];
}

/** The columns that a sheet of one track has something for. */
export function columnsOf(campaign: Campaign, track: string, { total }: Sheet): ProgressColumns {
  const milestones = campaign.tracks.find((each) => each.code === track)?.milestones ?? [];
  const begins = campaign.groups[0]?.code;
  const early = new Set(
    campaign.slots.flatMap(({ slot, group }) => (group === begins ? [slot] : [])),
  );
  const slotOf = (code: string) => milestones.find((each) => each.code === code)?.slot ?? 0;
  const counts = total.metrics.filter(({ measure }) => measure === "count");
  return {
    lead: counts[0],
    part: counts[1],
    steps: total.steps.filter(({ code }) => !early.has(slotOf(code))),
    counted: campaign.metrics?.find(({ code }) => code === counts[0]?.code)?.counts?.milestone,
    areas: total.metrics.filter(({ measure }) => measure !== "count"),
  };
}

/** The metric that tells more of the same work: of recovered land the effective part. */
export function companionOf(
  campaign: Campaign | undefined,
  code: string | undefined,
): MetricKind | undefined {
  const all = campaign?.metrics ?? [];
  const at = all.findIndex((each) => each.code === code);
  const [own, next] = [all[at]?.counts, all[at + 1]?.counts];
  if (!own || !next || own.track !== next.track || own.milestone !== next.milestone)
    return undefined;
  return (own.of === "cases") === (next.of === "cases") ? all[at + 1] : undefined;
}

/** The metric of a row. */
export function metricIn(row: FigureRow, code: string | undefined): FigureMetric | undefined {
  return row.metrics.find((each) => each.code === code);
}

/** 297, 1,464.53 */
export function formatDone({ done, measure }: Pick<FigureMetric, "done" | "measure">): string {
  return measure === "count" ? formatCount(done) : formatTwo(done);
}

/** What is new in the period, of the metric's measure. */
export function formatAdded({ added, measure }: FigureMetric): string {
  if (measure === "count") return added < 0 ? `−${formatCount(-added)}` : formatCount(added);
  return formatHundredths(Math.round(added * 100)).replace("-", "−");
}

/** 2,000; 7.50 where it is no whole number; — without a task. */
export function formatTask(task: number | undefined): string {
  if (!task) return "—";
  return Number.isInteger(task) ? formatCount(task) : formatTwo(task);
}

/** 73.2%; — without a task. */
export function formatPercent(rate: number | undefined): string {
  return rate === undefined ? "—" : `${rate.toFixed(1)}%`;
}

/** −1.8, +0.5, 0.0: percentage points, always signed. */
export function formatGap(gap: number | undefined): string {
  if (gap === undefined) return "—";
  const sign = gap < 0 ? "−" : gap > 0 ? "+" : "";
  return sign + Math.abs(gap).toFixed(1);
}

/** ↑1, ↓1, — */
export function formatMove(up: number | undefined): string {
  if (!up) return "—";
  return up > 0 ? `↑${up}` : `↓${-up}`;
}

/** A metric's name where it stands alone: 有效面积, not 其中有效面积. */
export function plainName({ zh, en }: Text): Text {
  return { zh: zh.replace(/^其中/, ""), en: en.replace(/^of which /, "") };
}
