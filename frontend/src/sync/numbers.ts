import { shallowRef } from "vue";
import type { ContactDetails } from "../domain/types";
import { isRecord } from "../store/kept";
import type { Box } from "./box";

/** How many operators' numbers are taken along at most, and for how long, ms. */
export const mostNumbers = 20;
export const numbersLast = 24 * 3_600_000;

/** Who is called at an operator. */
export interface Reached {
  readonly name: string;
  readonly phone: string;
}

/** Numbers that somebody took along for a day (今日号码). */
export interface Numbers {
  readonly person: string;
  /** By the phone's clock, ms. */
  readonly at: number;
  /** By id of the operator. */
  readonly reached: Readonly<Record<number, Reached>>;
}

export interface NumbersSurroundings {
  readonly box: Pick<Box, "copy" | "putCopy">;
  /** A number in full, for a reason, where there is one; the server records it. */
  show(enterprise: number, reason: string): Promise<Partial<ContactDetails>>;
  person(): string | undefined;
  clock(): number;
}

const key = "numbers";

/** The numbers on the phone: gone after a day, with whoever took them, and where the clock was set back. */
export function createNumbers({ box, show, person, clock }: NumbersSurroundings) {
  const now = shallowRef<Numbers>();

  const holds = (found: Numbers) =>
    found.person === person() && clock() >= found.at && clock() - found.at < numbersLast;

  async function keep(taken: Numbers): Promise<void> {
    now.value = taken;
    await box.putCopy(key, taken);
  }

  async function drop(): Promise<void> {
    now.value = undefined;
    await box.putCopy(key, undefined);
  }

  /** Reads what lies on the phone, and takes off it what has had its time. */
  async function load(): Promise<void> {
    const found = await box.copy(key);
    if (!isNumbers(found)) now.value = undefined;
    else if (holds(found)) now.value = found;
    else await drop();
  }

  /** Takes the numbers of operators along, in their order, at most as many as may be; what came before one that failed stays. */
  async function take(enterprises: readonly number[], reason: string): Promise<void> {
    const who = person();
    if (who === undefined) return;
    const reached: Record<number, Reached> = {};
    try {
      for (const id of [...new Set(enterprises)].slice(0, mostNumbers)) {
        const { name = "", phone } = await show(id, reason);
        if (phone) reached[id] = { name, phone };
      }
    } finally {
      // What was shown was recorded: it is here as well, unless whoever asked has left meanwhile.
      if (person() === who && Object.keys(reached).length > 0)
        await keep({ person: who, at: clock(), reached });
    }
  }

  return {
    now,
    load,
    take,
    drop,
    /** The number of an operator, where it was taken along and has not had its time. */
    of: (enterprise: number | undefined) =>
      now.value && enterprise !== undefined && holds(now.value)
        ? now.value.reached[enterprise]
        : undefined,
    /** Takes off the phone what has had its time. */
    tidy: async () => {
      if (now.value && !holds(now.value)) await drop();
    },
  };
}

function isNumbers(found: unknown): found is Numbers {
  return isRecord(found) && isRecord(found.reached) && typeof found.at === "number";
}
