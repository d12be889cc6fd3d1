import { describe, expect, it } from "vitest";
import { shallowRef } from "vue";
import { ApiProblem, NoAnswer } from "../api/problem";
import type { SessionState } from "../domain/types";
import { createSession } from "../store/session";
import { createLock } from "../sync/lock";
import { lockInMemory } from "../sync/lock-store";
import type { Snapshot, SnapshotKeeper } from "../sync/snapshot";
import { createDoors } from "./doors";

const text = { zh: "说", en: "said" };
const who = (id: string) =>
  ({ device: true, idle_minutes: 30, person: { id, name: id } }) as unknown as SessionState;

/** An enrolled phone of lu with a list on it, and a server that hears or does not. */
async function phone() {
  const world = {
    cut: false,
    signedOut: 0,
    enrolled: [] as string[],
    refusal: undefined as unknown,
  };
  const hear = () => {
    if (world.cut) throw new NoAnswer("cut");
    if (world.refusal) throw world.refusal;
  };
  const api = {
    session: async () => who("lu"),
    signIn: async () => who("lu"),
    changePassword: async () => who("lu"),
    signOut: async () => {
      hear();
      world.signedOut++;
    },
    enrol: async (code: string) => {
      hear();
      world.enrolled.push(code);
      return who(code);
    },
  };
  const now = shallowRef<Snapshot | undefined>({ person: { id: "lu" } } as Snapshot);
  const snapshot = { now, wipe: async () => (now.value = undefined) } as unknown as SnapshotKeeper;
  const lock = createLock(lockInMemory(), () => 0, 10);
  await lock.set("471902");
  const session = createSession(api);
  await session.load();
  const outbox = { restore: async () => {} };
  const numbers = { load: async () => {} };
  const doors = createDoors(api, { session, snapshot, outbox, lock, numbers, deviceName: "机" });
  return { world, doors, lock, session, now };
}

describe("whoever leaves an enrolled phone", () => {
  it("takes list and PIN off it, and the server hears of it", async () => {
    const { world, doors, lock, session, now } = await phone();
    await doors.leave(text);
    expect(now.value).toBeUndefined();
    expect(session.person.value).toBeUndefined();
    expect([lock.has.value, lock.leaving.value, world.signedOut]).toEqual([false, false, 1]);
    expect(doors.farewell.value).toBe(text);
  });

  it("leaves it without a network too; the server hears of it when there is one, before anybody else comes", async () => {
    const { world, doors, lock, now } = await phone();
    world.cut = true;
    await doors.leave(text);
    expect([now.value, lock.has.value, lock.leaving.value]).toEqual([undefined, false, true]);
    await expect(doors.tell()).rejects.toThrow(NoAnswer);
    doors.code.value = "tang";
    await expect(doors.enrol("330471")).rejects.toThrow(NoAnswer);
    expect(world.enrolled, "the old enrolment is ended first").toEqual([]);
    world.cut = false;
    await doors.enrol("330471");
    expect([world.signedOut, world.enrolled]).toEqual([1, ["tang"]]);
    expect([lock.leaving.value, lock.has.value]).toEqual([false, true]);
  });

  it("is gone where the server knows of nobody any more", async () => {
    const { world, doors, lock } = await phone();
    world.refusal = new ApiProblem(401, "token_revoked", text, false);
    await doors.leave(text);
    expect(lock.leaving.value).toBe(false);
  });
});

describe("a phone enrolled by QR", () => {
  it("keeps the PIN it had where the server says no", async () => {
    const { world, doors, lock } = await phone();
    doors.code.value = "used";
    world.refusal = new ApiProblem(403, "enrolment_used", text, false);
    await expect(doors.enrol("330471")).rejects.toThrow();
    expect(await lock.unlock("471902")).toBe("open");
  });

  it("shows nobody the list of another, though the network goes at once", async () => {
    const { doors, lock, session, now } = await phone();
    doors.code.value = "tang";
    await doors.enrol("330471");
    expect(now.value).toBeUndefined();
    expect(session.person.value?.id).toBe("tang");
    expect(await lock.unlock("330471")).toBe("open");
  });
});
