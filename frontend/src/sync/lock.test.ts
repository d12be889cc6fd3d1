import { describe, expect, it } from "vitest";
import { createLock } from "./lock";
import { lockInMemory } from "./lock-store";
import { isTrivial, opens, pinRounds, sealPin } from "./pin";

/** Few: what is shown here does not hang on how long a guess takes. */
const rounds = 10;

async function phone(pin = "471902") {
  const world = { quiet: 0 };
  const store = lockInMemory();
  const opened = async () => {
    const lock = createLock(store, () => world.quiet, rounds);
    await lock.open();
    return lock;
  };
  const lock = await opened();
  await lock.set(pin);
  return { world, lock, opened, store };
}

describe("a PIN", () => {
  it.each([
    ["one digit", "000000"],
    ["a pair again and again", "474747"],
    ["three twice", "902902"],
    ["a run up", "345678"],
    ["a run down", "654321"],
    ["a run over the nought", "789012"],
    ["every other digit", "135791"],
    ["pairs in a row", "112233"],
    ["threes", "111222"],
    ["what many choose", "520131"],
  ])("is not %s: %s", (_, pin) => expect(isTrivial(pin)).toBe(true));

  it.each(["471902", "112234", "900137", "330471"])("may be %s", (pin) =>
    expect(isTrivial(pin)).toBe(false),
  );

  it("is sealed with a salt of its own, by at least 210,000 rounds of PBKDF2", async () => {
    const [one, two] = [await sealPin("471902", rounds), await sealPin("471902", rounds)];
    expect(one.salt).not.toEqual(two.salt);
    expect(one.hash).not.toEqual(two.hash);
    expect(await opens(one, "471902")).toBe(true);
    expect(await opens(one, "471903")).toBe(false);
    expect(pinRounds).toBeGreaterThanOrEqual(210_000);
  });

  it("is hashed as everybody else does: PBKDF2-HMAC-SHA-256 of a known salt", async () => {
    // The first 32 bytes of what RFC 7914, section 11 has of "passwd", "salt", one round.
    const known = "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc";
    const hash = Uint8Array.from(known.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    const salt = new TextEncoder().encode("salt");
    expect(await opens({ salt, hash, rounds: 1, tried: 0, idleMinutes: 5 }, "passwd")).toBe(true);
  });
});

describe("the lock of an enrolled phone", () => {
  it("is shut when the page opens, and opened by the PIN alone", async () => {
    const { opened } = await phone();
    const lock = await opened();
    expect(lock.shut.value).toBe(true);
    expect(await lock.unlock("471903")).toEqual({ left: 4 });
    expect(lock.shut.value).toBe(true);
    expect(await lock.unlock("471902")).toBe("open");
    expect(lock.shut.value).toBe(false);
  });

  it("asks nobody of a phone that is not enrolled", async () => {
    const lock = createLock(lockInMemory(), () => 9999, rounds);
    await lock.open();
    lock.check();
    expect([lock.shut.value, lock.has.value]).toEqual([false, false]);
  });

  it.each([
    [299, 5, false],
    [300, 5, true],
    [60, 1, true],
    [899, 15, false],
    [-3600, 5, true],
  ])("after %d seconds untouched, of %d minutes, is shut: %s", async (quiet, minutes, shut) => {
    const { world, lock } = await phone();
    await lock.setIdle(minutes);
    world.quiet = quiet;
    lock.check();
    expect(lock.shut.value).toBe(shut);
  });

  it("has five tries, which closing the page does not give back", async () => {
    const { opened } = await phone();
    for (const left of [4, 3, 2, 1])
      expect(await (await opened()).unlock("000001")).toEqual({ left });
    expect(await (await opened()).unlock("000001")).toBe("spent");
    expect(await (await opened()).unlock("471902"), "not even by the right one").toBe("spent");
  });

  it("counts a try that the page died of", async () => {
    const { store } = await phone();
    const change: typeof store.change = async (how) => {
      await store.change(how);
      throw new Error("the page is gone");
    };
    const lock = createLock({ ...store, change }, () => 0, rounds);
    await lock.open();
    await expect(lock.unlock("471902")).rejects.toThrow("gone");
    expect((await store.read()).seal?.tried, "written before it was looked at").toBe(1);
  });

  it("has all tries again after the right one", async () => {
    const { lock } = await phone();
    await lock.unlock("000001");
    await lock.unlock("471902");
    expect(await lock.unlock("000001")).toEqual({ left: 4 });
  });

  it("takes a new PIN in the place of the old, with the idle time that was chosen", async () => {
    const { lock } = await phone();
    await lock.setIdle(15);
    await lock.set("330471");
    expect(await lock.unlock("471902")).toEqual({ left: 4 });
    expect(await lock.unlock("330471")).toBe("open");
    expect(lock.idle.value).toBe(15);
  });

  it("forgets the PIN with whoever leaves, and remembers that the server has to hear of it", async () => {
    const { lock, opened } = await phone();
    await lock.leave();
    const later = await opened();
    expect([later.shut.value, later.has.value, later.leaving.value]).toEqual([false, false, true]);
    await later.left();
    expect((await opened()).leaving.value).toBe(false);
  });
});
