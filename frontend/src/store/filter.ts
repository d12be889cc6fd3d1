import { computed, type Ref, ref, type ShallowRef, shallowRef } from "vue";
import { isLate } from "../domain/due";
import { type ListCode, listParams } from "../domain/lists";
import { allTracks } from "../domain/tracks";
import type { CaseSummary } from "../domain/types";

/** In which order the ledger stands. */
export type Sort = "deadline" | "code";

/** The list that a figure opened. */
export interface OpenList {
  readonly code: ListCode;
  /** Whose cases are shown meanwhile. */
  readonly track: string;
  /** Its cases; undefined until the server has said which. */
  readonly ids?: ReadonlySet<number> | undefined;
}

/** What the legend, the unit choice and the search leave; the map pales the rest, the ledger leaves it out. */
export interface Filter {
  /** Code of the track shown, `allTracks` for every one. Undefined chooses the first one again. Clearing leaves it: it is another view, not a filter. */
  track: Ref<string, string | undefined>;
  /** The track that was chosen, whatever list is open meanwhile. */
  chosenTrack: Readonly<Ref<string>>;
  /** Only the cases of a figure; the track is theirs as long as it is open. */
  list: ShallowRef<OpenList | undefined>;
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
  /** Opens a list in place of every other filter. */
  open(code: ListCode): void;
}

/** `firstTrack` is shown until another is chosen. */
export function createFilter(firstTrack: Readonly<Ref<string>> = ref(allTracks)): Filter {
  const chosen = ref<string>();
  const list = shallowRef<OpenList>();
  const chosenTrack = computed(() => chosen.value ?? firstTrack.value);
  const track = computed({
    get: () => list.value?.track ?? chosenTrack.value,
    set: (code: string | undefined) => {
      chosen.value = code;
      list.value = undefined;
    },
  });
  const stages = shallowRef<ReadonlySet<number>>(new Set());
  const unit = ref("");
  const search = ref("");
  const late = ref(false);
  const sort = ref<Sort>("deadline");
  const active = computed(
    () =>
      stages.value.size > 0 ||
      unit.value !== "" ||
      search.value.trim() !== "" ||
      late.value ||
      list.value !== undefined,
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
    list.value = undefined;
  }

  function open(code: ListCode): void {
    clear();
    list.value = { code, track: listParams(code).track ?? allTracks };
  }

  const state = { track, chosenTrack, list, stages, unit, search, late, sort, active };
  return { ...state, toggleStage, clear, open };
}

/** Whether a case belongs to the track shown. */
export function inTrack(filter: Filter, { track }: Pick<CaseSummary, "track">): boolean {
  return filter.track.value === allTracks || filter.track.value === track;
}

/** Whether a case is on the list that is open; none is until the server has said which are. */
export function onList({ list }: Filter, id: number): boolean {
  return list.value === undefined || (list.value.ids?.has(id) ?? false);
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
