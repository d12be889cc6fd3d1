import { computed, type Ref, ref, type ShallowRef, shallowRef } from "vue";
import { isLate } from "../domain/due";
import { classOf, type EvaluationClass } from "../domain/evaluation";
import type { Lamp, UnitLamp } from "../domain/lamps";
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
  /** Chosen lamps of the units; empty chooses all. */
  lamps: ShallowRef<ReadonlySet<Lamp>>;
  /** Chosen classes of 亩均评价; empty chooses all. */
  classes: ShallowRef<ReadonlySet<EvaluationClass>>;
  /** Unit code, empty for all. */
  unit: Ref<string>;
  /** Part of a code or label. It searches the ledger and pales nothing. */
  search: Ref<string>;
  /** Only what is late. */
  late: Ref<boolean>;
  sort: Ref<Sort>;
  /** Whether anything is filtered. */
  active: Readonly<Ref<boolean>>;
  /** The lamps as they stand, by unit code. */
  lampOf: Readonly<Ref<ReadonlyMap<string, UnitLamp>>>;
  toggleStage(slot: number): void;
  clear(): void;
}

/** `firstTrack` is shown until another is chosen. */
export function createFilter(
  firstTrack: Readonly<Ref<string>> = ref(allTracks),
  lampOf: Filter["lampOf"] = ref(new Map()),
): Filter {
  const chosenTrack = ref<string>();
  const track = computed({
    get: () => chosenTrack.value ?? firstTrack.value,
    set: (code: string | undefined) => {
      chosenTrack.value = code;
    },
  });
  const stages = shallowRef<ReadonlySet<number>>(new Set());
  const lamps = shallowRef<ReadonlySet<Lamp>>(new Set());
  const classes = shallowRef<ReadonlySet<EvaluationClass>>(new Set());
  const unit = ref("");
  const search = ref("");
  const late = ref(false);
  const sort = ref<Sort>("deadline");
  const active = computed(
    () =>
      stages.value.size + lamps.value.size + classes.value.size > 0 ||
      unit.value !== "" ||
      search.value.trim() !== "" ||
      late.value,
  );

  function toggleStage(slot: number): void {
    stages.value = toggled(stages.value, slot);
  }

  function clear(): void {
    stages.value = new Set();
    lamps.value = new Set();
    classes.value = new Set();
    unit.value = "";
    search.value = "";
    late.value = false;
  }

  const chosen = { track, stages, lamps, classes, unit, search, late, sort };
  return { ...chosen, active, lampOf, toggleStage, clear };
}

/** A set with one value more, or less where it was in it. */
export function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}

/** Whether a case belongs to the track shown. */
export function inTrack(filter: Filter, { track }: Pick<CaseSummary, "track">): boolean {
  return filter.track.value === allTracks || filter.track.value === track;
}

/** What of a case, or of a parcel, the filter asks. */
interface Passing {
  stage: number;
  unit: string;
  deadline?: string | undefined;
  evaluation?: string | undefined;
}

/** Whether stage, lamp, class, unit and lateness let it through on the day `today`; the search is not asked. */
export function passes(filter: Filter, noun: Passing, today: string): boolean {
  if (!passesLegend(filter, noun)) return false;
  if (filter.stages.value.size > 0 && !filter.stages.value.has(noun.stage)) return false;
  if (filter.unit.value !== "" && noun.unit !== filter.unit.value) return false;
  return !filter.late.value || isLate(noun.deadline, today);
}

/** Lamp of its unit and class of its operator; a parcel without a case has no operator. */
function passesLegend({ lamps, classes, lampOf }: Filter, noun: Passing): boolean {
  const lamp = lampOf.value.get(noun.unit)?.lamp ?? "none";
  if (lamps.value.size > 0 && !lamps.value.has(lamp)) return false;
  if (classes.value.size === 0) return true;
  return noun.stage > 0 && classes.value.has(classOf(noun.evaluation));
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
