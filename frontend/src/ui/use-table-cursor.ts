import { onMounted, type Ref, ref, watch } from "vue";
import type { LedgerRow } from "../store/ledger-rows";
import { useStore } from "../store/use-store";

/** A row under the cursor is read for the card after this rest, ms. */
const rest = 200;

/** The cursor of the table and what its keys do; the row under it is the page's open card. */
export function useTableCursor(
  rows: Readonly<Ref<readonly LedgerRow[]>>,
  reveal: (index: number) => void,
) {
  const { card, openCasePage, selection, wantedParcels } = useStore();
  const cursor = ref(-1);
  /** Where a range of ticks began. */
  let anchor = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(row: LedgerRow | undefined): Promise<void> {
    clearTimeout(timer);
    if (!row || isOpen(row)) return Promise.resolve();
    return row.kind === "case" ? card.openCase(row.case.id) : card.openParcel(row.parcel.id);
  }

  function isOpen(row: LedgerRow): boolean {
    if (row.kind === "case") return row.case.id === card.caseId.value;
    return row.parcel.id === card.parcelId.value && card.caseId.value === undefined;
  }

  function move(to: number): void {
    cursor.value = Math.max(0, Math.min(rows.value.length - 1, to));
    reveal(cursor.value);
    clearTimeout(timer);
    timer = setTimeout(() => void show(rows.value[cursor.value]), rest);
  }

  function pick(index: number): void {
    cursor.value = anchor = index;
    void show(rows.value[index]);
  }

  const caseIds = (from: number, to: number) => caseIdsOf(rows.value, from, to);

  function tick(index: number): void {
    anchor = index;
    for (const id of caseIds(index, index)) selection.toggle(id);
  }

  /** Ticks from where the range began to here. */
  function extend(to: number): void {
    if (anchor < 0) anchor = Math.max(0, cursor.value);
    move(to);
    selection.tick(caseIds(anchor, cursor.value));
  }

  async function openPage(): Promise<void> {
    const row = rows.value[cursor.value];
    if (row?.kind !== "case") return;
    const reading = show(row);
    openCasePage();
    await reading;
  }

  async function locate(): Promise<void> {
    await show(rows.value[cursor.value]);
    wantedParcels.value = [...card.ringed.value];
  }

  function follow(): void {
    const index = rows.value.findIndex(isOpen);
    if (index >= 0 && index !== cursor.value) {
      cursor.value = index;
      reveal(index);
    } else if (cursor.value >= rows.value.length) cursor.value = -1;
  }
  // What is picked on the map, or stays open under another filter, is where the cursor stands.
  watch([card.caseId, card.parcelId, rows], follow);
  onMounted(follow);

  return { cursor, move, pick, tick, extend, openPage, locate, caseIds };
}

/** Ids of the cases from one row to another, whichever stands first. */
function caseIdsOf(rows: readonly LedgerRow[], from: number, to: number): number[] {
  const [first, last] = from < to ? [from, to] : [to, from];
  return rows
    .slice(Math.max(0, first), last + 1)
    .flatMap((row) => (row.kind === "case" ? [row.case.id] : []));
}
