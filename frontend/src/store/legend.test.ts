import { beforeEach, describe, expect, it } from "vitest";
import { nextTick } from "vue";
import { formatLayers, parseLayers, usualLayers } from "../domain/map-layers";
import type { Sheet } from "../domain/types";
import { passes } from "./filter";
import { lampsOf } from "./lamps";
import { legendOf, otherFilters } from "./legend";
import { createSettings } from "./settings";
import { createStore, type Store } from "./store";
import { both, campaign, fakeApi, feature, flatLayer, parcel, session, summary } from "./testing";

const memory = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

function sheet(lights: Record<string, string>): Sheet {
  const row = ([code, light]: [string, string]) => ({
    code,
    metrics: [{ code: "rectified", light, rate: 60 }],
  });
  return {
    ranking: { metric: "rectified" },
    rows: Object.entries(lights).map(row),
  } as unknown as Sheet;
}

describe("the legend", () => {
  let store: Store;
  beforeEach(() => {
    const figures = async () => sheet({ honghe: "red", wangdian: "green" });
    store = createStore(
      fakeApi({ figures }),
      createSettings(memory(), () => "1"),
    );
    const units = [
      ...campaign.units,
      { code: "wangdian", order: 4, name: both("王店镇"), short: both("王店") },
    ];
    store.campaign.value = { ...campaign, units };
    store.session.state.value = session;
    store.cases.reset([
      summary(1, { stage: 5, evaluation: "D" }),
      summary(2, { stage: 6, unit: "wangdian", evaluation: "A" }),
      summary(3, { stage: 6, unit: "wangdian" }),
    ]);
    store.parcels.reset(flatLayer(1, [feature(parcel(1, { cases: [1] }))]));
  });
  const lines = () =>
    legendOf(store).flatMap((group) => group.lines.map((line) => [line.value, line.figure.count]));

  it("has the stages in two themes, lamps and classes in the others", async () => {
    expect(lines()).toEqual([
      ["5", 1],
      ["6", 2],
      ["9", 0],
    ]);
    store.mapTheme.value = "class";
    expect(lines()).toEqual([
      ["A", 1],
      ["B", 0],
      ["C", 0],
      ["D", 1],
      ["unrated", 1],
    ]);
    store.mapTheme.value = "lamp";
    store.lamps.want();
    await nextTick();
    await nextTick();
    expect(lines()).toEqual([
      ["red", 1],
      ["yellow", 0],
      ["green", 2],
    ]);
    expect(legendOf(store)[0]?.lines[0]?.name.zh).toBe("红 洪合");
  });

  it("asks for no lamps before it is known that who looks may see them", async () => {
    let asked = 0;
    const figures = async () => {
      asked++;
      return sheet({});
    };
    const early = createStore(
      fakeApi({ figures }),
      createSettings(memory(), () => "1"),
    );
    early.lamps.want();
    await nextTick();
    expect(asked).toBe(0);
    early.session.state.value = session;
    await nextTick();
    expect(asked).toBe(1);
  });

  it("is the filter in each theme, and says what another one filters", () => {
    const left = () =>
      [...store.cases.all()]
        .filter((each) => passes(store.filter, each, "2020-09-30"))
        .map(({ id }) => id);
    store.mapTheme.value = "class";
    legendOf(store)[0]?.lines[0]?.toggle();
    expect(left()).toEqual([2]);
    legendOf(store)[0]?.lines[4]?.toggle();
    expect(left()).toEqual([2, 3]);
    expect(otherFilters(store)).toEqual([]);

    store.mapTheme.value = "stage";
    const [other] = otherFilters(store);
    expect(other?.words.zh).toBe("亩均评价：A 类、未评价");
    other?.clear();
    expect(left()).toEqual([1, 2, 3]);
    expect(store.filter.active.value).toBe(false);
  });

  it("lets no parcel without a case through a class", () => {
    store.filter.classes.value = new Set(["unrated"]);
    expect(passes(store.filter, { stage: 0, unit: "honghe" }, "2020-09-30")).toBe(false);
  });
});

it("lamps are those of the metric that ranks, none where it is not told", () => {
  const told = sheet({ honghe: "yellow" });
  expect(lampsOf(told).get("honghe")).toEqual({ lamp: "yellow", rate: 60 });
  expect(lampsOf(undefined).size).toBe(0);
  const other = { ...told, ranking: { ...told.ranking, metric: "land" } };
  expect(lampsOf(other).get("honghe")).toEqual({ lamp: "none", rate: undefined });
});

describe("the layers of the map", () => {
  it("are written as what differs from the usual, and read back", () => {
    expect(formatLayers(usualLayers())).toBe("");
    const shown = parseLayers("-water,recovered,nonsense");
    expect(shown.has("water")).toBe(false);
    expect(shown.has("recovered")).toBe(true);
    expect(shown.has("roads")).toBe(true);
    expect(formatLayers(shown)).toBe("recovered,-water");
  });

  it("are remembered by the browser when they are switched", async () => {
    const keeper = memory();
    const first = createStore(
      fakeApi({}),
      createSettings(keeper, () => "1"),
    );
    first.mapView.toggle("roads");
    await nextTick();
    expect(createSettings(keeper, () => "1").layers.value).toBe("-roads");
  });
});
