import { computed, type Ref, watch } from "vue";
import type { Api, CaseQuery, MovesQuery } from "../api/client";
import {
  isMoves,
  type ListArea,
  type ListCode,
  listArea,
  listParams,
  listTitle,
  listTrack,
} from "../domain/lists";
import { allTracks } from "../domain/tracks";
import type { Campaign, CasePage, MetricKind, Moves, Person, Sums, Text } from "../domain/types";
import { words } from "../domain/words";
import { muHundredths } from "../geo/mu";
import type { CaseStore } from "./cases";
import type { Chip } from "./chips";
import type { Figure } from "./figures";
import type { Filter } from "./filter";
import { followReading, type Reading } from "./reading";

/** What the server says a list holds. */
export interface ListAnswer {
  readonly ids: ReadonlySet<number>;
  /** Whose cases they are; every track's where they are of several. */
  readonly track: string;
  readonly count: number;
  readonly sums: Sums;
}

/** The list that a figure opened. */
export interface Lists {
  /** 已签约·王江泾镇; undefined where none is open. */
  title: Readonly<Ref<Text | undefined>>;
  /** 来自：已签约·王江泾镇, with the way out. */
  chips: Readonly<Ref<readonly Chip[]>>;
  reading: Reading<ListAnswer>;
  /** The figure of the whole list, as the server has it. */
  figure: Readonly<Ref<Figure | undefined>>;
  /** The area of its cases that it is about. */
  area: Readonly<Ref<ListArea>>;
}

interface Around {
  campaign: Readonly<Ref<Campaign | undefined>>;
  cases: CaseStore;
  revision: Readonly<Ref<number>>;
  /** Some lists are of what a person may do. */
  person: Readonly<Ref<Person | undefined>>;
}

/** Asks the server which cases are on the filter's list, and keeps that true while they change. */
export function createLists(
  api: Pick<Api, "cases" | "moves">,
  { list, clear }: Filter,
  { campaign, cases, revision, person }: Around,
): Lists {
  const code = computed(() => list.value?.code);
  const reading = followReading(
    // What a metric counts is said by the campaign.
    () =>
      campaign.value && code.value !== undefined
        ? { list: code.value, person: person.value?.id }
        : undefined,
    (asked, minRevision) => readList(api, asked.list, campaign.value?.metrics ?? [], minRevision),
    revision,
  );

  watch(reading.value, (answer) => {
    if (!list.value || same(list.value.ids, answer?.ids)) return;
    const said = listTrack(campaign.value, list.value.code);
    // The parameters may not say whose cases they are; those that came do.
    list.value = { ...list.value, ids: answer?.ids, track: said || (answer?.track ?? said) };
  });

  const title = computed(() => {
    void cases.edition.value;
    const [asked, all] = [code.value, campaign.value];
    return asked !== undefined && all
      ? listTitle(all, asked, villageOf(cases, listParams(asked).village))
      : undefined;
  });
  const area = computed(() => {
    const [answer, asked] = [reading.value.value, code.value];
    return answer && asked !== undefined ? listArea(campaign.value, asked, answer.sums) : "land";
  });
  const figure = computed(() => {
    const answer = reading.value.value;
    return answer && figureOf(area.value, answer.count, answer.sums);
  });
  const chips = computed(() => (title.value ? [chipOf(title.value, clear)] : []));
  return { title, chips, reading, figure, area };
}

function chipOf(title: Text, clear: () => void): Chip {
  const text = {
    zh: words("zh", "lists.from", { title: title.zh }),
    get en() {
      return words("en", "lists.from", { title: title.en });
    },
  };
  return { code: "list", text, clear };
}

/** Number and area of the list: 共 297 家，1,464.53 亩. */
export function figureOf(area: ListArea, count: number, sums: Pick<Sums, ListArea>): Figure {
  if (area === "floor") return { count, mu: Math.round(sums.floor / 1e6), floor: true };
  return { count, mu: muHundredths(sums[area]) };
}

/** The parameters of a list of /cases. */
export function caseQuery(code: ListCode): CaseQuery {
  const { stage, ...params } = listParams(code);
  const query = Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, value === "true" ? true : value]),
  );
  return stage ? { ...query, stage: stage.split(",").map(Number) } : query;
}

async function readList(
  api: Pick<Api, "cases" | "moves">,
  code: ListCode,
  metrics: readonly MetricKind[],
  min_revision: number | undefined,
): Promise<ListAnswer> {
  if (isMoves(code)) {
    const query = { ...listParams(code), min_revision } as MovesQuery;
    return movedCases(await api.moves(query), metrics, query.metric);
  }
  const [ids, tracks] = [new Set<number>(), new Set<string>()];
  let page: CasePage | undefined;
  do {
    page = await api.cases({
      ...caseQuery(code),
      limit: 1000,
      after: page?.next_after,
      min_revision,
    });
    for (const { id, track } of page.items) {
      ids.add(id);
      tracks.add(track);
    }
  } while (page.next_after);
  const [track = allTracks] = tracks.size === 1 ? tracks : [];
  return { ids, track, count: page.total, sums: page.sums };
}

/** The number is what the metric gained, where it counts firms; the areas are what they gained with it. */
function movedCases(
  { cases }: Moves,
  metrics: readonly MetricKind[],
  wanted: string | undefined,
): ListAnswer {
  const own = metrics.find(({ code }) => code === wanted)?.counts;
  const gained = (metric: string | undefined) =>
    cases
      .flatMap((each) => each.metrics)
      .reduce((sum, delta) => sum + (delta.metric === metric ? delta.exact : 0), 0);
  const sums = { cases: cases.length, land: 0, recovered: 0, effective: 0, floor: 0 };
  for (const { code, counts } of metrics) {
    if (counts && counts.of !== "cases" && counts.track === own?.track) {
      sums[counts.of] = gained(code);
    }
  }
  const count = own?.of === "cases" ? gained(wanted) : cases.length;
  const ids = new Set(cases.map(({ id }) => id));
  return { ids, track: own?.track ?? allTracks, count, sums };
}

/** The same cases need not be painted again. */
function same(a: ReadonlySet<number> | undefined, b: ReadonlySet<number> | undefined): boolean {
  return a !== undefined && a.size === b?.size && [...a].every((id) => b.has(id));
}

function villageOf(cases: CaseStore, code: string | undefined) {
  if (code === undefined) return undefined;
  for (const each of cases.all()) if (each.village?.code === code) return each.village;
  return undefined;
}
