import type { CaseSummary, Operation, Text } from "../domain/types";
import { isRecord, kept } from "./kept";
import type { Keeper } from "./settings";

/** An act on its way: all that is needed to send it again as the same operation. */
export interface Sent {
  readonly op: Operation;
  /** Who acted; the operation belongs to that person. */
  readonly person: string;
  /** Says where the page shows it. */
  readonly key: string;
  /** What was done, in words. */
  readonly done: Text;
  /** The cases as they are expected to stand. */
  readonly expected: readonly CaseSummary[];
}

/** Acts without an answer yet; they outlive the page, so that a reload sends each exactly once. */
export interface Outbox {
  put(sent: Sent): void;
  drop(opId: string): void;
  of(person: string): readonly Sent[];
}

/** Where the page of the field (现场) says how much of its outbox is not sent. */
export const fieldCount = "guatu.field";

/** How many acts and photos lie in this browser and are not sent, whoever's they are. */
export function countUnsent(keeper: Keeper): () => number {
  const acts = kept<readonly unknown[]>(keeper, "guatu.outbox", [], Array.isArray);
  const counted = (key: string) =>
    kept(keeper, key, 0, (n): n is number => Number.isInteger(n)).read();
  return () => acts.read().length + counted("guatu.photos") + counted(fieldCount);
}

/** Tabs share it: each reads before it writes, and a second sending of an operation changes nothing. */
export function createOutbox(keeper: Keeper): Outbox {
  const all = kept<readonly Sent[]>(keeper, "guatu.outbox", [], areSent);
  const others = (opId: string) => all.read().filter(({ op }) => op.op_id !== opId);
  return {
    put: (sent) => all.write([...others(sent.op.op_id), sent]),
    drop: (opId) => all.write(others(opId)),
    of: (person) => all.read().filter((sent) => sent.person === person),
  };
}

function areSent(found: unknown): found is readonly Sent[] {
  return (
    Array.isArray(found) &&
    found.every((each) => isRecord(each) && isRecord(each.op) && Array.isArray(each.expected))
  );
}
