import { isDay } from "../domain/days";

/** Where the map stands: the middle in degrees, and the zoom. */
export interface View {
  readonly lon: number;
  readonly lat: number;
  readonly zoom: number;
}

/** What an address says after its #: enough to see the same picture. What is absent is as the page opens. */
export interface Link {
  /** Code of the page; absent where an address is older than the pages. */
  readonly page?: string | undefined;
  readonly view?: View | undefined;
  /** The earlier day that is shown; absent: now. */
  readonly day?: string | undefined;
  /** The day it is compared with. */
  readonly from?: string | undefined;
  /** Code of the open case; of the open parcel where it has none. */
  readonly case?: string | undefined;
  readonly parcel?: string | undefined;
  /** Undefined: the campaign's first track; empty: all. */
  readonly track?: string | undefined;
  readonly stages?: readonly number[] | undefined;
  readonly lamps?: readonly string[] | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly unit?: string | undefined;
  readonly late?: boolean | undefined;
  readonly ahead?: boolean | undefined;
  readonly within?: number | undefined;
  readonly village?: string | undefined;
  readonly side?: string | undefined;
  readonly sort?: string | undefined;
  readonly search?: string | undefined;
  readonly theme?: string | undefined;
  /** Layers that differ from the usual ones, as domain/map-layers writes them. */
  readonly layers?: string | undefined;
  readonly base?: string | undefined;
  /** The list that a figure opened. */
  readonly list?: string | undefined;
  /** The rule whose findings are listed, "all" for every one. */
  readonly check?: string | undefined;
  /** The bulletin that is read, by its id; 0 for the newest. */
  readonly issue?: number | undefined;
}

const everyTrack = "all";

/** The part of an address after its #. */
export function formatLink(link: Link): string {
  const { view, stages } = link;
  const pairs: [string, string | undefined][] = [
    ["page", link.page],
    ["view", view && `${view.lon.toFixed(6)},${view.lat.toFixed(6)},${trimmed(view.zoom)}`],
    ["day", link.day],
    ["from", link.from],
    ["case", link.case],
    ["parcel", link.case ? undefined : link.parcel],
    ["track", link.track === "" ? everyTrack : link.track],
    ["stage", stages?.length ? [...stages].sort((a, b) => a - b).join(",") : undefined],
    ["lamp", listed(link.lamps)],
    ["class", listed(link.classes)],
    ["unit", link.unit],
    ["late", link.late ? "1" : undefined],
    ["ahead", link.ahead ? "1" : undefined],
    ["within", link.within === undefined ? undefined : String(link.within)],
    ["village", link.village],
    ["side", link.side],
    ["sort", link.sort],
    ["q", link.search],
    ["theme", link.theme],
    ["layers", link.layers],
    ["base", link.base],
    ["list", link.list],
    ["check", link.check],
    ["issue", link.issue === undefined ? undefined : String(link.issue)],
  ];
  return pairs
    .flatMap(([key, value]) =>
      value ? [`${key}=${encodeURIComponent(value).replace(/%2C/g, ",")}`] : [],
    )
    .join("&");
}

/** Reads what `formatLink` writes; what cannot be read is left out, so that an old or broken link still opens. */
export function parseLink(hash: string): Link {
  const pairs = new URLSearchParams(hash.replace(/^#/, "").replace(/\+/g, "%2B"));
  const text = (key: string) => pairs.get(key) || undefined;
  const track = text("track");
  return {
    page: text("page"),
    view: viewOf(text("view")),
    day: dayIn(text("day")),
    from: dayIn(text("from")),
    case: text("case"),
    parcel: text("parcel"),
    track: track === everyTrack ? "" : track,
    stages: stagesOf(text("stage")),
    lamps: text("lamp")?.split(","),
    classes: text("class")?.split(","),
    unit: text("unit"),
    late: text("late") === "1" || undefined,
    ahead: text("ahead") === "1" || undefined,
    within: daysOf(text("within")),
    village: text("village"),
    side: text("side"),
    sort: text("sort"),
    search: text("q"),
    theme: text("theme"),
    layers: text("layers"),
    base: text("base"),
    list: text("list"),
    check: text("check"),
    issue: idIn(text("issue")),
  };
}

function listed(values: readonly string[] | undefined): string | undefined {
  return values?.length ? [...values].sort().join(",") : undefined;
}

function viewOf(text: string | undefined): View | undefined {
  const [lon, lat, zoom, more] = (text ?? "").split(",").map((part) => (part ? Number(part) : NaN));
  if (lon === undefined || lat === undefined || zoom === undefined || more !== undefined)
    return undefined;
  const fine = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 24;
  return fine ? { lon, lat, zoom } : undefined;
}

function dayIn(text: string | undefined): string | undefined {
  return text && isDay(text) ? text : undefined;
}

function daysOf(text: string | undefined): number | undefined {
  return text && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

function idIn(text: string | undefined): number | undefined {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function stagesOf(text: string | undefined): number[] | undefined {
  const slots = (text ?? "").split(",").filter((part) => /^\d$/.test(part));
  return slots.length > 0 ? [...new Set(slots.map(Number))].sort((a, b) => a - b) : undefined;
}

function trimmed(zoom: number): string {
  return String(Math.round(zoom * 100) / 100);
}
