import { describe, expect, it, vi } from "vitest";
import { ApiProblem, NoAnswer } from "../api/problem";
import type { CaseSummary, Change, Operation, Outcome } from "../domain/types";
import { createActing } from "./acting";
import { createOutbox } from "./outbox";
import { both, memory, outcome, summary, surroundings } from "./testing";

const mark: Change = { kind: "case.milestone", case_id: 1, base_version: 3, milestone: "vacated" };

function setup(answers: (() => Promise<Outcome>)[]) {
  const sent: Operation[] = [];
  const waits: number[] = [];
  const settled: Outcome[] = [];
  const change = vi.fn((body: Operation) => {
    sent.push(body);
    const answer = answers.shift();
    return answer ? answer() : Promise.reject(new Error("no more answers"));
  });
  const outbox = createOutbox(memory());
  const shown: [how: string, ids: number[]][] = [];
  const note = (how: string) => (expected: readonly CaseSummary[]) =>
    void shown.push([how, expected.map(({ id }) => id)]);
  const around = surroundings({
    api: { change },
    outbox,
    foresight: { show: note("show"), confirm: note("confirm"), rollBack: note("roll back") },
    settle: async (o) => void settled.push(o),
    wait: async (ms) => void waits.push(ms),
  });
  return { acting: createActing(around), around, outbox, shown, sent, waits, settled };
}

const fine = () => Promise.resolve(outcome());

describe("acting", () => {
  it("sends one operation with device, base version and a UUID, and settles at its revision", async () => {
    const { acting, sent, settled } = setup([fine]);
    expect(await acting.perform("k", mark, both("已腾空"))).toBe(true);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ device: "web-1", changes: [mark] });
    expect(sent[0]?.op_id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(settled.map((o) => o.revision)).toEqual([7]);
    expect(acting.undoable.value).toEqual({ batchId: "batch-1", text: both("已腾空") });
  });

  it("sends a double click once", async () => {
    const { acting, sent } = setup([fine, fine]);
    const clicks = [acting.perform("k", mark, both("x")), acting.perform("k", mark, both("x"))];
    expect(await Promise.all(clicks)).toEqual([true, false]);
    expect(sent).toHaveLength(1);
  });

  it("repeats the same operation until there is an answer", async () => {
    const lost = () => Promise.reject(new NoAnswer("reset"));
    const busy = () => Promise.reject(new ApiProblem(503, "unavailable", both("稍后")));
    const { acting, sent, waits } = setup([lost, busy, lost, fine]);
    expect(await acting.perform("k", mark, both("x"))).toBe(true);
    expect(new Set(sent.map((op) => JSON.stringify(op))).size).toBe(1);
    expect(sent).toHaveLength(4);
    expect(waits.filter((ms) => ms >= 1000)).toEqual([1000, 2000, 4000]);
    expect(acting.retrying.value).toBe(false);
  });

  it("says a refusal in its own words and repeats nothing", async () => {
    const words = both("还不能标记已拆除：尚未腾空", "not yet");
    const refuse = () => Promise.reject(new ApiProblem(409, "prerequisite_missing", words));
    const { acting, sent } = setup([refuse, fine]);
    expect(await acting.perform("k", mark, both("x"))).toBe(false);
    expect(acting.failure.value).toEqual({ key: "k", text: words });
    expect(acting.undoable.value).toBeUndefined();
    expect(sent).toHaveLength(1);
    expect(await acting.perform("k", mark, both("x"))).toBe(true);
    expect(acting.failure.value).toBeUndefined();
  });

  it("gives another operation another id", async () => {
    const { acting, sent } = setup([fine, fine]);
    await acting.perform("k", mark, both("x"));
    await acting.perform("k", mark, both("x"));
    expect(sent[0]?.op_id).not.toBe(sent[1]?.op_id);
  });

  it("says that something was kept for checking, and offers no undo of it", async () => {
    const conflicts = [
      {
        grade: "hard" as const,
        noun: "case",
        noun_id: 1,
        fields: [],
        text: both("沈某已标记", "S. marked"),
      },
    ];
    const kept = () => Promise.resolve(outcome({ outcome: "quarantined", conflicts }));
    const { acting } = setup([kept]);
    await acting.perform("k", mark, both("x"));
    expect(acting.notice.value?.zh).toBe("您的内容已保留，待镇责任人核对 沈某已标记");
    expect(acting.undoable.value).toBeUndefined();
  });

  it("undoes by the batch with a reason, and an undo has no undo bar", async () => {
    const { acting, sent } = setup([fine, fine]);
    await acting.perform("k", mark, both("x"));
    expect(await acting.undo()).toBe(true);
    expect(sent[1]?.changes).toEqual([
      { kind: "batch.undo", batch_id: "batch-1", reason: "刚才误点，随即撤销" },
    ]);
    expect(acting.undoable.value).toBeUndefined();
    expect(await acting.undo()).toBe(false);
  });

  it("asks for a person before anything is sent", async () => {
    const change = vi.fn();
    const acting = createActing(surroundings({ api: { change }, askPerson: () => false }));
    expect(await acting.perform("k", mark, both("x"))).toBe(false);
    expect(change).not.toHaveBeenCalled();
  });

  it("shows what is expected before the answer, makes it firm with it, rolls it back with a refusal", async () => {
    const refuse = () => Promise.reject(new ApiProblem(409, "conflict", both("不能")));
    const { acting, shown } = setup([fine, refuse]);
    const first = acting.perform("k", mark, both("x"), [summary(1)]);
    expect(shown).toEqual([["show", [1]]]);
    await first;
    await acting.perform("k", mark, both("x"), [summary(2)]);
    expect(shown.slice(1)).toEqual([
      ["confirm", [1]],
      ["show", [2]],
      ["roll back", [2]],
    ]);
  });

  it("rolls back what was kept for a person to compare", async () => {
    const { acting, shown } = setup([async () => outcome({ outcome: "quarantined" })]);
    await acting.perform("k", mark, both("x"), [summary(1)]);
    expect(shown.map(([how]) => how)).toEqual(["show", "roll back"]);
  });

  it("sends many changes as one operation", async () => {
    const { acting, sent } = setup([fine]);
    await acting.perform("k", [mark, { ...mark, case_id: 2 }], both("x"));
    expect(sent.map((op) => op.changes.map((each) => each.case_id))).toEqual([[1, 2]]);
  });

  describe("a page that dies before the answer", () => {
    /** The page that is open now, after one that died while it waited. */
    async function reopened(answers: (() => Promise<Outcome>)[]) {
      const died = setup([() => new Promise<Outcome>(() => {})]);
      void died.acting.perform("k", mark, both("已腾空"), [summary(1)]);
      await Promise.resolve();
      const now = setup(answers);
      const around = { ...now.around, outbox: died.outbox };
      return { ...now, around, outbox: died.outbox, died };
    }

    it("is followed by one that sends the same operation, exactly once", async () => {
      const { around, sent, outbox, died, shown } = await reopened([fine]);
      const acting = createActing(around);
      await acting.resume();
      await acting.resume();
      expect(sent).toEqual(died.sent);
      expect(sent).toHaveLength(1);
      expect(shown.map(([how]) => how)).toEqual(["show", "confirm"]);
      expect(acting.undoable.value?.text).toEqual(both("已腾空"));
      expect(outbox.of("shen")).toEqual([]);
    });

    it("keeps it for the person who acted", async () => {
      const { around, sent, outbox } = await reopened([fine]);
      await createActing({ ...around, person: () => "zhou" }).resume();
      await createActing({ ...around, person: () => undefined }).resume();
      expect(sent).toHaveLength(0);
      expect(outbox.of("shen")).toHaveLength(1);
    });

    it("says a refusal, and asks for nothing again", async () => {
      const refuse = () => Promise.reject(new ApiProblem(409, "conflict", both("不能")));
      const { around, outbox } = await reopened([refuse]);
      const acting = createActing(around);
      await acting.resume();
      expect(acting.failure.value).toEqual({ key: "k", text: both("不能") });
      expect(outbox.of("shen")).toEqual([]);
    });
  });
});
