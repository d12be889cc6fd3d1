import { describe, expect, it } from "vitest";
import { NoAnswer } from "../api/problem";
import { boxInMemory } from "./box";
import { createNumbers, mostNumbers, numbersLast } from "./numbers";

const reason = "今日号码";

function phone() {
  const world = { now: 1_600_000_000_000, person: "lu" as string | undefined, cut: false };
  const shown: [number, string][] = [];
  const box = boxInMemory();
  const around = {
    box,
    show: async (enterprise: number, why: string) => {
      if (world.cut) throw new NoAnswer("cut");
      shown.push([enterprise, why]);
      return enterprise === 3
        ? { name: "无电话" }
        : { name: `厂${enterprise}`, phone: `1380000${enterprise}` };
    },
    person: () => world.person,
    clock: () => world.now,
  };
  return { world, shown, box, numbers: createNumbers(around), again: () => createNumbers(around) };
}

describe("numbers taken along for a day", () => {
  it("are asked for one by one, each for its reason, and are there without a network and in another page", async () => {
    const { shown, numbers, again } = phone();
    await numbers.take([1, 2, 2, 3], reason);
    expect(shown).toEqual([
      [1, reason],
      [2, reason],
      [3, reason],
    ]);
    const later = again();
    await later.load();
    expect(later.of(2)).toEqual({ name: "厂2", phone: "13800002" });
    expect([later.of(3), later.of(9), later.of(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are of at most twenty", async () => {
    const { shown, numbers } = phone();
    await numbers.take(
      Array.from({ length: 30 }, (_, i) => 10 + i),
      reason,
    );
    expect(shown).toHaveLength(mostNumbers);
    expect(mostNumbers).toBe(20);
  });

  it.each([
    ["after a day", numbersLast],
    ["where the clock was set back", -1],
  ])("are off the phone %s", async (_, passed) => {
    const { world, box, numbers, again } = phone();
    await numbers.take([1], reason);
    world.now += passed;
    expect(numbers.of(1), "not shown, though nobody has tidied yet").toBeUndefined();
    await numbers.tidy();
    expect(await box.copy("numbers")).toBeUndefined();
    const later = again();
    await later.load();
    expect(later.now.value).toBeUndefined();
  });

  it("are taken off by the page that is opened after their time", async () => {
    const { world, box, numbers, again } = phone();
    await numbers.take([1], reason);
    world.now += numbersLast;
    await again().load();
    expect(await box.copy("numbers")).toBeUndefined();
  });

  it("stay until then", async () => {
    const { world, numbers } = phone();
    await numbers.take([1], reason);
    world.now += numbersLast - 1;
    await numbers.tidy();
    expect(numbers.of(1)?.phone).toBe("13800001");
  });

  it("are nobody else's, and go with whoever leaves", async () => {
    const { world, box, numbers } = phone();
    await numbers.take([1], reason);
    world.person = "tang";
    expect(numbers.of(1)).toBeUndefined();
    await box.dropCopies();
    await numbers.load();
    expect(numbers.now.value).toBeUndefined();
  });

  it("are kept as far as they came where the network goes", async () => {
    const { world, numbers } = phone();
    const taking = numbers.take([1, 2], reason);
    world.cut = true;
    await expect(taking).rejects.toThrow(NoAnswer);
    expect([numbers.of(1)?.name, numbers.of(2)]).toEqual(["厂1", undefined]);
  });
});
