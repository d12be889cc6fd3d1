import { computed, type Ref, ref, type ShallowRef, shallowRef, watch } from "vue";
import type { Api } from "../api/client";
import { failureText } from "../api/problem";
import { addDays, clampDay, endOfMonthBefore } from "../domain/days";
import type { Text } from "../domain/types";
import { CaseStore } from "./cases";
import { ParcelStore } from "./parcels";
import type { Past } from "./past";

/** Days a second of playing. */
export const speeds = [1, 4, 12] as const;
export type Speed = (typeof speeds)[number];

/** Which day the page shows, and which it compares it with. */
export interface Days extends Player {
  /** The earlier day shown; undefined: now. A day outside the campaign becomes the nearest. */
  day: Ref<string | undefined>;
  /** The day compared with, shown beside it; always before it. */
  from: Ref<string | undefined>;
  /** The day shown, today or an earlier one: what is late depends on it. */
  shown: Readonly<Ref<string>>;
  /** First day that can be shown; empty until the past has been read. */
  first: Readonly<Ref<string>>;
  /** What was there on the day compared with. */
  then: { readonly cases: CaseStore; readonly parcels: ParcelStore };
  /** Grows when the user has one map become two, or two one: they have another room. */
  rooms: Ref<number>;
  /** The past is being read. */
  reading: Ref<boolean>;
  failure: Ref<Text | undefined>;
  /** Reads the past where it is not here; play and handles need it. */
  read(): Promise<void>;
  /** Compares the day with the end of the month before it, or stops comparing. */
  compare(): Promise<void>;
  /** Back to now: no replay, no comparison. */
  live(): void;
  /** The server has another past: forgets the one read. */
  forget(): void;
}

/** Turns the days. */
export interface Player {
  playing: Ref<boolean>;
  speed: Ref<Speed>;
  /** The figures of the day shown are still being read: playing waits for them, for a second at most. */
  awaited: Ref<boolean>;
  play(): Promise<void>;
  pause(): void;
}

/** `today` is that of the server, empty until it is known; `shownIn` are the stores that follow the day. */
export function createDays(
  api: Pick<Api, "history">,
  today: Readonly<Ref<string>>,
  shownIn: Days["then"],
): Days {
  const wanted = { day: ref<string>(), from: ref<string>() };
  const { past, ...reader } = createReader(api, today, settle);
  const first = computed(() => past.value?.from ?? "");
  const then = { cases: new CaseStore(), parcels: new ParcelStore() };
  const rooms = ref(0);

  /** Before the past is known a wanted day is believed. */
  const within = (day: string) => (first.value ? clampDay(day, first.value, today.value) : day);
  const day = computed({
    get: () => wanted.day.value,
    set: (wish: string | undefined) => {
      const next = wish && within(wish);
      wanted.day.value = next && next === today.value ? undefined : next;
      if (wanted.from.value) from.value = wanted.from.value;
    },
  });
  const shown = computed(() => day.value ?? today.value);
  const from = computed({
    get: () => wanted.from.value,
    set: (wish: string | undefined) => {
      const next = wish && within(wish);
      const before = next && shown.value && next >= shown.value ? addDays(shown.value, -1) : next;
      wanted.from.value = before && before < first.value ? undefined : before;
    },
  });
  function settle(): void {
    day.value = wanted.day.value;
    from.value = wanted.from.value;
  }

  watch([past, day], () => showDay(shownIn, past.value, day.value), { flush: "sync" });
  watch([past, from], () => showDay(then, past.value, from.value ?? never), { flush: "sync" });
  watch([day, from, today], () => {
    if ((day.value || from.value) && today.value) void reader.read();
  });

  function live(): void {
    player.pause();
    if (from.value) rooms.value++;
    day.value = undefined;
    from.value = undefined;
  }
  async function compare(): Promise<void> {
    await reader.read();
    player.pause();
    if (first.value === "") return;
    from.value = from.value ? undefined : endOfMonthBefore(shown.value);
    rooms.value++;
  }

  const player = createPlayer({ day, from, shown, first, read: reader.read });
  return { ...{ day, from, shown, first, then, rooms, compare, live }, ...reader, ...player };
}

/** A day on which there was nothing. */
const never = "0000-01-01";
const nothing = { there: new Map(), ever: new Map() };

/** Shows a day; one that is not here yet must not look like now. */
function showDay(stores: Days["then"], past: Past | undefined, day: string | undefined): void {
  stores.cases.show(day ? (past?.casesOn(day) ?? nothing) : undefined);
  stores.parcels.show(day ? (past?.parcelsOn(day) ?? nothing) : undefined);
}

interface Reader extends Pick<Days, "reading" | "failure" | "read" | "forget"> {
  past: ShallowRef<Past | undefined>;
}

/** Reads the past once a day, when somebody looks back. */
function createReader(
  api: Pick<Api, "history">,
  today: Readonly<Ref<string>>,
  done: () => void,
): Reader {
  const past = shallowRef<Past>();
  const [reading, failure] = [ref(false), shallowRef<Text>()];
  // One reading answers everyone who asks meanwhile.
  let asked: Promise<void> | undefined;

  function read(): Promise<void> {
    const to = past.value?.to;
    if (to && addDays(to, 1) === today.value) return Promise.resolve();
    asked ??= readNow().finally(() => {
      asked = undefined;
    });
    return asked;
  }

  async function readNow(): Promise<void> {
    reading.value = true;
    try {
      // The folding is no part of the first load.
      const [{ Past }, history] = await Promise.all([import("./past"), api.history()]);
      past.value = new Past(history);
      failure.value = undefined;
      done();
    } catch (thrown) {
      failure.value = failureText(thrown);
    } finally {
      reading.value = false;
    }
  }

  function forget(): void {
    past.value = undefined;
  }

  return { past, reading, failure, read, forget };
}

/** How long a day waits for its figures, and how often it looks, ms. */
const [longestWait, lookAgain] = [1000, 15];

/** Begins at the first day where the page is live, and ends by being live again. */
function createPlayer(on: Pick<Days, "day" | "from" | "shown" | "first" | "read">): Player {
  const [playing, speed, awaited] = [ref(false), ref<Speed>(4), ref(false)];
  let turnedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function play(): Promise<void> {
    await on.read();
    if (on.first.value === "") return;
    on.from.value = undefined;
    if (on.day.value === undefined) on.day.value = on.first.value;
    playing.value = true;
    next();
  }

  function next(): void {
    clearTimeout(timer);
    timer = setTimeout(turn, 1000 / speed.value);
  }

  function turn(): void {
    if (awaited.value && Date.now() - turnedAt < longestWait) {
      timer = setTimeout(turn, lookAgain);
      return;
    }
    turnedAt = Date.now();
    on.day.value = addDays(on.shown.value, 1);
    if (on.day.value === undefined) pause();
    else next();
  }

  function pause(): void {
    clearTimeout(timer);
    playing.value = false;
  }

  return { playing, speed, awaited, play, pause };
}
