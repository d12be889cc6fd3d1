import { computed, type Ref, ref, shallowRef } from "vue";
import { isLate } from "../domain/due";
import { allTracks } from "../domain/tracks";
import type { CaseSummary } from "../domain/types";

/** In which order the ledger stands. */
export type Sort = "deadline" | "code";

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
  const sort = ref<Sort>("deadline");
  const active = computed(
    () => stages.value.size > 0 || unit.value !== "" || search.value.trim() !== "" || late.value,
  );

  function toggleStage(slot: number): void {
    const next = new Set(stages.value);
    if (!next.delete(slot)) next.add(slot);
    stages.value = next;
  }

  function clear(): void {
    stages.value = new Set();
    unit.value = "";
    search.value = "";
    late.value = false;
  }

  return { track, stages, unit, search, late, sort, active, toggleStage, clear };
}

/** Whether a case belongs to the track shown. */
export function inTrack(filter: Filter, { track }: Pick<CaseSummary, "track">): boolean {
  return filter.track.value === allTracks || filter.track.value === track;
}

/** Whether stage, unit and lateness let it through on the day `today`; the search is not asked. */
export function passes(
  filter: Filter,
  noun: { stage: number; unit: string; deadline?: string | undefined },
  today: string,
): boolean {
  if (filter.stages.value.size > 0 && !filter.stages.value.has(noun.stage)) return false;
  if (filter.unit.value !== "" && noun.unit !== filter.unit.value) return false;
  return !filter.late.value || isLate(noun.deadline, today);
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
