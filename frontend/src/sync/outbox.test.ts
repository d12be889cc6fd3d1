import { describe, expect, it, vi } from "vitest";
import { ApiProblem, NoAnswer } from "../api/problem";
import type { Operation, Outcome, Upload } from "../domain/types";
import { type Box, boxInMemory } from "./box";
import { groupOf, stateOf } from "./deed";
import { createOutbox, type DeedDraft } from "./outbox";

const both = (zh: string) => ({ zh, en: zh });
const draft = (caseId = 1, ...photos: string[]): DeedDraft => ({
  ...{ caseId, label: `厂${caseId}`, done: both("标记已腾空"), expected: [] },
  changes: [{ kind: "case.milestone", case_id: caseId, milestone: "vacated" }],
  photos: photos.map((sha256) => ({ sha256, name: both(sha256), bytes: 3 })),
});
const file = (sha256: string) => ({ sha256, bytes: new Uint8Array([1, 2, 3]).buffer });
const refusal = new ApiProblem(409, "prerequisite_missing", both("尚未停产"), true);

/** A server that enters each operation once and stores files, with a line that can be cut. */
function setup(box: Box = boxInMemory()) {
  const world = {
    cut: false,
    person: "lu" as string | undefined,
    entered: new Map<string, Outcome>(),
    files: new Map<string, string>(),
    asked: [] as string[],
    answer: (_: Operation): unknown => undefined,
  };
  const onLine = () => {
    if (world.cut) throw new NoAnswer("cut");
  };
  const stored = (sha256: string): Upload => {
    const stored_at = world.files.get(sha256);
    return {
      sha256,
      offset: stored_at ? 3 : 0,
      complete: !!stored_at,
      ...(stored_at ? { stored_at } : {}),
    };
  };
  const around = {
    box,
    device: "phone-1",
    api: {
      change: async (op: Operation): Promise<Outcome> => {
        onLine();
        const known = world.entered.get(op.op_id);
        if (known) return known;
        world.asked.push(op.op_id);
        const other = world.answer(op);
        if (other instanceof Error) throw other;
        const outcome: Outcome = {
          ...{ op_id: op.op_id, batch_id: op.op_id, outcome: "applied" as const },
          ...{ revision: world.entered.size + 1, recorded_at: "2020-09-30T06:12:00Z", entries: [] },
          ...(other as Partial<Outcome> | undefined),
        };
        world.entered.set(op.op_id, outcome);
        return outcome;
      },
    },
    photos: {
      state: async (sha256: string) => {
        onLine();
        return stored(sha256);
      },
      send: async (sha256: string) => {
        onLine();
        world.files.set(sha256, "2020-09-30T06:13:00Z");
        return stored(sha256);
      },
    },
    person: () => world.person,
    clock: () => {
      const now = new Date(1_600_000_000_000 + ticks++ * 1000).toISOString();
      return { at: now, savedAt: now };
    },
    alone: (work: () => Promise<void>) => work(),
    told: vi.fn(),
    count: vi.fn(),
    entered: vi.fn(),
  };
  let ticks = 0;
  return { world, around, outbox: createOutbox(around) };
}

describe("the outbox", () => {
  it("has a deed on the phone before it is sent, acts before pictures, and receipts one by one", async () => {
    const { world, around, outbox } = setup();
    world.cut = true;
    for (const sha of ["a", "b"]) await around.box.putFile(file(sha));
    const deed = await outbox.save(draft(1, "a", "b"));
    expect((await around.box.deeds()).map(({ id }) => id)).toEqual([deed.id]);
    await outbox.run();
    expect([outbox.line.value, outbox.unsent.value]).toEqual(["offline", 1]);
    expect(around.count).toHaveBeenLastCalledWith(3);

    world.cut = false;
    await outbox.run();
    const [sent] = outbox.deeds.value;
    expect(sent && [stateOf(sent), groupOf(sent)]).toEqual(["entered", "sent"]);
    expect(sent?.photos.map(({ storedAt }) => storedAt)).toEqual([
      "2020-09-30T06:13:00Z",
      "2020-09-30T06:13:00Z",
    ]);
    expect(around.count).toHaveBeenLastCalledWith(0);
    expect(await around.box.fileKeys(), "kept until somebody clears them").toEqual(["a", "b"]);
  });

  it("says what its own clock showed, and how long the deed waited, anew with each try", async () => {
    const { world, around, outbox } = setup();
    const told: Operation[] = [];
    const { change } = around.api;
    around.api.change = async (op) => {
      told.push(op);
      return change(op);
    };
    world.cut = true;
    const { savedAt, op } = await outbox.save(draft());
    await outbox.run();
    world.cut = false;
    await outbox.run();
    const waits = told.map(({ waited_ms = -1 }) => waited_ms);
    expect(told.map(({ waited_ms: _, ...rest }) => rest)).toEqual(told.map(() => op));
    expect(op.device_at).toBe(savedAt);
    expect(waits.length).toBeGreaterThan(1);
    expect(waits).toEqual([...new Set(waits)].sort((a, b) => a - b));
    expect(waits[0]).toBeGreaterThan(0);
  });

  it("sends what a page that died left, once", async () => {
    const first = setup();
    first.world.cut = true;
    await first.outbox.save(draft());
    await first.outbox.run();
    const next = setup(first.around.box);
    await next.outbox.run();
    await next.outbox.run();
    expect(next.world.asked).toHaveLength(1);
    expect(next.outbox.unsent.value).toBe(0);
  });

  it("takes an answer that was lost on the way from the repeat", async () => {
    const { world, outbox } = setup();
    world.answer = () => {
      world.cut = true;
      return undefined;
    };
    const { id } = await outbox.save(draft());
    await outbox.run();
    world.cut = true;
    world.entered.set(id, {
      ...{ op_id: id, batch_id: id, outcome: "applied", revision: 9, entries: [] },
    } as Outcome);
    world.cut = false;
    await outbox.run();
    expect(outbox.deeds.value[0]?.answer?.revision).toBeGreaterThan(0);
    expect(world.asked).toHaveLength(1);
  });

  it("takes back by a compensating entry, also what is not sent yet, in its order", async () => {
    const { world, outbox } = setup();
    world.cut = true;
    const marked = await outbox.save(draft(1, "a"));
    await outbox.undo(marked.id);
    world.cut = false;
    await outbox.run();
    const [act, undo] = outbox.deeds.value;
    expect(world.asked).toEqual([marked.id, undo?.id]);
    expect(undo?.op.changes).toEqual([
      { kind: "batch.undo", batch_id: marked.id, reason: "刚才误点，随即撤销" },
    ]);
    expect(act && stateOf(act)).toBe("undone");
    expect(outbox.unsent.value, "its picture is not wanted any more").toBe(0);
  });

  it("takes nothing back that was never entered", async () => {
    const { world, outbox } = setup();
    world.cut = true;
    const marked = await outbox.save(draft());
    await outbox.undo(marked.id);
    world.cut = false;
    world.answer = () => refusal;
    await outbox.run();
    expect(outbox.deeds.value.map((deed) => stateOf(deed))).toEqual(["undone"]);
    expect(world.asked).toEqual([marked.id]);
  });

  it("keeps what was refused, with the reason, for its person to do again", async () => {
    const { world, around, outbox } = setup();
    world.answer = () => refusal;
    await around.box.putFile(file("a"));
    const deed = await outbox.save(draft(1, "a"));
    await outbox.run();
    const [refused] = outbox.deeds.value;
    expect(refused && [stateOf(refused), groupOf(refused)]).toEqual(["refused", "yours"]);
    expect(refused?.answer?.why?.zh).toBe("尚未停产");
    if (refused) await outbox.giveBack(refused, "stopped");
    expect(await around.box.draft("lu 1 stopped")).toMatchObject({ photos: [{ sha256: "a" }] });
    expect(outbox.deeds.value.map(({ id, undone }) => [id, undone])).toEqual([[deed.id, true]]);
  });

  it("says what the server kept for the town lead", async () => {
    const { world, outbox } = setup();
    const text = both("沈某已于 14:05 标记已停产，您的内容已保留，待镇责任人核对");
    world.answer = () => ({
      outcome: "quarantined",
      conflicts: [{ grade: "hard", noun: "case", noun_id: 1, fields: ["x"], text }],
    });
    await outbox.save(draft());
    await outbox.run();
    const [kept] = outbox.deeds.value;
    expect(kept && [stateOf(kept), groupOf(kept), kept.answer?.why]).toEqual([
      "contradicts",
      "sent",
      text,
    ]);
  });

  it.each([
    ["nobody is signed in", new ApiProblem(401, "session_over", both("x")), "unsigned"],
    ["the password is due", new ApiProblem(403, "password_due", both("x")), "unsigned"],
    ["it is too much at once", new ApiProblem(429, "too_many", both("x")), "offline"],
    ["the server fails", new ApiProblem(500, "unknown", both("x")), "waiting"],
  ] as const)("waits while %s", async (_, problem, line) => {
    const { world, outbox } = setup();
    world.answer = () => problem;
    await outbox.save(draft());
    await outbox.run();
    expect([outbox.line.value, outbox.unsent.value]).toEqual([line, 1]);
  });

  it("lets an act that the server fails on hold up those of its case alone", async () => {
    const { world, outbox } = setup();
    world.answer = ({ changes }) =>
      changes[0]?.case_id === 1 ? new ApiProblem(500, "unknown", both("x")) : undefined;
    world.cut = true;
    const ids = [];
    for (const n of [1, 1, 2]) ids.push((await outbox.save(draft(n))).id);
    world.cut = false;
    await outbox.run();
    expect([...world.entered.keys()]).toEqual([ids[2]]);
  });

  it("is sealed to its owner: another person sees a number and sends nothing", async () => {
    const { world, outbox } = setup();
    world.cut = true;
    await outbox.save(draft());
    world.cut = false;
    world.person = "shen";
    await outbox.run();
    expect([outbox.deeds.value.length, outbox.others.value, world.asked.length]).toEqual([0, 1, 0]);
    world.person = "lu";
    await outbox.run();
    expect(world.asked).toHaveLength(1);
  });

  it("keeps nothing and says so where the phone does not take it", async () => {
    const full = Object.assign(boxInMemory(), {
      put: async () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    });
    const { outbox, world } = setup(full);
    await expect(outbox.save(draft())).rejects.toThrow("full");
    expect([outbox.deeds.value.length, world.asked.length]).toEqual([0, 0]);
  });

  it("counts a picture stored under another hash as no receipt", async () => {
    const { around, outbox } = setup();
    await around.box.putFile(file("a"));
    around.photos.send = async () => ({ sha256: "other", offset: 3, complete: true });
    await outbox.save(draft(1, "a"));
    await outbox.run();
    expect(outbox.unsent.value).toBe(1);
  });

  it("asks the server for a picture that the browser lost, and says so where nobody has it", async () => {
    const { world, outbox } = setup();
    world.files.set("there", "2020-09-30T06:00:00Z");
    await outbox.save(draft(1, "there", "gone"));
    await outbox.run();
    const [there, gone] = outbox.deeds.value[0]?.photos ?? [];
    expect(there?.storedAt).toBe("2020-09-30T06:00:00Z");
    expect(gone?.refused?.zh).toBe("手机上已没有这张照片，请重拍");
  });
});
