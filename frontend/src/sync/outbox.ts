import { computed, type Ref, ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import type { PhotoApi } from "../api/photos";
import { ApiProblem, failureText, NoAnswer } from "../api/problem";
import type { Operation, Text } from "../domain/types";
import { bothWords, type Language, pick, words } from "../domain/words";
import { newId } from "../store/new-id";
import { upload } from "../store/photo-sender";
import type { Box } from "./box";
import { type Answer, byTime, countOf, type Deed, isUnsent, photosLeft } from "./deed";
import { createFieldDrafts, draftOf } from "./drafts";

export interface OutboxSurroundings {
  readonly box: Box;
  readonly api: Pick<Api, "change">;
  readonly photos: Pick<PhotoApi, "state" | "send">;
  readonly device: string;
  /** Who is signed in, as far as this phone knows. */
  person(): string | undefined;
  /** Now, by the server's clock as far as this phone knows it; and by its own. */
  clock(): { readonly at: string; readonly savedAt: string };
  /** Does the work in this tab alone; where another tab is at it, not at all. */
  alone(work: () => Promise<void>): Promise<void>;
  /** The box has other contents: other tabs look again. */
  told(): void;
  /** How many acts and photos wait, whoever's they are. */
  count(n: number): void;
  /** The server has entered something; what it says from this revision on is news. */
  entered(revision: number): void;
}

/** What a deed is before it has an id and a time. */
export type DeedDraft = Pick<Deed, "caseId" | "label" | "done" | "photos" | "expected"> & {
  readonly changes: Operation["changes"];
};

/** How sending stands. */
export type Line = "idle" | "sending" | "offline" | "unsigned" | "waiting";

export interface Outbox {
  /** This person's, in the order in which they were done. */
  readonly deeds: Readonly<Ref<readonly Deed[]>>;
  /** How many things of others lie here, which are neither shown nor sent. */
  readonly others: Readonly<Ref<number>>;
  /** The deed on its way, and how much of which picture is there. */
  readonly going: Readonly<Ref<string | undefined>>;
  readonly shares: Readonly<Ref<ReadonlyMap<string, number>>>;
  readonly line: Readonly<Ref<Line>>;
  readonly unsent: Readonly<Ref<number>>;
  /** Puts a deed on the phone, durably, and begins to send. Rejects, and keeps nothing, where the phone does not take it. */
  save(draft: DeedDraft, draftKey?: string): Promise<Deed>;
  /** Takes a deed back by a compensating entry, which is sent after it; with the reason for it where it is not done at once. */
  undo(id: string, reason?: string): Promise<void>;
  /** Looks again what lies in the box. */
  restore(): Promise<void>;
  /** Sends what there is: acts first, in their order, then pictures. */
  run(): Promise<void>;
  /** Gives what was entered of a refused deed back as a draft, to be done again for a milestone; the deed is settled by it. */
  giveBack(deed: Deed, milestone: string): Promise<void>;
}

/**
 * The outbox of the field. A deed is on the disk before the button answers and stays there until
 * the server has entered it; its pictures stay until the server has named the hash it stored.
 */
export function createOutbox(around: OutboxSurroundings): Outbox {
  const { box } = around;
  const deeds = shallowRef<readonly Deed[]>([]);
  const others = ref(0);
  const going = ref<string>();
  const shares = shallowRef<ReadonlyMap<string, number>>(new Map());
  const line = ref<Line>("idle");
  const unsent = computed(() => deeds.value.filter(isUnsent).length);

  async function restore(): Promise<void> {
    const all = (await box.deeds()).sort(byTime);
    const mine = (deed: Deed) => deed.person === around.person();
    deeds.value = all.filter(mine);
    others.value = all.filter((deed) => !mine(deed) && isUnsent(deed)).length;
    around.count(countOf(all));
  }

  /** Changes what lies in the box, and shows it here and in other tabs. */
  async function change(id: string, how: (deed: Deed) => Deed | undefined): Promise<void> {
    await box.change(id, how);
    await restore();
    around.told();
  }

  async function put(deed: Deed, draftKey?: string): Promise<Deed> {
    await box.put(deed, draftKey);
    await restore();
    around.told();
    void run();
    return deed;
  }

  const run = createRun(() =>
    around.alone(async () => {
      await restore();
      if (around.person() === undefined || unsent.value === 0) return;
      line.value = "sending";
      line.value = await sendAll(around, { deeds, going, shares, change });
      [going.value, shares.value] = [undefined, new Map()];
    }),
  );

  return {
    ...{ deeds, others, going, shares, line, unsent, restore, run },
    save: async (draft, draftKey) => put(deedOf(around, draft), draftKey),
    async undo(id, reason = bothWords("act.undo_reason_at_once").zh) {
      const taken = deeds.value.find((deed) => deed.id === id);
      if (taken) await put({ ...deedOf(around, undoing(taken, reason)), undoes: id });
    },
    async giveBack(deed, milestone) {
      const drafts = createFieldDrafts(box, around.person);
      await drafts.write(drafts.keyOf(deed.caseId, milestone), draftOf(deed));
      await change(deed.id, (each) => ({ ...each, undone: true }));
    },
  };
}

/** A deed of now, by whoever is signed in. */
function deedOf(
  { person, clock, device }: OutboxSurroundings,
  { changes, ...said }: DeedDraft,
): Deed {
  const who = person();
  if (who === undefined) throw new Error("nobody is signed in");
  const [id, { at, savedAt }] = [newId(), clock()];
  const op: Operation = {
    ...{ op_id: id, device, happened_at: at, device_at: savedAt },
    changes: [...changes],
  };
  return { ...said, id, person: who, at, savedAt, op };
}

/** The compensating entry of a deed. A batch has the id of its operation: it can be named before it is there. */
function undoing({ id, caseId, label, done }: Deed, reason: string): DeedDraft {
  const said = (language: Language) =>
    words(language, "field.undo_of", { what: pick(language, done) });
  return {
    ...{ caseId, label, photos: [], expected: [], done: { zh: said("zh"), en: said("en") } },
    changes: [{ kind: "batch.undo", batch_id: id, reason }],
  };
}

/** Does something once at a time; asked meanwhile, once more afterwards. */
function createRun(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;
  const go = async (): Promise<void> => {
    do {
      again = false;
      await work();
    } while (again);
  };
  return () => {
    again = running !== undefined;
    running ??= go().finally(() => {
      running = undefined;
    });
    return running;
  };
}

interface Sending {
  readonly deeds: Ref<readonly Deed[]>;
  readonly going: Ref<string | undefined>;
  readonly shares: Ref<ReadonlyMap<string, number>>;
  change(id: string, how: (deed: Deed) => Deed | undefined): Promise<void>;
}

/** Acts, then pictures; ends early where nothing gets through. */
async function sendAll(around: OutboxSurroundings, sending: Sending): Promise<Line> {
  return (await sendActs(around, sending)) ?? (await sendFiles(around, sending)) ?? "idle";
}

async function sendActs(around: OutboxSurroundings, sending: Sending): Promise<Line | undefined> {
  // A case whose act has to wait: what was done to it later waits as well.
  const held = new Set<number>();
  for (const { id } of sending.deeds.value.filter(({ answer, undone }) => !answer && !undone)) {
    const deed = sending.deeds.value.find((each) => each.id === id);
    if (!deed || held.has(deed.caseId)) continue;
    sending.going.value = id;
    const barred = await sendAct(around, sending, deed).catch(barrierOf);
    if (barred && barred !== "waiting") return barred;
    if (barred) held.add(deed.caseId);
  }
  return held.size > 0 ? "waiting" : undefined;
}

async function sendAct(around: OutboxSurroundings, sending: Sending, deed: Deed): Promise<void> {
  const { undoes } = deed;
  const taken = sending.deeds.value.find(({ id }) => id === undoes);
  if (taken?.answer?.outcome === "refused") {
    // It was never entered: there is nothing to take back.
    await sending.change(taken.id, (each) => ({ ...each, undone: true }));
    return sending.change(deed.id, () => undefined);
  }
  const answer = await answerTo(around, deed);
  await sending.change(deed.id, (each) => ({ ...each, answer }));
  if (undoes && answer.outcome !== "refused")
    await sending.change(undoes, (each) => ({ ...each, undone: true }));
  if (answer.outcome !== "refused") around.entered(answer.revision);
}

/** The server's word; throws where there is none yet. */
async function answerTo({ api, clock }: OutboxSurroundings, deed: Deed): Promise<Answer> {
  // By one clock, whatever it shows; one that was set back since then says nothing.
  const waited_ms = Math.max(0, Date.parse(clock().savedAt) - Date.parse(deed.savedAt));
  const op = deed.op.device_at ? { ...deed.op, waited_ms } : deed.op;
  try {
    const { outcome, revision, recorded_at, conflicts = [] } = await api.change(op);
    const why = conflicts.find(({ text }) => text)?.text;
    const conflict = conflicts.find(({ conflict_id }) => conflict_id)?.conflict_id;
    const at = recorded_at ?? clock().at;
    return { outcome, revision, at, ...(why ? { why } : {}), ...(conflict ? { conflict } : {}) };
  } catch (thrown) {
    if (barrierOf(thrown)) throw thrown;
    return { outcome: "refused", revision: 0, at: clock().at, why: failureText(thrown) };
  }
}

async function sendFiles(around: OutboxSurroundings, sending: Sending): Promise<Line | undefined> {
  const wanted = sending.deeds.value.flatMap((deed) =>
    photosLeft(deed).map(({ sha256 }) => ({ deed, sha256 })),
  );
  for (const { deed, sha256 } of wanted) {
    sending.going.value = deed.id;
    const receipt = await sendFile(around, sending, sha256).catch((thrown: unknown) => {
      const barred = barrierOf(thrown);
      return barred ?? { refused: failureText(thrown) };
    });
    if (typeof receipt === "string") return receipt;
    await sending.change(deed.id, (each) => ({
      ...each,
      photos: each.photos.map((photo) =>
        photo.sha256 === sha256 ? { ...photo, ...receipt } : photo,
      ),
    }));
  }
  return undefined;
}

/** The receipt: only the server's word on this very hash is one. */
async function sendFile(
  { box, photos, clock }: OutboxSurroundings,
  { shares }: Sending,
  sha256: string,
): Promise<{ storedAt: string } | { refused: Text }> {
  const file = await box.file(sha256);
  const blob = file && new Blob([file.bytes]);
  // The browser cleared it: perhaps the server has it all the same.
  if (!blob) {
    const known = await photos.state(sha256);
    if (!known.complete) return { refused: bothWords("field.photo_lost") };
    return { storedAt: known.stored_at ?? clock().at };
  }
  const stored = await upload(photos, { sha256, blob }, (share) => {
    shares.value = new Map(shares.value).set(sha256, share);
  });
  if (!stored.complete || stored.sha256 !== sha256) throw new Error("stored under another hash");
  return { storedAt: stored.stored_at ?? clock().at };
}

/** What bars the way, where the same may get through later; undefined: the server has decided. */
function barrierOf(thrown: unknown): Exclude<Line, "idle" | "sending"> | undefined {
  if (thrown instanceof NoAnswer) return "offline";
  if (!(thrown instanceof ApiProblem)) return "waiting";
  if (thrown.recorded) return undefined;
  // Nobody is signed in, or somebody who must do something else first (a new password).
  if (thrown.status === 401 || thrown.status === 403) return "unsigned";
  if (thrown.passing) return "offline";
  return thrown.status >= 500 ? "waiting" : undefined;
}
