import { computed, type Ref, shallowRef, watch } from "vue";
import type { Api } from "../api/client";
import type { Campaign } from "../domain/types";
import { muHundredths, sumM2 } from "../geo/mu";
import type { CaseStore } from "./cases";
import type { Figure } from "./figures";
import type { Filter } from "./filter";
import { type LedgerRow, ledgerRows, ordersOf } from "./ledger-rows";
import type { ParcelStore } from "./parcels";

/** The total above the ledger. */
export interface Totals {
  /** The lines of the ledger. */
  rows: Readonly<Ref<readonly LedgerRow[]>>;
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
    today: Readonly<Ref<string>>;
    campaign?: Readonly<Ref<Campaign | undefined>>;
  },
  later: (task: () => void) => void = (task) => setTimeout(task, 200),
): Totals {
  const { cases, parcels, filter, today } = stores;
  const orders = computed(() => ordersOf(stores.campaign?.value));
  const rows = shallowRef<readonly LedgerRow[]>([]);
  const total = shallowRef<Figure>({ count: 0, mu: 0 });
  const unlisted = shallowRef(0);
  let asked = 0;

  function count(): void {
    rows.value = ledgerRows(cases, parcels, filter, today.value, orders.value);
    const listed = rows.value.flatMap((row) => (row.kind === "case" ? [row.case.m2] : []));
    unlisted.value = rows.value.length - listed.length;
    total.value = { count: listed.length, mu: muHundredths(sumM2(listed)) };
    const mine = ++asked;
    later(() => {
      if (mine === asked) void confirm(mine);
    });
  }

  async function confirm(mine: number): Promise<void> {
    const figure = await serverTotal(api, filter).catch(() => undefined);
    if (mine === asked && figure && figure.count === total.value.count) total.value = figure;
  }

  watch(
    [
      cases.edition,
      parcels.edition,
      today,
      filter.track,
      filter.stages,
      filter.unit,
      filter.search,
      filter.late,
      filter.within,
      filter.village,
      filter.side,
      filter.sort,
      orders,
    ],
    count,
    { immediate: true },
  );
  return { rows, cases: total, unlisted };
}

/** The server's figure of the filter; undefined where it has no such list: parcels without a case, days ahead. */
async function serverTotal(api: Pick<Api, "cases">, filter: Filter): Promise<Figure | undefined> {
  const chosen = [...filter.stages.value].filter((slot) => slot > 0);
  if (filter.stages.value.size > 0 && chosen.length === 0) return undefined;
  if (filter.within.value !== undefined) return undefined;
  const page = await api.cases({
    track: filter.track.value || undefined,
    unit: filter.unit.value || undefined,
    q: filter.search.value.trim() || undefined,
    stage: chosen.length > 0 ? chosen : undefined,
    late: filter.late.value || undefined,
    village: filter.village.value || undefined,
    side: filter.side.value || undefined,
    limit: 1,
  });
  return { count: page.total, mu: muHundredths(sumM2([page.total_m2])) };
}
