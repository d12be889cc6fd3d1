import { describe, expect, it, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import { followReading } from "./reading";

/** A reading of a server that answers when it is told to. */
function setup() {
  const question = ref<string | undefined>("a");
  const revision = ref(1);
  const asked: { question: string; revision: number | undefined }[] = [];
  const answers: { resolve: (value: string) => void; reject: (why: Error) => void }[] = [];
  const rests: (() => void)[] = [];
  const read = (what: string, at: number | undefined) => {
    asked.push({ question: what, revision: at });
    return new Promise<string>((resolve, reject) => answers.push({ resolve, reject }));
  };
  const later = (task: () => void) => {
    rests.push(task);
    return () => void rests.splice(rests.indexOf(task), 1);
  };
  const scope = effectScope();
  const reading = scope.run(() => followReading(() => question.value, read, revision, later));
  if (!reading) throw new Error("the scope is over");
  const answer = async (n: number, value: string) => {
    answers[n]?.resolve(value);
    await vi.waitFor(() => expect(rests.length + answers.length).toBeGreaterThan(n));
    await nextTick();
  };
  return { question, revision, asked, answers, rests, reading, answer, scope };
}

describe("a reading", () => {
  it("asks at once, and follows a change with its revision", async () => {
    const { asked, answer, rests, reading, revision } = setup();
    expect(asked).toEqual([{ question: "a", revision: 1 }]);
    await answer(0, "first");
    expect(reading.value.value).toBe("first");
    rests.shift()?.();
    revision.value = 2;
    await nextTick();
    expect(asked[1]).toEqual({ question: "a", revision: 2 });
    expect(reading.value.value, "what was read stays meanwhile").toBe("first");
  });

  it("follows a burst of changes once, after its pause", async () => {
    const { asked, answer, rests, revision } = setup();
    for (const next of [2, 3, 4]) {
      revision.value = next;
      await nextTick();
    }
    expect(asked).toHaveLength(1);
    await answer(0, "first");
    expect(asked, "it rests first").toHaveLength(1);
    rests.shift()?.();
    expect(asked).toHaveLength(2);
    expect(asked[1]?.revision).toBe(4);
  });

  it("drops what was read, and the answer that comes late, at another question", async () => {
    const { question, asked, answer, reading } = setup();
    question.value = "b";
    await nextTick();
    expect(asked.map((each) => each.question)).toEqual(["a", "b"]);
    await answer(1, "of b");
    await answer(0, "of a");
    expect(reading.value.value).toBe("of b");
    question.value = "c";
    await nextTick();
    expect(reading.value.value).toBeUndefined();
  });

  it("asks nothing without a question, and forgets the answer of the one before", async () => {
    const { question, asked, answers, reading } = setup();
    question.value = undefined;
    await nextTick();
    answers[0]?.resolve("late");
    await nextTick();
    expect(asked).toHaveLength(1);
    expect(reading.value.value).toBeUndefined();
  });

  it("keeps what was read beside the failure, and tries again", async () => {
    const { answers, answer, rests, reading, revision } = setup();
    await answer(0, "first");
    rests.shift()?.();
    revision.value = 2;
    await nextTick();
    answers[1]?.reject(new Error("away"));
    await vi.waitFor(() => expect(reading.failure.value).toBeDefined());
    expect(reading.value.value).toBe("first");
    reading.retry();
    await answer(2, "second");
    expect(reading.value.value).toBe("second");
    expect(reading.failure.value).toBeUndefined();
  });

  it("ends with its scope", async () => {
    const { scope, question, asked } = setup();
    scope.stop();
    question.value = "b";
    await nextTick();
    expect(asked).toHaveLength(1);
  });
});
