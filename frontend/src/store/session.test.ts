import { describe, expect, it } from "vitest";
import type { SessionState } from "../domain/types";
import { createSession } from "./session";
import { both, person } from "./testing";

const rules = { idle_minutes: 30, password_rule: both("至少 8 位") };
const signed: SessionState = { ...rules, login: "shen", person };

function session(told: { now?: SessionState; quiet?: number }) {
  const now = { ...told };
  const made = createSession(
    {
      session: async () => {
        if (!now.now) throw new Error("away");
        return now.now;
      },
      signIn: async (login) => ({ ...signed, login, ...(login === "new" && { due: "first" }) }),
      changePassword: async () => signed,
      signOut: async () => {},
    },
    () => told.quiet ?? 0,
  );
  return { ...made, now };
}

describe("session", () => {
  it("is not ready before somebody signed in, nor before a due password was changed", async () => {
    const { load, signIn, changePassword, ready, due, arrivals } = session({ now: rules });
    await load();
    expect(ready.value).toBe(false);
    await signIn("new", "given");
    expect([ready.value, due.value, arrivals.value]).toEqual([false, "first", 0]);
    await changePassword("given", "chosen");
    expect([ready.value, due.value, arrivals.value]).toEqual([true, undefined, 1]);
  });

  it("notices that it was ended, in the words of why", async () => {
    for (const [quiet, says] of [
      [1800, "30 分钟未操作，已退出；未保存的内容已保留"],
      [60, "登录已失效，请重新登录；未保存的内容已保留"],
    ] as const) {
      const { load, check, person: who, over, now } = session({ now: signed, quiet });
      await load();
      await check();
      expect(who.value).toEqual(person);
      now.now = rules;
      await check();
      expect(who.value).toBeUndefined();
      expect(over.value?.zh).toBe(says);
    }
  });

  it("notices that who is here was moved, and not that they were renamed", async () => {
    for (const [change, seen] of [
      [{ name: "沈某某" }, false],
      [{ unit: "wangdian" }, true],
      [{ village: "330411106001" }, true],
      [{ role: "viewer" }, true],
    ] as const) {
      const { load, check, moved, now } = session({ now: signed });
      await load();
      await check();
      expect(moved.value).toBe(false);
      now.now = { ...signed, person: { ...person, ...change } };
      await check();
      expect(moved.value, JSON.stringify(change)).toBe(seen);
    }
  });

  it("outlives a server that is away", async () => {
    const { load, check, ready, now } = session({ now: signed });
    await load();
    now.now = undefined;
    await check();
    expect(ready.value).toBe(true);
  });
});
