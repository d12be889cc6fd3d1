import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, ref, shallowRef } from "vue";
import type { Store } from "../store/store";
import { createWall } from "../store/wall";
import { keepTurning } from "./wall-turns";

/** A screen whose rotation is the district and what is late, ten seconds each. */
function screen() {
  const wall = createWall(true, ref(""));
  const rotation = ["district", "late"].map((each) => ({ screen: each, seconds: 10 }));
  const store = {
    wall,
    campaign: shallowRef({ units: [], rotation }),
    contact: { silence: ref("none") },
    ...{ day: ref<string>(), from: ref<string>() },
    session: { wall: shallowRef<object | undefined>({ name: "大厅" }) },
  };
  const page = new EventTarget() as unknown as Window;
  Object.assign(page, { setTimeout, clearTimeout });
  const scope = effectScope();
  const end = scope.run(() => keepTurning(store as unknown as Store, page));
  return { ...store, page, stop: () => [end?.(), scope.stop()] };
}
const seconds = (n: number) => vi.advanceTimersByTimeAsync(n * 1000);

describe("a screen", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("turns its pages, over and over", async () => {
    const { wall, stop } = screen();
    expect([wall.focus.value, wall.turning.now.value?.seconds]).toEqual(["", 10]);
    await seconds(10);
    expect(wall.focus.value).toBe("late");
    await seconds(10);
    expect(wall.focus.value).toBe("");
    stop();
    await seconds(10);
    expect(wall.focus.value).toBe("");
  });

  it("stands still for a minute after the last touch", async () => {
    const { wall, page, stop } = screen();
    page.dispatchEvent(new Event("pointerdown"));
    await seconds(50);
    expect([wall.focus.value, wall.turning.paused.value]).toEqual(["", true]);
    page.dispatchEvent(new Event("keydown"));
    await seconds(59);
    expect(wall.turning.paused.value).toBe(true);
    await seconds(11);
    expect([wall.focus.value, wall.turning.paused.value]).toEqual(["late", false]);
    stop();
  });

  it("does not turn away from another day, nor from a picture that is not now", async () => {
    const { wall, day, contact, stop } = screen();
    day.value = "2020-06-30";
    await seconds(30);
    expect(wall.focus.value).toBe("");
    day.value = undefined;
    contact.silence.value = "lost";
    await seconds(30);
    expect(wall.focus.value).toBe("");
    stop();
  });

  it("shows visitors nothing that is late, and turns for nobody who signed in", async () => {
    const { wall, session, stop } = screen();
    wall.reception.value = true;
    await seconds(30);
    expect(wall.focus.value).toBe("");
    wall.reception.value = false;
    await seconds(1);
    session.wall.value = undefined;
    await seconds(30);
    expect([wall.focus.value, wall.turning.on.value]).toEqual(["", false]);
    stop();
  });
});
