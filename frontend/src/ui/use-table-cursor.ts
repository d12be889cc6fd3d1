import { onMounted, type Ref, ref, watch } from "vue";
import type { LedgerRow, LedgerRows } from "../store/ledger-rows";
import { useStore } from "../store/use-store";

/** A row under the cursor is read for the card after this rest, ms. */
const rest = 200;

/** The cursor of the table and what its keys do; the row under it is the page's open card. */
export function useTableCursor(rows: Readonly<Ref<LedgerRows>>, reveal: (index: number) => void) {
  const { card, openCasePage, wantedParcels } = useStore();
  const cursor = ref(-1);
  /** The row under the cursor, and the key of the one that was read last. */
  let current: LedgerRow | undefined;
  let asked: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(row: LedgerRow | undefined): Promise<void> {
    clearTimeout(timer);
    asked = row?.key;
    if (!row || isOpen(row)) return Promise.resolve();
    return row.kind === "case" ? card.openCase(row.case.id) : card.openParcel(row.parcel.id);
  }

  function isOpen(row: LedgerRow): boolean {
    if (row.kind === "case") return row.case.id === card.caseId.value;
    return row.parcel.id === card.parcelId.value && card.caseId.value === undefined;
  }

  function place(index: number): void {
    cursor.value = index;
    current = rows.value.at(index) ?? current;
  }

  function move(to: number): void {
    place(Math.max(0, Math.min(rows.value.length - 1, to)));
    reveal(cursor.value);
    clearTimeout(timer);
    timer = setTimeout(() => void show(rows.value.at(cursor.value)), rest);
  }

  function pick(index: number): void {
    place(index);
    void show(rows.value.at(index));
  }

  async function openPage(): Promise<void> {
    const row = rows.value.at(cursor.value);
    if (row?.kind !== "case") return;
    const reading = show(row);
    openCasePage();
    await reading;
  }

  async function locate(): Promise<void> {
    await show(rows.value.at(cursor.value));
    wantedParcels.value = [...card.ringed.value];
  }

  /** What is picked on the map is where the cursor goes; an answer to an earlier row of its own is not. */
  function follow(): void {
    const { caseId, parcelId } = card;
    const ofCase = caseId.value !== undefined;
    const index = ofCase
      ? rows.value.indexOfCase(caseId.value)
      : rows.value.indexOfParcel(parcelId.value);
    if (index < 0 || rows.value.at(index)?.key === asked) return;
    place(index);
    reveal(index);
  }

  watch([card.caseId, card.parcelId], follow);
  // Under another filter or order the cursor stays on its row.
  watch(rows, (all) => place(all.indexOf(current)));
  onMounted(follow);

  return { cursor, move, pick, openPage, locate };
}
