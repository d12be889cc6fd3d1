import { computed, type Ref, ref, type ShallowRef, shallowRef } from "vue";
import { isAhead, isDueWithin, isLate } from "../domain/due";
import { classOf, type EvaluationClass } from "../domain/evaluation";
import type { Lamp, UnitLamp } from "../domain/lamps";
import { type ListCode, listParams } from "../domain/lists";
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
  "responsible",
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
  /** Only what was done earlier than planned, and is not late. */
  ahead: Ref<boolean>;
  /** Only what is late or due within so many days. */
  within: Ref<number | undefined>;
  /** Village code, empty for all. */
  village: Ref<string>;
  /** Code of a side state in force, empty for all. */
  side: Ref<string>;
  sort: Ref<Sort>;
  /** Whether anything is filtered. */
  active: Readonly<Ref<boolean>>;
  /** The lamps as they stand, by unit code. */
  lampOf: Readonly<Ref<ReadonlyMap<string, UnitLamp>>>;
  toggleStage(slot: number): void;
  clear(): void;
  /** Opens a list in place of every other filter. */
  open(code: ListCode): void;
}

/** `firstTrack` is shown until another is chosen. */
export function createFilter(
  firstTrack: Readonly<Ref<string>> = ref(allTracks),
  lampOf: Filter["lampOf"] = ref(new Map()),
): Filter {
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
  const lamps = shallowRef<ReadonlySet<Lamp>>(new Set());
  const classes = shallowRef<ReadonlySet<EvaluationClass>>(new Set());
  const unit = ref("");
  const search = ref("");
  const [late, ahead] = [ref(false), ref(false)];
  const within = ref<number>();
  const [village, side] = [ref(""), ref("")];
  const sort = ref<Sort>("deadline");
  const active = computed(
    () =>
      stages.value.size + lamps.value.size + classes.value.size > 0 ||
      [unit, village, side, search].some((each) => each.value.trim() !== "") ||
      late.value ||
      ahead.value ||
      within.value !== undefined ||
      list.value !== undefined,
  );

  function toggleStage(slot: number): void {
    stages.value = toggled(stages.value, slot);
  }

  function clear(): void {
    stages.value = new Set();
    lamps.value = new Set();
    classes.value = new Set();
    for (const each of [unit, village, side, search]) each.value = "";
    late.value = false;
    ahead.value = false;
    within.value = undefined;
    list.value = undefined;
  }

  function open(code: ListCode): void {
    clear();
    list.value = { code, track: listParams(code).track ?? allTracks };
  }

  return {
    ...{ track, chosenTrack, list, stages, lamps, classes, unit, village, side, search, late },
    ...{ ahead, within, sort, active, lampOf, toggleStage, clear, open },
  };
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

/** Whether a case is on the list that is open; none is until the server has said which are. */
export function onList({ list }: Filter, id: number): boolean {
  return list.value === undefined || (list.value.ids?.has(id) ?? false);
}

/** What the filter asks of a case, or of a parcel without one. */
export interface Filtered {
  readonly stage: number;
  readonly unit: string;
  readonly deadline?: string | undefined;
  readonly ahead?: number | undefined;
  readonly village?: { readonly code: string } | undefined;
  readonly sides?: readonly string[] | undefined;
  readonly evaluation?: string | undefined;
}

/** Whether nothing is chosen that could leave anything out. */
export function letsAllPass({ active, unit }: Filter): boolean {
  return !active.value && unit.value === "";
}

/** Whether all but the search let it through on the day `today`. */
export function passes(filter: Filter, noun: Filtered, today: string): boolean {
  if (!passesLegend(filter, noun)) return false;
  const { stages, unit, village, side, late, ahead, within } = filter;
  if (stages.value.size > 0 && !stages.value.has(noun.stage)) return false;
  if (unit.value !== "" && noun.unit !== unit.value) return false;
  if (village.value !== "" && noun.village?.code !== village.value) return false;
  if (side.value !== "" && !noun.sides?.includes(side.value)) return false;
  if (within.value !== undefined && !isDueWithin(noun.deadline, within.value, today)) return false;
  if (ahead.value && !isAhead(noun, today)) return false;
  return !late.value || isLate(noun.deadline, today);
}

/** Lamp of its unit and class of its operator; a parcel without a case has no operator. */
function passesLegend({ lamps, classes, lampOf }: Filter, noun: Filtered): boolean {
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
