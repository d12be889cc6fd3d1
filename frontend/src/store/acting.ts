import { type Ref, ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import { ApiProblem, failureText, NoAnswer } from "../api/problem";
import type { CaseSummary, Change, Operation, Outcome, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import { newId } from "./new-id";
import type { Outbox, Sent } from "./outbox";

/** What can be taken back for a few seconds. */
export interface Undoable {
  batchId: string;
  /** What was done. */
  text: Text;
}

/** The one way by which this page changes anything. */
export interface Acting {
  /** Key of the act being saved; every other act waits. */
  pending: Ref<string | undefined>;
  /** The server is away; the same operation is being repeated. */
  retrying: Ref<boolean>;
  /** Why an act was refused; `key` says where to show it. */
  failure: Ref<{ key: string; text: Text } | undefined>;
  /** What must be known beside success: kept for checking, or merged. */
  notice: Ref<Text | undefined>;
  undoable: Ref<Undoable | undefined>;
  /**
   * Sends the changes as one operation, repeating it until there is an answer. `expected` is
   * shown at once and rolled back if it is refused. False: refused or not sent.
   */
  perform(
    key: string,
    change: Change | readonly Change[],
    done: Text,
    expected?: readonly CaseSummary[],
  ): Promise<boolean>;
  /** Sends again what an earlier page of this person left without an answer. */
  resume(): Promise<void>;
  /** Takes back what was just done. */
  undo(): Promise<boolean>;
  forget(): void;
}

/** What the page shows of an act before its answer. */
export interface Foresight {
  show(expected: readonly CaseSummary[]): void;
  /** The server agreed. */
  confirm(expected: readonly CaseSummary[]): void;
  /** The server refused. */
  rollBack(expected: readonly CaseSummary[]): void;
}

/** What acting needs of the rest of the page. */
export interface ActingSurroundings {
  api: Pick<Api, "change">;
  device: string;
  outbox: Outbox;
  foresight: Foresight;
  /** Who acts, if someone does. */
  person(): string | undefined;
  /** True when someone acts; otherwise it asks for a person. */
  askPerson(): boolean;
  /** Why nothing may be done now at all; undefined where it may. */
  closed?(): Text | undefined;
  /** Brings the page to the outcome's revision. */
  settle(outcome: Outcome, sent: Sent): Promise<void>;
  wait?: (ms: number) => Promise<void>;
}

/** Waits between repeats; the last one goes on. */
const patience = [1000, 2000, 4000, 8000];
/** The second half of a double click must not press the button that follows. */
const doubleClick = 700;

export function createActing(around: ActingSurroundings): Acting {
  const { outbox, foresight } = around;
  const wait = around.wait ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)));
  const pending = ref<string>();
  const retrying = ref(false);
  const failure = shallowRef<{ key: string; text: Text }>();
  const notice = shallowRef<Text>();
  const undoable = shallowRef<Undoable>();

  async function perform(
    key: string,
    change: Change | readonly Change[],
    done: Text,
    expected: readonly CaseSummary[] = [],
  ): Promise<boolean> {
    const closed = around.closed?.();
    if (closed) failure.value = { key, text: closed };
    if (closed || pending.value !== undefined || !around.askPerson()) return false;
    const op = operation(around.device, Array.isArray(change) ? change : [change]);
    return send({ op, person: around.person() ?? "", key, done, expected });
  }

  /** Kept before it is sent: a page that dies now finds it again. */
  async function send(sent: Sent): Promise<boolean> {
    pending.value = sent.key;
    forget();
    outbox.put(sent);
    foresight.show(sent.expected);
    try {
      const calm = wait(doubleClick);
      const outcome = await answerTo(sent, around, pause);
      notice.value = noticeOf(outcome);
      undoable.value = undoableOf(outcome, sent);
      await Promise.all([around.settle(outcome, sent), calm]);
      return true;
    } catch (thrown) {
      failure.value = { key: sent.key, text: failureText(thrown) };
      return false;
    } finally {
      pending.value = undefined;
      retrying.value = false;
    }
  }

  async function pause(ms: number): Promise<void> {
    retrying.value = true;
    await wait(ms);
  }

  async function resume(): Promise<void> {
    const person = around.person();
    if (person === undefined || pending.value !== undefined) return;
    for (const sent of outbox.of(person)) await send(sent);
  }

  async function undo(): Promise<boolean> {
    const last = undoable.value;
    if (!last) return false;
    const reason = bothWords("act.undo_reason_at_once").zh;
    const change: Change = { kind: "batch.undo", batch_id: last.batchId, reason };
    return perform("undo", change, bothWords("act.undone"));
  }

  function forget(): void {
    failure.value = undefined;
    notice.value = undefined;
    undoable.value = undefined;
  }

  return { pending, retrying, failure, notice, undoable, perform, resume, undo, forget };
}

/** Waits for the answer; with it the outbox forgets, and what was shown stands or goes. */
async function answerTo(
  { op, expected }: Sent,
  { api, outbox, foresight }: ActingSurroundings,
  pause: (ms: number) => Promise<void>,
): Promise<Outcome> {
  try {
    const outcome = await repeated(() => api.change(op), pause);
    foresight[outcome.outcome === "quarantined" ? "rollBack" : "confirm"](expected);
    return outcome;
  } catch (thrown) {
    foresight.rollBack(expected);
    throw thrown;
  } finally {
    outbox.drop(op.op_id);
  }
}

/** Asks until there is an answer, waiting in between. */
async function repeated<T>(ask: () => Promise<T>, wait: (ms: number) => Promise<void>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (thrown) {
      if (!isPassing(thrown)) throw thrown;
      await wait(patience[Math.min(attempt, patience.length - 1)] ?? 8000);
    }
  }
}

function undoableOf(outcome: Outcome, { op, done }: Sent): Undoable | undefined {
  // Draws, orders, meetings, reminders and what was taken back have ways of their own, or none.
  const undoes = op.changes.some(({ kind }) =>
    /^(batch\.undo|revisit\.draw|order\.|meeting\.|case\.remind)/.test(kind),
  );
  const keepsNothing = outcome.outcome === "quarantined" || undoes;
  return keepsNothing ? undefined : { batchId: outcome.batch_id, text: done };
}

function noticeOf(outcome: Outcome): Text | undefined {
  if (outcome.outcome === "quarantined") return reasonOf(outcome, "act.quarantined");
  return outcome.outcome === "merged" ? reasonOf(outcome, "act.merged") : undefined;
}

function operation(device: string, changes: readonly Change[]): Operation {
  return { op_id: newId(), device, changes: [...changes] };
}

function isPassing(thrown: unknown): boolean {
  return thrown instanceof NoAnswer || (thrown instanceof ApiProblem && thrown.passing);
}

/** The server's own sentences after ours. */
function reasonOf(outcome: Outcome, key: "act.quarantined" | "act.merged"): Text {
  const [own, said] = [
    bothWords(key),
    outcome.conflicts?.flatMap((c) => (c.text ? [c.text] : [])) ?? [],
  ];
  const join = (language: keyof Text) => [own[language], ...said.map((s) => s[language])].join(" ");
  return { zh: join("zh"), en: join("en") };
}
