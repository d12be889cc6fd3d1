import { computed, type Ref, shallowRef, watch } from "vue";
import type { Api, CaseQuery } from "../api/client";
import { isMoves, type ListArea } from "../domain/lists";
import type { Campaign, CaseSummary } from "../domain/types";
import { sumM2 } from "../geo/mu";
import type { CaseStore } from "./cases";
import type { Figure } from "./figures";
import type { Filter } from "./filter";
import { caseRows, freeRows, LedgerRows, ordersOf } from "./ledger-rows";
import { caseQuery, figureOf, type Lists } from "./lists";
import type { ParcelStore } from "./parcels";
import type { Wall } from "./wall";

/** The total above the ledger. */
export interface Totals {
  /** The lines of the ledger. */
  rows: Readonly<Ref<LedgerRows>>;
  /** 共 n 家，m 亩 of the filter. */
  cases: Readonly<Ref<Figure>>;
  /** Parcels without a case among the lines. */
  unlisted: Readonly<Ref<number>>;
}

/**
 * Follows filter and data. The figure is counted here at once and then replaced by the
 * server's own, whose sum is not made of rounded areas.
 */
export function createTotals(
  api: Pick<Api, "cases">,
  stores: {
    cases: CaseStore;
    parcels: ParcelStore;
    filter: Filter;
    lists: Lists;
    /** The day that is shown: today, or an earlier one. */
    today: Readonly<Ref<string>>;
    /** The earlier day, undefined while it is now. */
    day?: Readonly<Ref<string | undefined>>;
    campaign?: Readonly<Ref<Campaign | undefined>>;
    wall?: Pick<Wall, "here">;
  },
  later: (task: () => void) => void = (task) => setTimeout(task, 200),
): Totals {
  const { cases, parcels, filter, lists, today } = stores;
  const orders = computed(() => ordersOf(stores.campaign?.value));
  const rows = shallowRef(new LedgerRows());
  const total = shallowRef<Figure>({ count: 0, mu: 0 });
  const unlisted = shallowRef(0);
  let asked = 0;

  const free = computed(() => {
    void parcels.edition.value;
    return parcels.free();
  });
  const ofParcels = computed(() => freeRows(free.value, filter, today.value, orders.value));

  function count(): void {
    const ofCases = caseRows(cases, filter, today.value, orders.value);
    rows.value = new LedgerRows(ofCases, ofParcels.value);
    const listed = ofCases.map((row) => row.case);
    unlisted.value = ofParcels.value.length;
    const mine = ++asked;
    const whole = lists.figure.value;
    total.value = whole && !narrowed(filter) ? whole : provisional(listed, lists.area.value);
    if (total.value === whole) return;
    later(() => {
      if (mine === asked) void confirm(mine);
    });
  }

  /** Of nothing there is nothing to confirm, and before anybody has signed in there is nothing. */
  async function confirm(mine: number): Promise<void> {
    if (total.value.count === 0) return;
    const figure = await serverTotal(api, filter, lists, stores.day?.value).catch(() => undefined);
    if (mine === asked && figure && figure.count === total.value.count) total.value = figure;
  }

  const followed = [
    cases.edition,
    ofParcels,
    today,
    filter.track,
    filter.stages,
    filter.lamps,
    filter.classes,
    filter.lampOf,
    filter.unit,
    filter.search,
    filter.late,
    filter.ahead,
    filter.within,
    filter.village,
    filter.side,
    filter.sort,
    orders,
    filter.list,
    lists.figure,
  ];
  // The wall has no ledger, and plays many days a second.
  if (!stores.wall?.here) watch(followed, count, { immediate: true });
  return { rows, cases: total, unlisted };
}

/** Whether anything is chosen beside the list that is open. */
function narrowed({
  stages,
  lamps,
  classes,
  unit,
  village,
  side,
  search,
  late,
  ahead,
  within,
}: Filter): boolean {
  const words = [unit, village, side, search];
  return (
    stages.value.size + lamps.value.size + classes.value.size > 0 ||
    words.some((each) => each.value.trim() !== "") ||
    late.value ||
    ahead.value ||
    within.value !== undefined
  );
}

/** Counted here: areas other than the land are summed from printed ones. */
function provisional(listed: readonly CaseSummary[], area: ListArea): Figure {
  const areas = {
    land: (each: CaseSummary) => each.m2,
    recovered: (each: CaseSummary) => ((each.recovered_mu ?? 0) * 2000) / 3,
    effective: (each: CaseSummary) => ((each.effective_mu ?? 0) * 2000) / 3,
    floor: (each: CaseSummary) => each.floor_m2 ?? 0,
  };
  const none = { land: 0, recovered: 0, effective: 0, floor: 0 };
  return figureOf(area, listed.length, { ...none, [area]: sumM2(listed.map(areas[area])) });
}

/** Whether the server has a list of this filter: not of parcels without a case, days to come, what was early, lamps, classes, or moves. */
function knownToServer(filter: Filter): boolean {
  const { list, stages, lamps, classes, within, ahead } = filter;
  const onlyUnlisted = stages.value.size > 0 && [...stages.value].every((slot) => slot === 0);
  if (onlyUnlisted || within.value !== undefined || ahead.value) return false;
  if (lamps.value.size + classes.value.size > 0) return false;
  return list.value === undefined || !isMoves(list.value.code);
}

/** The server's figure of the filter; undefined where it has no such list. */
async function serverTotal(
  api: Pick<Api, "cases">,
  filter: Filter,
  lists: Lists,
  day: string | undefined,
): Promise<Figure | undefined> {
  const query = serverQuery(filter, day);
  if (!query) return undefined;
  const page = await api.cases({ ...query, limit: 1 });
  return figureOf(lists.area.value, page.total, page.sums);
}

/** The list of the filter as the server knows it; undefined where it has no such list. */
export function serverQuery(filter: Filter, day: string | undefined): CaseQuery | undefined {
  if (!knownToServer(filter)) return undefined;
  const code = filter.list.value?.code;
  const chosen = [...filter.stages.value].filter((slot) => slot > 0);
  const list = code === undefined ? {} : caseQuery(code);
  return {
    ...list,
    as_of: day ?? list.as_of,
    track: list.track ?? (filter.track.value || undefined),
    unit: filter.unit.value || list.unit,
    q: filter.search.value.trim() || undefined,
    stage: chosen.length > 0 ? chosen : list.stage,
    late: filter.late.value || list.late,
    village: filter.village.value || list.village,
    side: filter.side.value || list.side,
  };
}
