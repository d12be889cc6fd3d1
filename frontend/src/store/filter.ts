import { computed, type Ref, ref, shallowRef } from "vue";
import { isDueWithin, isLate } from "../domain/due";
import { allTracks } from "../domain/tracks";
import type { CaseSummary } from "../domain/types";

/** What the ledger may be ordered by. */
export const sortKeys = [
  "code",
  "label",
  "unit",
  "stage",
  "must",
  "deadline",
  "land",
  "effective",
  "sides",
] as const;
export type SortKey = (typeof sortKeys)[number];
/** In which order the ledger stands; - before it for falling order. */
export type Sort = SortKey | `-${SortKey}`;

/** The order of a text, if it names one. */
export function sortOf(text: string | undefined): Sort | undefined {
  const key = sortKeys.find((each) => each === text?.replace(/^-/, ""));
  return key && (text?.startsWith("-") ? `-${key}` : key);
}

/** What the legend, the unit choice and the search leave; the map pales the rest, the ledger leaves it out. */
export interface Filter {
  /** Code of the track shown, `allTracks` for every one. Undefined chooses the first one again. Clearing leaves it: it is another view, not a filter. */
  track: Ref<string, string | undefined>;
  /** Chosen stage slots, 0 = not listed; empty chooses all. */
  stages: Ref<ReadonlySet<number>>;
  /** Unit code, empty for all. */
  unit: Ref<string>;
  /** Part of a code or label. It searches the ledger and pales nothing. */
  search: Ref<string>;
  /** Only what is late. */
  late: Ref<boolean>;
  /** Only what is late or due within so many days. */
  within: Ref<number | undefined>;
  /** Village code, empty for all. */
  village: Ref<string>;
  /** Code of a side state in force, empty for all. */
  side: Ref<string>;
  sort: Ref<Sort>;
  /** Whether anything is filtered. */
  active: Readonly<Ref<boolean>>;
  toggleStage(slot: number): void;
  clear(): void;
}

/** `firstTrack` is shown until another is chosen. */
export function createFilter(firstTrack: Readonly<Ref<string>> = ref(allTracks)): Filter {
  const chosenTrack = ref<string>();
  const track = computed({
    get: () => chosenTrack.value ?? firstTrack.value,
    set: (code: string | undefined) => {
      chosenTrack.value = code;
    },
  });
  const stages = shallowRef<ReadonlySet<number>>(new Set());
  const unit = ref("");
  const search = ref("");
  const late = ref(false);
  const within = ref<number>();
  const [village, side] = [ref(""), ref("")];
  const sort = ref<Sort>("deadline");
  const active = computed(
    () =>
      stages.value.size > 0 ||
      [unit, village, side, search].some((each) => each.value.trim() !== "") ||
      late.value ||
      within.value !== undefined,
  );

  function toggleStage(slot: number): void {
    const next = new Set(stages.value);
    if (!next.delete(slot)) next.add(slot);
    stages.value = next;
  }

  function clear(): void {
    stages.value = new Set();
    for (const each of [unit, village, side, search]) each.value = "";
    late.value = false;
    within.value = undefined;
  }

  return {
    ...{ track, stages, unit, village, side, search, late, within, sort },
    ...{ active, toggleStage, clear },
  };
}

/** Whether a case belongs to the track shown. */
export function inTrack(filter: Filter, { track }: Pick<CaseSummary, "track">): boolean {
  return filter.track.value === allTracks || filter.track.value === track;
}

/** What the filter asks of a case, or of a parcel without one. */
export interface Filtered {
  readonly stage: number;
  readonly unit: string;
  readonly deadline?: string | undefined;
  readonly village?: { readonly code: string } | undefined;
  readonly sides?: readonly string[] | undefined;
}

/** Whether all but the search let it through on the day `today`. */
export function passes(filter: Filter, noun: Filtered, today: string): boolean {
  const { stages, unit, village, side, late, within } = filter;
  if (stages.value.size > 0 && !stages.value.has(noun.stage)) return false;
  if (unit.value !== "" && noun.unit !== unit.value) return false;
  if (village.value !== "" && noun.village?.code !== village.value) return false;
  if (side.value !== "" && !noun.sides?.includes(side.value)) return false;
  if (within.value !== undefined && !isDueWithin(noun.deadline, within.value, today)) return false;
  return !late.value || isLate(noun.deadline, today);
}

/** Whether code or label holds the searched text, without regard to case. */
export function found(filter: Filter, noun: { code: string; label: string }): boolean {
  const wanted = filter.search.value.trim().toLowerCase();
  return (
    wanted === "" ||
    noun.code.toLowerCase().includes(wanted) ||
    noun.label.toLowerCase().includes(wanted)
  );
}
