import { computed, type Ref, shallowRef } from "vue";
import { type ImportRow, importRows } from "../domain/import-rows";
import type { ImportReport } from "../domain/types";

/** What somebody says of rows of a file: those that are doubtful wait for it, the others come in without. */
export interface Decisions {
  /** The rows of the report that are told one by one. */
  rows: Readonly<Ref<readonly ImportRow[]>>;
  /** How many of them wait for a word. */
  waiting: Readonly<Ref<number>>;
  /** Whether a row comes in; undefined while somebody must say so. */
  comesIn(row: ImportRow): boolean | undefined;
  /** Says so of some rows. */
  decide(rows: readonly ImportRow[], comesIn: boolean): void;
  /** The rows that stay out because somebody said so. */
  leftOut(): number[];
  /** Another report is decided anew. */
  forget(): void;
}

/** Keeps what is said of the rows of a report. */
export function createDecisions(
  report: Ref<ImportReport | undefined>,
  changed: () => void,
): Decisions {
  const said = shallowRef<ReadonlyMap<number, boolean>>(new Map());
  const rows = computed(() => (report.value ? importRows(report.value) : []));
  const comesIn = (row: ImportRow): boolean | undefined => {
    if (row.kind === "rejected") return false;
    return said.value.get(row.row) ?? (row.doubtful ? undefined : true);
  };
  return {
    ...{ rows, comesIn },
    waiting: computed(() => rows.value.filter((row) => comesIn(row) === undefined).length),
    decide(some, value) {
      const next = new Map(said.value);
      for (const { row, kind } of some) if (kind !== "rejected") next.set(row, value);
      said.value = next;
      changed();
    },
    leftOut: () => [...said.value].filter(([, value]) => !value).map(([row]) => row),
    forget() {
      said.value = new Map();
    },
  };
}
