import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextTick, ref } from "vue";
import type { Api } from "../api/client";
import { addDays, addMonths, endOfMonthBefore, isDay, monthsOf } from "../domain/days";
import type { History } from "../domain/types";
import { shapesOf } from "../geo/flat-made";
import { CaseStore } from "./cases";
import { createDays } from "./days";
import { ParcelStore } from "./parcels";
import { Past } from "./past";
import { feature, flatLayer, parcel, square, summary } from "./testing";

const geometry = square();
const on = (day: string, patch: Record<string, unknown> | null) => ({ on: day, patch });

/** Case 1 is listed on 1 September, is vacated on the 10th and goes on the 20th; case 2 comes on the 15th. */
const history: History = {
  revision: 9,
  from: "2020-09-01",
  to: "2020-09-29",
  cases: [
    {
      id: 1,
      days: [
        on("2020-09-01", { ...summary(1), stage: 5, deadline: "2020-09-08" }),
        on("2020-09-10", { stage: 6, deadline: null, version: 2 }),
        on("2020-09-20", null),
        on("2020-09-25", { ...summary(1), stage: 7 }),
      ],
    },
    { id: 2, days: [on("2020-09-15", { ...summary(2) })] },
  ],
  parcels: [
    {
      id: 1,
      days: [
        on("2020-09-01", { ...parcel(1, { cases: [1] }), geometry }),
        on("2020-09-15", { cases: [1, 2] }),
      ],
    },
  ],
};

describe("days of the calendar", () => {
  it("go over ends of months and years", () => {
    expect(addDays("2020-02-28", 2)).toBe("2020-03-01");
    expect(addDays("2021-01-01", -1)).toBe("2020-12-31");
    expect(addMonths("2020-08-31", 1)).toBe("2020-09-30");
    expect(addMonths("2020-03-31", -1)).toBe("2020-02-29");
    expect(addMonths("2020-12-15", 1)).toBe("2021-01-15");
    expect(endOfMonthBefore("2020-09-30")).toBe("2020-08-31");
    expect(monthsOf("2020-11-20", "2021-01-05")).toEqual([
      "2020-11-01",
      "2020-12-01",
      "2021-01-01",
    ]);
  });

  it.each([
    ["2020-02-29", true],
    ["2021-02-29", false],
    ["2020-9-1", false],
    ["yesterday", false],
  ])("%s is one: %s", (text, fine) => expect(isDay(text)).toBe(fine));
});

describe("past", () => {
  const past = new Past(history);
  const stages = (day: string) =>
    [...past.casesOn(day).there.values()].map(({ id, stage }) => [id, stage]);

  it.each([
    ["2020-08-31", []],
    ["2020-09-01", [[1, 5]]],
    ["2020-09-09", [[1, 5]]],
    ["2020-09-10", [[1, 6]]],
    [
      "2020-09-15",
      [
        [1, 6],
        [2, 5],
      ],
    ],
    ["2020-09-20", [[2, 5]]],
    [
      "2020-09-29",
      [
        [1, 7],
        [2, 5],
      ],
    ],
  ])("of %s", (day, expected) => expect(stages(day)).toEqual(expected));

  it("takes a field away where the patch has null, and begins anew after a gap", () => {
    expect(past.casesOn("2020-09-09").there.get(1)?.deadline).toBe("2020-09-08");
    expect(past.casesOn("2020-09-12").there.get(1)).not.toHaveProperty("deadline");
    expect(past.casesOn("2020-09-25").there.get(1)?.deadline).toBe("2020-10-05");
  });

  it("keeps a parcel's geometry and the objects of days between which nothing changed", () => {
    const [first, second] = ["2020-09-14", "2020-09-15"].map((day) =>
      past.parcelsOn(day).there.get(1),
    );
    expect(second?.geometry).toBe(first?.geometry);
    expect(second?.bounds).toBe(first?.bounds);
    expect(second?.properties.cases).toEqual([1, 2]);
    expect(past.casesOn("2020-09-11").there.get(1)).toBe(past.casesOn("2020-09-19").there.get(1));
  });
});

describe("day shown", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setup(api: Pick<Api, "history"> = { history: vi.fn(async () => history) }) {
    const [cases, parcels] = [new CaseStore(), new ParcelStore()];
    cases.reset([summary(1, { stage: 8, version: 5 })]);
    parcels.reset(flatLayer(1, [feature(parcel(1, { cases: [1] }), geometry)]));
    const events: string[] = [];
    parcels.listen(({ kind }) => events.push(kind));
    const days = createDays(api, ref("2020-09-30"), { cases, parcels });
    return { api, cases, parcels, days, events };
  }

  it("is now until another is wanted, and reads the past once", async () => {
    const { api, cases, days } = setup();
    expect([days.day.value, days.shown.value]).toEqual([undefined, "2020-09-30"]);
    await Promise.all([days.read(), days.read()]);
    await days.read();
    expect(api.history).toHaveBeenCalledTimes(1);
    days.day.value = "2020-09-05";
    expect(days.shown.value).toBe("2020-09-05");
    expect(cases.get(1)?.stage).toBe(5);
    days.live();
    expect(cases.get(1)?.stage).toBe(8);
  });

  it("takes over what happens now underneath, without showing it", async () => {
    const { cases, parcels, days, events } = setup();
    await days.read();
    days.day.value = "2020-09-10";
    const edition = cases.edition.value;
    events.splice(0);
    cases.patch([summary(1, { stage: 9, version: 6 })]);
    parcels.patch([parcel(1, { cases: [1], label: "改名" })]);
    expect([cases.get(1)?.stage, cases.edition.value]).toEqual([6, edition]);
    expect(events).toEqual([]);
    days.live();
    expect(cases.get(1)?.stage).toBe(9);
    expect(parcels.get(1)?.properties.label).toBe("改名");
    expect(events).toEqual(["day"]);
  });

  it("draws no parcel anew while days are turned: what comes and goes has its place from the beginning", async () => {
    const guest = { ...parcel(2, { cases: [] }), geometry: square(120.7) };
    const more = {
      id: 2,
      days: [
        on("2020-09-12", guest),
        on("2020-09-20", null),
        on("2020-09-22", { ...guest, geometry: square(120.7) }),
      ],
    };
    const parcelsToo = { ...history, parcels: [...history.parcels, more] };
    const { days, events, parcels } = setup({ history: async () => parcelsToo });
    await days.read();
    days.day.value = "2020-09-02";
    expect(events.splice(0)).toEqual(["reset"]); // now there is one, ever there were two
    const shapes = parcels.shapes();
    expect([...shapes.ids]).toEqual([1, 2]);
    const there = ["2020-09-11", "2020-09-12", "2020-09-20", "2020-09-22"].map((day) => {
      days.day.value = day;
      return [...parcels.all()].map(({ properties }) => properties.id);
    });
    expect(there).toEqual([[1], [1, 2], [1], [1, 2]]);
    expect(parcels.shapes()).toEqual(shapes);
    expect(new Set(events.splice(0))).toEqual(new Set(["day"]));
    days.live();
    expect(events).toEqual(["reset"]);
  });

  it("draws parcels anew where one has another outline, with those of the day", async () => {
    const [small, large] = [geometry, square(120.6, 0.01)];
    const changed = {
      ...history,
      parcels: [
        {
          id: 1,
          days: [
            on("2020-09-01", { ...parcel(1, { cases: [1] }), geometry: small }),
            on("2020-09-15", { geometry: large }),
          ],
        },
      ],
    };
    const { days, events, parcels } = setup({ history: async () => changed });
    await days.read();
    const outlines = ["2020-09-10", "2020-09-14", "2020-09-15", "2020-09-16", "2020-09-10"].map(
      (day) => {
        days.day.value = day;
        return [events.splice(0)[0], parcels.shapes().shapes.xy.join()];
      },
    );
    const [one, other] = [shapesOf([small]), shapesOf([large])].map(({ xy }) => xy.join());
    expect(outlines).toEqual([
      ["day", one],
      [undefined, one],
      ["reset", other],
      [undefined, other],
      ["reset", one],
    ]);
  });

  it("knows which parcels ever carried a case: symbols of the wall stand from the first day on", async () => {
    const left = {
      id: 1,
      days: [
        on("2020-09-01", { ...parcel(1, { cases: [1] }), geometry }),
        on("2020-09-20", { cases: [] }),
      ],
    };
    const { days, parcels, cases } = setup({
      history: async () => ({ ...history, parcels: [left] }),
    });
    await days.read();
    days.day.value = "2020-09-21";
    expect(parcels.get(1)?.properties.cases).toEqual([]);
    expect(parcels.drawn.get(1)?.properties.cases).toEqual([1]);
    expect([cases.get(1), cases.ever.get(1)?.stage]).toEqual([undefined, 7]);
  });

  it("shows nothing, rather than now, before the past is here", async () => {
    const { cases, parcels, days } = setup();
    days.day.value = "2020-09-10";
    expect([cases.size, parcels.size]).toEqual([0, 0]);
    await days.read();
    expect([cases.size, parcels.size]).toEqual([1, 1]);
  });

  it("stays within the campaign: today is live, days to come are today, days before are the first", async () => {
    const { days } = setup();
    await days.read();
    days.day.value = "2020-09-30";
    expect(days.day.value).toBeUndefined();
    days.day.value = "2020-12-31";
    expect(days.day.value).toBeUndefined();
    days.day.value = "2019-01-01";
    expect(days.day.value).toBe("2020-09-01");
  });

  it("compares with a day before it", async () => {
    const { days } = setup();
    await days.compare();
    expect(days.from.value).toBe("2020-09-01");
    days.from.value = "2020-09-15";
    expect(days.then.cases.size).toBe(2);
    days.day.value = "2020-09-12";
    expect(days.from.value).toBe("2020-09-11");
    expect(days.then.cases.get(1)?.stage).toBe(6);
    await days.compare();
    expect(days.from.value).toBeUndefined();
    expect(days.then.cases.size).toBe(0);
  });

  it("plays from the first day to now and is live then", async () => {
    const { days } = setup();
    days.speed.value = 12;
    await days.play();
    expect([days.day.value, days.playing.value]).toEqual(["2020-09-01", true]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(days.day.value).toBe("2020-09-13");
    days.pause();
    await vi.advanceTimersByTimeAsync(1000);
    expect(days.day.value).toBe("2020-09-13");
    await days.play();
    await vi.advanceTimersByTimeAsync(2000);
    expect([days.day.value, days.playing.value]).toEqual([undefined, false]);
  });

  it("shows each day that is played with its figures, and waits a second for them at most", async () => {
    const { days } = setup();
    days.speed.value = 12;
    await days.play();
    days.awaited.value = true;
    await vi.advanceTimersByTimeAsync(900);
    expect(days.day.value).toBe("2020-09-02");
    days.awaited.value = false;
    await vi.advanceTimersByTimeAsync(20);
    expect(days.day.value).toBe("2020-09-03");
    days.awaited.value = true;
    await vi.advanceTimersByTimeAsync(1100);
    expect(days.day.value).toBe("2020-09-04");
  });

  it("says why the past cannot be read, and tries again", async () => {
    const read = vi.fn(async () => history).mockRejectedValueOnce(new Error("away"));
    const { days } = setup({ history: read });
    await days.play();
    expect(days.failure.value?.zh).toContain("服务器");
    expect([days.day.value, days.playing.value]).toEqual([undefined, false]);
    await days.read();
    expect([days.failure.value, days.first.value]).toEqual([undefined, "2020-09-01"]);
  });

  it("reads the past again after midnight", async () => {
    const today = ref("2020-09-30");
    const read = vi.fn(async () => history);
    const stores = { cases: new CaseStore(), parcels: new ParcelStore() };
    const days = createDays({ history: read }, today, stores);
    await days.read();
    days.day.value = "2020-09-10";
    today.value = "2020-10-01";
    await nextTick();
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
    expect(days.day.value).toBe("2020-09-10");
  });
});
