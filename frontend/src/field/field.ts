import { computed, type Ref, ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import type { PhotoApi } from "../api/photos";
import { ApiProblem, failureText, NoAnswer } from "../api/problem";
import { type Task, tasksOf } from "../domain/field-tasks";
import { civilDay } from "../domain/format";
import type { CaseSummary, Text } from "../domain/types";
import { bothWords, words } from "../domain/words";
import type { AreaGeometry } from "../geo/shapes";
import { FlatParcels } from "../store/flat-parcels";
import { createSession } from "../store/session";
import type { Settings } from "../store/settings";
import type { Box } from "../sync/box";
import { type Deed, stateOf } from "../sync/deed";
import { createFieldDrafts } from "../sync/drafts";
import { createLock, type Lock } from "../sync/lock";
import type { LockStore } from "../sync/lock-store";
import { createNumbers } from "../sync/numbers";
import { createOutbox, type Outbox, type OutboxSurroundings } from "../sync/outbox";
import type { Place } from "../sync/place";
import { createSnapshot, NotKept, type SnapshotKeeper } from "../sync/snapshot";
import { createDoors, type Doors } from "./doors";

export interface FieldSurroundings extends Pick<OutboxSurroundings, "alone" | "told" | "count"> {
  readonly api: Api;
  readonly box: Box;
  readonly photos: Pick<PhotoApi, "state" | "send">;
  readonly settings: Settings;
  readonly place: Place;
  /** Where the PIN lies; undefined where the browser keeps nothing. */
  readonly lock: LockStore | undefined;
  readonly deviceName: string;
  /** Seconds since somebody touched the phone. */
  quiet(): number;
  /** The phone's clock, ms. */
  clock(): number;
}

/** The state of the page 现场. */
export type Field = ReturnType<typeof createField>;

/** How long what was marked can be taken back with one tap, ms. */
export const undoTime = 5000;

export function createField(around: FieldSurroundings) {
  const { api, box, settings } = around;
  const session = createSession(api, around.quiet);
  const snapshot = createSnapshot(api, box, around.clock);
  const lock = createLock(around.lock, around.quiet);
  /** Nobody answered when it was asked last. */
  const away = ref(false);
  /** The phone's clock as it was looked at last, ms: the day changes with it. */
  const seen = ref(around.clock());
  /** Who works here: whom the server knows, or, while nobody answers, whose list lies on the phone. */
  const person = computed(
    () => session.person.value ?? (away.value ? snapshot.now.value?.person : undefined),
  );
  const ahead = computed(() => snapshot.now.value?.ahead ?? 0);
  const now = () => new Date(around.clock() + ahead.value).toISOString();
  const today = computed(() => civilDay(new Date(seen.value + ahead.value).toISOString()));
  const outbox = createOutbox({
    ...around,
    device: settings.device,
    person: () => person.value?.id,
    clock: () => ({ at: now(), savedAt: new Date(around.clock()).toISOString() }),
    entered: (revision) => void errands.refresh(revision),
  });
  const numbers = numbersOf(around, () => person.value?.id);
  const campaign = computed(() => snapshot.now.value?.campaign);
  const parts = { session, snapshot, outbox, lock, numbers };
  const doors = createDoors(api, { ...parts, deviceName: around.deviceName });
  const errands = createErrands(around, { ...parts, away, seen, doors });

  return {
    ...parts,
    ...{ settings, person, campaign, today, away, now, box, api, ahead },
    ...doors,
    ...createTaskReading(snapshot.now, outbox, person, today),
    ...errands,
    drafts: createFieldDrafts(box, () => person.value?.id),
    place: around.place,
    parcels: createParcelReading(snapshot.now),
    offline: computed(() => away.value || outbox.line.value === "offline"),
    view: createView(),
    /** Milliseconds that the phone's clock is ahead of the server's; 0 where a campaign has its own time. */
    skew: computed(() => (campaign.value?.clock.mode === "real" ? -ahead.value : 0)),
  };
}

/** Numbers taken along; each is asked for as it is shown on the desk. */
function numbersOf({ api, box, clock }: FieldSurroundings, person: () => string | undefined) {
  return createNumbers({
    ...{ box, clock, person },
    show: async (enterprise, reason) => {
      const contacts = await api.contacts();
      return contacts.show(enterprise, reason).catch((thrown: unknown) => {
        // Nobody is entered there: the others are asked for all the same.
        if (thrown instanceof ApiProblem && thrown.status === 404) return {};
        throw thrown;
      });
    },
  });
}

interface ErrandParts {
  readonly session: ReturnType<typeof createSession>;
  readonly snapshot: SnapshotKeeper;
  readonly outbox: Outbox;
  readonly away: Ref<boolean>;
  readonly seen: Ref<number>;
  readonly lock: Lock;
  readonly doors: Pick<Doors, "code" | "leave">;
  readonly numbers: { load(): Promise<void> };
}

/** What is asked of the server and told it. */
function createErrands(
  { api, settings, clock }: FieldSurroundings,
  { session, snapshot, outbox, away, seen, lock, doors, numbers }: ErrandParts,
) {
  const unit = ref(settings.keeper.getItem("guatu.field-unit") ?? "");
  /** Why the list is not up to date, or will not be there without a network. */
  const trouble = shallowRef<Text>();

  /** Asks for news, from a revision on; a server that is away leaves what is here. */
  async function refresh(from?: number): Promise<void> {
    const who = session.person.value;
    if (!who || session.due.value) return;
    const known = who.unit ?? (unit.value || snapshot.now.value?.unit);
    try {
      const wanted = known ?? (await api.campaign()).units[0]?.code ?? "";
      await snapshot.refresh(who, wanted, from);
      [away.value, trouble.value] = [false, undefined];
    } catch (thrown) {
      away.value = thrown instanceof NoAnswer;
      trouble.value = away.value ? undefined : staleBecause(thrown);
    }
  }

  /** Who is here, what is new, and what waits: at the start, and whenever there may be an answer again. */
  async function wake(): Promise<void> {
    seen.value = clock();
    // Nobody is here yet; or nobody any more, and another tab may have said so.
    if (doors.code.value !== undefined) return;
    await lock.load();
    if (lock.leaving.value) return doors.leave();
    away.value = await session.load().then(
      () => false,
      () => true,
    );
    if (session.state.value?.device && !lock.has.value) return doors.leave(bothWords("pin.gone"));
    const [who, before] = [session.person.value, snapshot.now.value];
    if (who && before && before.person.id !== who.id) await snapshot.wipe();
    await outbox.restore();
    await numbers.load();
    await Promise.all([refresh(), outbox.run()]);
  }

  async function chooseUnit(code: string): Promise<void> {
    unit.value = code;
    settings.keeper.setItem("guatu.field-unit", code);
    await refresh();
  }

  return { trouble, refresh, wake, chooseUnit };
}

/** Why the list was not brought up to date, or not kept. */
function staleBecause(thrown: unknown): Text {
  if (thrown instanceof NotKept) return bothWords("field.list_not_kept");
  const why = failureText(thrown);
  return {
    zh: words("zh", "field.list_stale", { why: why.zh }),
    en: words("en", "field.list_stale", { why: why.en }),
  };
}

/** Cases as the phone expects them, and what is to be done. */
function createTaskReading(
  snapshot: SnapshotKeeper["now"],
  outbox: Outbox,
  person: { readonly value: Parameters<typeof tasksOf>[2] | undefined },
  today: { readonly value: string },
) {
  const cases = computed(() => {
    const { cases: known = [], revision = 0 } = snapshot.value ?? {};
    const found = new Map(known.map((each) => [each.id, each]));
    const expected = outbox.deeds.value.filter((deed) => isAhead(deed, revision));
    for (const each of expected.flatMap((deed) => deed.expected))
      if (found.has(each.id)) found.set(each.id, each);
    return found;
  });
  const tasks = computed<readonly Task[]>(() => {
    const [now, who] = [snapshot.value, person.value];
    return now && who ? tasksOf(now.campaign, [...cases.value.values()], who, today.value) : [];
  });
  return { cases, tasks };
}

/** Whether a deed stands and the list, which is of a revision, does not have it yet. */
function isAhead(deed: Deed, revision: number): boolean {
  const stands = ["kept", "sending", "entered"].includes(stateOf(deed));
  return stands && (!deed.answer || deed.answer.revision > revision);
}

/** The ground of the cases, read when somebody asks. */
function createParcelReading(snapshot: SnapshotKeeper["now"]) {
  const parcels = computed(() => {
    const layer = snapshot.value?.parcels;
    return layer && new FlatParcels(layer);
  });
  const ground = ({ parcels: ids = [] }: CaseSummary): AreaGeometry => ({
    type: "MultiPolygon",
    coordinates: ids.flatMap((id) => {
      const geometry = parcels.value?.get(id)?.geometry;
      if (!geometry) return [];
      return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    }),
  });
  return { all: parcels, ground };
}

/** What of the page is open. */
function createView() {
  const tab = ref<"tasks" | "map" | "outbox" | "me">("tasks");
  /** The case in the sheet. */
  const open = ref<number>();
  /** A picture of what was just done, for the bar with 撤销. */
  const undoable = shallowRef<{ readonly id: string; readonly done: Text }>();
  const notice = shallowRef<Text>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function offerUndo(id: string, done: Text): void {
    clearTimeout(timer);
    undoable.value = { id, done };
    timer = setTimeout(() => {
      undoable.value = undefined;
    }, undoTime);
  }
  function say(text: Text): void {
    notice.value = text;
    clearTimeout(timer);
    timer = setTimeout(() => {
      notice.value = undefined;
    }, undoTime);
  }
  return { tab, open, undoable, notice, offerUndo, say };
}
