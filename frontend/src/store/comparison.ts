import { computed, type Ref, shallowRef, watch } from "vue";
import type { Api } from "../api/client";
import { failureText } from "../api/problem";
import type { Moves, Sheet, Text } from "../domain/types";
import type { CaseStore } from "./cases";
import type { Contact } from "./contact";
import type { Days } from "./days";
import type { Filter } from "./filter";
import type { ParcelStore } from "./parcels";
import { shownOf } from "./shown";

/** What the server says of the two days. */
export interface Compared {
  readonly before: Sheet;
  readonly after: Sheet;
  readonly moves: Moves;
}

/** Two days side by side; everything is undefined while only one is shown. */
export interface Comparison {
  /** Whether a parcel has the same stage on both days. */
  same: Readonly<Ref<((parcelId: number) => boolean) | undefined>>;
  /** Figures and moves of both days; those of the days before while new ones are read. */
  compared: Readonly<Ref<Compared | undefined>>;
  failure: Ref<Text | undefined>;
  /** Reads figures and moves again. */
  read(): Promise<void>;
}

/** Waits this long for the handles to rest, and between two readings of a day that is now, ms. */
const rest = { handles: 150, live: 1000 };

export function createComparison(
  api: Pick<Api, "figures" | "moves">,
  days: Days,
  now: { cases: CaseStore; parcels: ParcelStore; filter: Filter; contact: Contact },
): Comparison {
  const compared = shallowRef<Compared>();
  const failure = shallowRef<Text>();
  const same = computed(() => (days.from.value ? sameStage(days, now) : undefined));

  // Only the answer to the last question may be shown.
  let question = 0;
  async function read(): Promise<void> {
    const from = days.from.value;
    const mine = ++question;
    failure.value = undefined;
    if (!from) {
      compared.value = undefined;
      return;
    }
    try {
      const answer = await ask(api, from, days.day.value);
      if (mine === question) compared.value = answer;
    } catch (thrown) {
      if (mine === question) failure.value = failureText(thrown);
    }
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  function later(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void read(), ms);
  }
  watch([days.from, days.day], () => later(days.from.value ? rest.handles : 0));
  watch(now.contact.revision, () => {
    if (days.from.value && !days.day.value) later(rest.live);
  });
  return { same, compared, failure, read };
}

async function ask(
  api: Pick<Api, "figures" | "moves">,
  from: string,
  to: string | undefined,
): Promise<Compared> {
  const [before, after, moves] = await Promise.all([
    api.figures({ as_of: from }),
    api.figures({ as_of: to }),
    api.moves({ from, to }),
  ]);
  return { before, after, moves };
}

/** Compares by what the maps of the two days show of each parcel. */
function sameStage(
  { then }: Days,
  { cases, parcels, filter }: { cases: CaseStore; parcels: ParcelStore; filter: Filter },
): (parcelId: number) => boolean {
  for (const { edition } of [cases, parcels, then.cases, then.parcels]) void edition.value;
  void filter.track.value;
  return (id) => {
    const [was, is] = [then.parcels.get(id), parcels.get(id)];
    if (!was || !is) return false;
    const before = shownOf(was.properties, then.cases, filter).stage;
    return before === shownOf(is.properties, cases, filter).stage;
  };
}
