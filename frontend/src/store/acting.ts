import { type Ref, ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import { ApiProblem, failureText, NoAnswer } from "../api/problem";
import type { Change, Operation, Outcome, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import { newId } from "./new-id";

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
  /** Sends the change once, repeating the same operation until there is an answer. False: refused or not sent. */
  perform(key: string, change: Change, done: Text): Promise<boolean>;
  /** Takes back what was just done. */
  undo(): Promise<boolean>;
  forget(): void;
}

/** What acting needs of the rest of the page. */
export interface ActingSurroundings {
  api: Pick<Api, "change">;
  device: string;
  /** True when someone acts; otherwise it asks for a person. */
  askPerson(): boolean;
  /** Why nothing may be done now at all; undefined where it may. */
  closed?(): Text | undefined;
  /** Brings the page to the outcome's revision. */
  settle(outcome: Outcome): Promise<void>;
  wait?: (ms: number) => Promise<void>;
}

/** Waits between repeats; the last one goes on. */
const patience = [1000, 2000, 4000, 8000];
/** The second half of a double click must not press the button that follows. */
const doubleClick = 700;

export function createActing(around: ActingSurroundings): Acting {
  const wait = around.wait ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)));
  const pending = ref<string>();
  const retrying = ref(false);
  const failure = shallowRef<{ key: string; text: Text }>();
  const notice = shallowRef<Text>();
  const undoable = shallowRef<Undoable>();

  async function perform(key: string, change: Change, done: Text): Promise<boolean> {
    const closed = around.closed?.();
    if (closed) failure.value = { key, text: closed };
    if (closed || pending.value !== undefined || !around.askPerson()) return false;
    pending.value = key;
    forget();
    try {
      const calm = wait(doubleClick);
      const outcome = await sendUntilAnswered(operation(around.device, change));
      take(outcome, change, done);
      await Promise.all([around.settle(outcome), calm]);
      return true;
    } catch (thrown) {
      failure.value = { key, text: failureText(thrown) };
      return false;
    } finally {
      pending.value = undefined;
      retrying.value = false;
    }
  }

  async function sendUntilAnswered(body: Operation): Promise<Outcome> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await around.api.change(body);
      } catch (thrown) {
        if (!isPassing(thrown)) throw thrown;
        retrying.value = true;
        await wait(patience[Math.min(attempt, patience.length - 1)] ?? 8000);
      }
    }
  }

  function take(outcome: Outcome, change: Change, done: Text): void {
    if (outcome.outcome === "quarantined") notice.value = reasonOf(outcome, "act.quarantined");
    if (outcome.outcome === "merged") notice.value = reasonOf(outcome, "act.merged");
    const keepsNothing = outcome.outcome === "quarantined" || change.kind === "batch.undo";
    if (!keepsNothing) undoable.value = { batchId: outcome.batch_id, text: done };
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

  return { pending, retrying, failure, notice, undoable, perform, undo, forget };
}

function operation(device: string, change: Change): Operation {
  return { op_id: newId(), device, changes: [change] };
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
