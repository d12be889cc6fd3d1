import { computed, type Ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import type { PhotoApi } from "../api/photos";
import { failureText, NoAnswer } from "../api/problem";
import { refusalOf, sha256Of } from "../domain/photo-file";
import type { Text } from "../domain/types";
import { newId } from "./new-id";
import { attach, isPassing, upload } from "./photo-sender";
import type { Shelf, Waiting } from "./photo-shelf";

/** A photo on its way, as it is shown. */
export interface Queued extends Waiting {
  readonly state: "kept" | "sending" | "offline" | "delivered" | "refused";
  /** Share of the bytes that the server has, 0 to 1. */
  readonly sent: number;
  readonly why?: Text;
}

/** For which slot of which case photos are chosen. */
export interface Wanted {
  caseId: number;
  milestone: string;
  slot?: string | undefined;
}

export interface PhotoQueue {
  readonly list: Readonly<Ref<readonly Queued[]>>;
  /** Those that the server has not entered. */
  readonly waiting: Readonly<Ref<readonly Queued[]>>;
  /**
   * Takes files in, each for the next of the wanted places, what is over for the last; those that
   * are no photos are refused at once, in words.
   */
  add(files: readonly File[], wanted: readonly Wanted[]): Promise<Text | undefined>;
  /** Takes up what an earlier page of this person left. */
  restore(): Promise<void>;
  /** Tries now. */
  run(): void;
  /** Forgets one that was refused. */
  discard(id: string): Promise<void>;
}

export interface QueueSurroundings {
  api: Pick<Api, "change">;
  photos: Pick<PhotoApi, "state" | "send">;
  shelf: Shelf;
  device: string;
  person(): string | undefined;
  /** A photo is on the server; its case is to be read again from this revision. */
  delivered(caseId: number, revision: number): void;
  /** How many wait, for the next page to know. */
  count(n: number): void;
  wait?: (ms: number) => Promise<void>;
}

/**
 * Photos that are sent one after the other: first the file, then the operation that attaches it.
 * A photo is on the shelf before it is shown, and leaves it with the server's word alone, or when
 * its person discards one that was refused.
 */
export function createPhotoQueue(around: QueueSurroundings): PhotoQueue {
  const { shelf } = around;
  const list = shallowRef<readonly Queued[]>([]);
  const waiting = computed(() => list.value.filter(({ state }) => state !== "delivered"));

  function show(id: string, how: Partial<Queued>): void {
    list.value = list.value.map((each) => (each.id === id ? { ...each, ...how } : each));
    around.count(waiting.value.length);
  }

  function enter(photos: readonly Waiting[]): void {
    const fresh = photos.map((each): Queued => ({ ...each, state: "kept", sent: 0 }));
    list.value = [...list.value, ...fresh];
    around.count(waiting.value.length);
    run();
  }

  const run = createLoop(around, (failed) => {
    const ready = ({ state, person }: Queued) =>
      (state === "kept" || state === "offline") && person === around.person();
    const next = list.value.find(ready);
    if (!next) return undefined;
    return deliver(around, next, show).then((done) => (done ? undefined : failed()));
  });

  async function restore(): Promise<void> {
    const known = new Set(list.value.map(({ id }) => id));
    const mine = ({ id, person }: Waiting) => person === around.person() && !known.has(id);
    const found = (await shelf.all()).filter(mine);
    enter(found.sort((a, b) => a.addedAt.localeCompare(b.addedAt)));
  }

  async function add(files: readonly File[], wanted: readonly Wanted[]): Promise<Text | undefined> {
    let refusal: Text | undefined;
    const places = [...wanted];
    for (const file of files) {
      const [target, person] = [places[0], around.person()];
      if (!target || !person) break;
      const wrong = await refusalOf(file);
      refusal = wrong ?? refusal;
      if (wrong) continue;
      if (places.length > 1) places.shift();
      const photo = await waitingOf(file, target, person);
      await shelf.put(photo);
      enter([photo]);
    }
    return refusal;
  }

  async function discard(id: string): Promise<void> {
    await shelf.drop(id);
    list.value = list.value.filter((each) => each.id !== id);
    around.count(waiting.value.length);
  }

  return { list, waiting, add, restore, run, discard };
}

async function waitingOf(file: File, target: Wanted, person: string): Promise<Waiting> {
  const sha256 = await sha256Of(file);
  const addedAt = new Date().toISOString();
  return { ...target, id: newId(), person, sha256, name: file.name, addedAt, blob: file };
}

/** True: it has its answer. False: not now. */
async function deliver(
  { api, photos, shelf, device, delivered }: QueueSurroundings,
  photo: Queued,
  show: (id: string, how: Partial<Queued>) => void,
): Promise<boolean> {
  const { id, caseId } = photo;
  try {
    await upload(photos, photo, (sent) => show(id, { state: "sending", sent }));
    const revision = await attach(api, device, photo);
    await shelf.drop(id);
    show(id, { state: "delivered", sent: 1, blob: new Blob() });
    delivered(caseId, revision);
    return true;
  } catch (thrown) {
    const passing = isPassing(thrown);
    if (passing) show(id, { state: thrown instanceof NoAnswer ? "offline" : "kept" });
    else show(id, { state: "refused", why: failureText(thrown) });
    return !passing;
  }
}

/** Waits between tries, ms; the last goes on. */
const patience = [1000, 2000, 4000, 8000, 15_000, 30_000];

/**
 * Does one thing after the other until there is nothing left, and waits longer after each failure
 * in a row; called while it waits it goes on at once.
 */
function createLoop(
  { wait = (ms) => new Promise((done) => setTimeout(done, ms)) }: Pick<QueueSurroundings, "wait">,
  next: (failed: () => Promise<void>) => Promise<unknown> | undefined,
): () => void {
  let running = false;
  let nudge = () => {};

  async function work(): Promise<void> {
    let failures = 0;
    const failed = () => {
      const ms = patience[Math.min(failures++, patience.length - 1)] ?? 30_000;
      const nudged = new Promise<void>((go) => {
        nudge = go;
      });
      return Promise.race([wait(ms), nudged]);
    };
    for (let doing = next(failed); doing; doing = next(failed)) {
      const before = failures;
      await doing;
      if (failures === before) failures = 0;
    }
  }

  return () => {
    nudge();
    if (running) return;
    running = true;
    void work().finally(() => {
      running = false;
    });
  };
}
