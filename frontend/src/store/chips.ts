import { computed, type Ref, type ShallowRef, shallowRef } from "vue";
import type { Campaign, CaseSummary, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import type { CaseStore } from "./cases";
import type { Filter } from "./filter";

/** A condition of the filter as it stands above the ledger, with a way to take it back. */
export interface Chip {
  readonly code: string;
  readonly text: Text;
  clear(): void;
}

/** The conditions of the filter. */
export interface Chips {
  all: Readonly<Ref<readonly Chip[]>>;
  /** Conditions that come from elsewhere, for example the list of a figure. */
  others: ShallowRef<readonly Chip[]>;
  /** Takes all of them back. */
  clear(): void;
}

export function createChips(
  filter: Filter,
  campaign: Readonly<Ref<Campaign | undefined>>,
  cases: CaseStore,
): Chips {
  const others = shallowRef<readonly Chip[]>([]);
  const all = computed(() => [...others.value, ...chipsOf(filter, campaign.value, cases)]);
  return { all, others, clear: () => clearAll(filter, others.value) };
}

function clearAll(filter: Filter, others: readonly Chip[]): void {
  for (const each of others) each.clear();
  filter.clear();
}

function chipsOf(filter: Filter, campaign: Campaign | undefined, cases: CaseStore): Chip[] {
  const { stages, unit, village, side, late, ahead, within, search } = filter;
  const chips: Chip[] = [];
  const add = (code: string, text: Text | undefined, clear: () => void) => {
    if (text) chips.push({ code, text, clear });
  };
  const named = (all: readonly { code: string; name: Text }[] | undefined, code: string) =>
    code === ""
      ? undefined
      : (all?.find((each) => each.code === code)?.name ?? { zh: code, en: code });

  add("stages", stageText(stages.value), () => {
    stages.value = new Set();
  });
  add("late", late.value ? bothWords("legend.late") : undefined, () => {
    late.value = false;
  });
  add("ahead", ahead.value ? bothWords("legend.ahead") : undefined, () => {
    ahead.value = false;
  });
  add(
    "within",
    within.value === undefined ? undefined : bothWords("filter.within", { n: within.value }),
    () => {
      within.value = undefined;
    },
  );
  add("unit", named(campaign?.units, unit.value), () => {
    unit.value = "";
  });
  add("village", named(villagesOf(cases), village.value), () => {
    village.value = "";
  });
  add("side", named(campaign?.sides, side.value), () => {
    side.value = "";
  });
  const searched = search.value.trim();
  add("search", searched ? bothWords("filter.search", { text: searched }) : undefined, () => {
    search.value = "";
  });
  return chips;
}

/** 阶段 3–8, 阶段 3、5–6 */
function stageText(stages: ReadonlySet<number>): Text | undefined {
  if (stages.size === 0) return undefined;
  const slots = [...stages].filter((slot) => slot > 0).sort((a, b) => a - b);
  const parts: string[] = [];
  for (let from = 0; from < slots.length; ) {
    let to = from;
    while (slots[to + 1] === (slots[to] ?? 0) + 1) to++;
    parts.push(from === to ? `${slots[from]}` : `${slots[from]}–${slots[to]}`);
    from = to + 1;
  }
  const zero = stages.has(0) ? bothWords("legend.unlisted") : undefined;
  const some =
    parts.length > 0 ? bothWords("filter.stages", { stages: parts.join("、") }) : undefined;
  if (!zero || !some) return some ?? zero;
  return { zh: `${some.zh}、${zero.zh}`, en: `${some.en}, ${zero.en}` };
}

/** The villages that cases lie in, of one unit or of all, by code. */
export function villagesOf(cases: CaseStore, unit = ""): { code: string; name: Text }[] {
  void cases.edition.value;
  const found = new Map<string, NonNullable<CaseSummary["village"]>>();
  for (const { village, unit: own } of cases.all()) {
    if (village && (unit === "" || own === unit)) found.set(village.code, village);
  }
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
