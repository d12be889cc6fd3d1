import { allTracks } from "./tracks";
import type { Campaign, CaseSummary, MetricKind, Sums, Text } from "./types";
import { bothWords, words } from "./words";

/**
 * A list that a figure opens, as it stands in the address: the parameters of /cases that the
 * figure names, or those of /figures/moves (`from` …) for what is new since a day.
 */
export type ListCode = string;

/** Which area of its cases a list adds up. */
export type ListArea = "land" | "recovered" | "effective" | "floor";

/** The parameters of a list. */
export function listParams(code: ListCode): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(code));
}

/** The list of what a metric gained or lost since the end of the day `from`. */
export function movesList(from: string, metric: string, unit?: string): ListCode {
  const params = new URLSearchParams({ from, metric });
  if (unit) params.set("unit", unit);
  return params.toString();
}

/** Whether it lists what moved; else it is a filter of /cases. */
export function isMoves(code: ListCode): boolean {
  return listParams(code).from !== undefined;
}

function metricOf(campaign: Campaign | undefined, code: ListCode): MetricKind | undefined {
  const { metric } = listParams(code);
  return campaign?.metrics?.find((each) => each.code === metric);
}

/** The track whose cases are listed; every one where the list does not say. */
export function listTrack(campaign: Campaign | undefined, code: ListCode): string {
  return listParams(code).track ?? metricOf(campaign, code)?.counts?.track ?? allTracks;
}

/**
 * The area that stands beside the number of cases: what the metric counts. Firms that are done
 * are told with the land they gave back; where none did, and everywhere else, it is their land.
 */
export function listArea(campaign: Campaign | undefined, code: ListCode, sums: Sums): ListArea {
  const of = metricOf(campaign, code)?.counts?.of;
  if (of === "cases") return sums.recovered > 0 ? "recovered" : "land";
  return of ?? "land";
}

/** 已签约·王江泾镇 */
export function listTitle(
  campaign: Campaign,
  code: ListCode,
  village: CaseSummary["village"],
): Text {
  const { unit, village: villageCode, from } = listParams(code);
  const place = campaign.units.find((each) => each.code === unit)?.name;
  const parts = [
    from ? bothWords("lists.new", { from }) : undefined,
    ...whatIsListed(campaign, code),
    place,
    villageCode ? (village?.name ?? { zh: villageCode, en: villageCode }) : undefined,
  ].filter((part) => part !== undefined);
  return {
    zh: parts.map(({ zh }) => zh).join("·"),
    get en() {
      return parts.map(({ en }) => en).join(" · ");
    },
  };
}

/** What the cases of the list have in common, beside their place. */
function whatIsListed(campaign: Campaign, code: ListCode): Text[] {
  const params = listParams(code);
  const milestones = campaign.tracks.find((each) => each.code === params.track)?.milestones;
  const milestone = (wanted: string | undefined) =>
    (milestones ?? campaign.tracks.flatMap((each) => each.milestones)).find(
      (each) => each.code === wanted,
    );
  const skipped = milestone(params.skipped)?.name;
  const next = milestone(params.next)?.name;
  const found: (Text | undefined)[] = [
    metricOf(campaign, code)?.name,
    milestone(params.reached ?? params.done)?.state,
    skipped && wordsWith("lists.skipped", skipped),
    next && wordsWith("lists.next", next),
    campaign.sides?.find((each) => each.code === params.side)?.name,
    params.rebounds ? bothWords("progress.rebounds") : undefined,
    lateOf(params),
    ...requestedOf(campaign, params),
    findingOf(campaign, params.finding),
    params.operators_of ? bothWords("lists.of_listed") : undefined,
    ...stagesOf(campaign, params.stage),
  ];
  const named = found.filter((part) => part !== undefined);
  return named.length > 0 ? named : [bothWords("lists.listed")];
}

/** 逾期, 逾期30天以上 */
function lateOf({ late, late_days }: Record<string, string>): Text | undefined {
  if (late_days) return bothWords("lists.late_days", { n: Number(late_days) - 1 });
  return late ? bothWords("legend.late") : undefined;
}

/** 申请暂缓 待审核 */
function requestedOf(campaign: Campaign, { requested }: Record<string, string>): Text[] {
  if (!requested) return [];
  const side = campaign.sides?.find(({ code }) => code === requested);
  return [...(side ? [side.button_in] : []), bothWords("lists.requested")];
}

/** 重叠; 数据问题 where every kind is listed. */
function findingOf({ words }: Campaign, finding: string | undefined): Text | undefined {
  if (!finding) return undefined;
  const found = words.findings.find(({ code }) => code === finding);
  return found?.name ?? bothWords("lists.finding");
}

function wordsWith(key: "lists.skipped" | "lists.next", name: Text): Text {
  return {
    zh: words("zh", key, { name: name.zh }),
    get en() {
      return words("en", key, { name: name.en });
    },
  };
}

function stagesOf(campaign: Campaign, stage: string | undefined): Text[] {
  const slots = (stage ?? "").split(",").map(Number);
  return campaign.slots.filter(({ slot }) => slots.includes(slot)).map(({ name }) => name);
}
