import { describe, expect, it } from "vitest";
import { boxInMemory } from "./box";
import type { Deed } from "./deed";
import { queueFileOf, readQueueFile } from "./queue-file";
import { dropDelivered, forgetOld } from "./tidy";

const both = (zh: string) => ({ zh, en: zh });
const deed = (id: string, more: Partial<Deed> = {}): Deed => ({
  ...{ id, person: "lu", caseId: 1, label: "厂", done: both("标记"), expected: [] },
  ...{ at: "2020-09-30T06:00:00Z", savedAt: "2020-09-30T06:00:00Z" },
  op: { op_id: id, device: "d", changes: [{ kind: "case.milestone" }] },
  photos: [{ sha256: id, name: both("大门"), bytes: 70_000 }],
  ...more,
});
const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 251);
const entered = { outcome: "applied", at: "2020-09-30T06:01:00Z", revision: 1 } as const;
const delivered = (id: string, more: Partial<Deed> = {}) =>
  deed(id, {
    answer: entered,
    photos: [{ sha256: id, name: both("大门"), bytes: 3, storedAt: "2020-09-30T06:02:00Z" }],
    ...more,
  });

describe("the outbox as a file", () => {
  it("comes out of another browser byte for byte, for its owner, once", async () => {
    const [from, to] = [boxInMemory(), boxInMemory()];
    await from.putFile({ sha256: "a", bytes: bytes.buffer });
    await from.put(deed("a"));
    const file = await queueFileOf(from, "lu", await from.deeds());
    expect(await readQueueFile(to, "lu", file)).toBe(1);
    expect(await to.deeds()).toEqual(await from.deeds());
    expect(new Uint8Array((await to.file("a"))?.bytes ?? new ArrayBuffer())).toEqual(bytes);
    expect(await readQueueFile(to, "lu", file)).toBe(0);
    expect(await readQueueFile(boxInMemory(), "shen", file)).toBe("other_person");
  });

  it.each([
    "",
    "{",
    "[]",
    '{"format":"guatu-outbox","version":2}',
    '{"format":"guatu-outbox","version":1,"deeds":[1],"files":[]}',
  ])("%s is none", async (text) => {
    expect(await readQueueFile(boxInMemory(), "lu", new Blob([text]))).toBe("not_queue");
  });
});

describe("tidying", () => {
  it("drops pictures that the server has, and never one that is waiting, refused or begun", async () => {
    const box = boxInMemory();
    for (const sha256 of ["sent", "waits", "refused", "begun", "orphan", "again"])
      await box.putFile({ sha256, bytes: bytes.buffer });
    await box.put(delivered("sent"));
    await box.put(deed("waits"));
    await box.put(delivered("refused", { answer: { ...entered, outcome: "refused" } }));
    await box.put(delivered("again", { answer: { ...entered, outcome: "refused" }, undone: true }));
    await box.putDraft("lu 1 vacated", { checks: [], photos: [{ sha256: "begun" }] });
    expect(await dropDelivered(box)).toBe(3);
    expect((await box.fileKeys()).sort()).toEqual(["begun", "refused", "waits"]);
  });

  it("forgets what was delivered more than a week ago, and nothing else", async () => {
    const box = boxInMemory();
    await box.put(delivered("old"));
    await box.put(delivered("new", { savedAt: "2020-10-06T00:00:00Z" }));
    await box.put(deed("unsent"));
    await forgetOld(box, Date.parse("2020-10-08T00:00:00Z"));
    expect((await box.deeds()).map(({ id }) => id)).toEqual(["new", "unsent"]);
  });
});
