import { type Ref, ref, shallowRef, watch } from "vue";
import { type ColumnCode, columnCodes, type Density, densities } from "../domain/ledger-columns";
import { isRecord, kept } from "./kept";
import type { Keeper } from "./settings";

/** A filter under a name; `link` is what an address says of it. */
export interface SavedFilter {
  readonly name: string;
  readonly link: string;
}

/** How this browser's user has the ledger table. */
export interface Table {
  /** Chosen columns, undefined for the usual ones. */
  columns: Ref<readonly ColumnCode[] | undefined>;
  density: Ref<Density>;
  /** 我的筛选 */
  saved: Ref<readonly SavedFilter[]>;
  /** Keeps a filter under a name, in place of one of the same name. */
  save(filter: SavedFilter): void;
  forget(name: string): void;
}

interface Look {
  columns?: readonly ColumnCode[] | undefined;
  density: Density;
}

/** Reads how the table was and keeps how it is. */
export function createTable(keeper: Keeper): Table {
  const look = kept<Look>(keeper, "guatu.table", { density: "normal" }, isLook);
  const filters = kept<readonly SavedFilter[]>(keeper, "guatu.filters", [], areFilters);
  const columns = shallowRef(look.read().columns);
  const density = ref(look.read().density);
  const saved = shallowRef(filters.read());
  watch([columns, density], () => look.write({ columns: columns.value, density: density.value }), {
    flush: "sync",
  });

  function change(all: readonly SavedFilter[]): void {
    saved.value = all;
    filters.write(all);
  }
  const others = (name: string) => saved.value.filter((each) => each.name !== name);
  return {
    ...{ columns, density, saved },
    save: (filter) => change([...others(filter.name), filter]),
    forget: (name) => change(others(name)),
  };
}

function isLook(found: unknown): found is Look {
  if (!isRecord(found) || !densities.some((each) => each === found.density)) return false;
  const { columns } = found;
  return (
    columns === undefined ||
    (Array.isArray(columns) && columns.every((each) => columnCodes.includes(each)))
  );
}

function areFilters(found: unknown): found is readonly SavedFilter[] {
  return (
    Array.isArray(found) &&
    found.every(
      (each) => isRecord(each) && typeof each.name === "string" && typeof each.link === "string",
    )
  );
}
