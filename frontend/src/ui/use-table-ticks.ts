import type { Ref } from "vue";
import type { LedgerRows } from "../store/ledger-rows";
import { useStore } from "../store/use-store";

/** Ticks of the table: one row, or a range from where the last tick or the cursor stood. */
export function useTableTicks(
  rows: Readonly<Ref<LedgerRows>>,
  cursor: Readonly<Ref<number>>,
  move: (to: number) => void,
) {
  const { selection } = useStore();
  /** Where a range begins, and where the cursor was when that was decided. */
  let [anchor, since] = [-1, -1];

  const caseIds = (from: number, to: number) => caseIdsOf(rows.value, from, to);

  function tick(index: number): void {
    [anchor, since] = [index, cursor.value];
    for (const id of caseIds(index, index)) selection.toggle(id);
  }

  /** Ticks from where the range began to here. */
  function extend(to: number): void {
    if (cursor.value !== since) anchor = Math.max(0, cursor.value);
    move(to);
    since = cursor.value;
    selection.tick(caseIds(anchor, cursor.value));
  }

  return { tick, extend };
}

/** Ids of the cases from one row to another, whichever stands first. */
function caseIdsOf({ cases }: LedgerRows, from: number, to: number): number[] {
  const [first, last] = from < to ? [from, to] : [to, from];
  return cases.slice(Math.max(0, first), last + 1).map((row) => row.case.id);
}
