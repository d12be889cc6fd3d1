import { expect, it } from "vitest";
import type { Change, LandPreview } from "../domain/types";
import { estimatedArea, type Ground } from "../geo/ground";
import { createDrafts } from "./drafts";
import { type Around, createDrawing, type Drawing } from "./drawing";

const square = (lon: number, side = 0.0005): Ground => [
  [
    [
      [lon, 30.66],
      [lon + side, 30.66],
      [lon + side, 30.6605],
      [lon, 30.6605],
      [lon, 30.66],
    ],
  ],
];
const wire = (ground: Ground) => ({
  type: "MultiPolygon" as const,
  coordinates: ground as unknown[],
});
const told = (ground: Ground): LandPreview => {
  const figure = {
    m2: estimatedArea(ground),
    mu: 1,
    plane_m2: 1,
    plane_mu: 1,
    geometry: wire(ground),
  };
  return { deductions: [], faults: [], recovered: figure, effective: figure };
};

function setup(recorded: Ground = [], version?: number, memory = new Map<string, string>()) {
  const sent: Change[] = [];
  const asked: Parameters<Around["preview"]>[0][] = [];
  let later: (() => void)[] = [];
  const keeper = {
    getItem: (key: string) => memory.get(key) ?? null,
    setItem: (key: string, value: string) => void memory.set(key, value),
  };
  const around: Around = {
    preview: async (draft) => {
      asked.push(draft);
      return told(draft.recovered ?? square(120.62));
    },
    acting: {
      perform: async (_key: string, change: Change) => {
        sent.push(change);
        return true;
      },
    } as unknown as Around["acting"],
    drafts: createDrafts(keeper, () => "xu"),
    now: () => "2020-09-30T01:00:00Z",
    later: (task) => {
      later.push(task);
      return () => {
        later = later.filter((each) => each !== task);
      };
    },
  };
  const drawing = createDrawing(around, 12, { ground: recorded, version });
  const rest = async () => {
    const due = later;
    later = [];
    for (const each of due) each();
    await new Promise((done) => setTimeout(done));
  };
  return { drawing, sent, asked, rest, memory };
}

const areaOf = ({ sketch }: Drawing) => Math.round(estimatedArea(sketch.value.ground));

it("goes back step by step and forward again; another step forgets what was undone", () => {
  const { drawing } = setup();
  expect(drawing.changed.value).toBe(false);
  drawing.drawn(square(120.61), "draw");
  const whole = areaOf(drawing);
  drawing.drawn(square(120.6104), "cut");
  expect(areaOf(drawing)).toBeLessThan(whole);
  expect(drawing.steps.value.map(({ word }) => word)).toEqual(["land.step_drawn", "land.step_cut"]);
  drawing.undo();
  expect(areaOf(drawing)).toBe(whole);
  drawing.redo();
  expect(areaOf(drawing)).toBeLessThan(whole);
  drawing.undo();
  drawing.undo();
  expect(drawing.changed.value).toBe(false);
  drawing.drawn(square(120.63), "draw");
  expect(drawing.undone.value).toEqual([]);
});

it("asks the server once the hand rests, and shows no figure of another sketch", async () => {
  const { drawing, asked, rest } = setup();
  drawing.drawn(square(120.61), "draw");
  drawing.drawn(square(120.611), "draw");
  await rest();
  expect(asked).toHaveLength(1);
  expect(drawing.preview.value?.recovered).toBeDefined();
  drawing.undo();
  expect(drawing.preview.value).toBeUndefined();
});

it("saves what is drawn on the version it was drawn on; ground from the parcels is left to the server", async () => {
  const { drawing, sent, rest } = setup(square(120.61), 3);
  await drawing.takeParcels();
  await drawing.save();
  expect(sent[0]).toEqual({ kind: "land.record", case_id: 12, base_version: 3 });
  drawing.drawn(square(120.6104), "cut");
  await rest();
  await drawing.save();
  expect(sent[1]?.recovered).toEqual(wire(drawing.sketch.value.ground));
  expect(sent[1]?.reason).toBeUndefined();
});

it("adjusts the effective land for a reason each, all of which go along; another ground drops them", async () => {
  const { drawing, sent, rest } = setup();
  drawing.drawn(square(120.61), "draw");
  await rest();
  drawing.drawn(square(120.6104, 0.0001), "less");
  expect(drawing.asking.value?.tool).toBe("less");
  drawing.adjust("河边堆场保留");
  await rest();
  drawing.drawn(square(120.61045, 0.001), "more");
  drawing.adjust("堆场减半");
  const { effective, adjusted } = drawing.sketch.value;
  expect(adjusted.map(({ reason, m2 }) => [reason, Math.sign(m2)])).toEqual([
    ["河边堆场保留", -1],
    ["堆场减半", 1],
  ]);
  // What is given back lies in the recovered land.
  expect(Math.max(...(effective ?? []).flat(2).map(([lon = 0]) => lon))).toBeLessThanOrEqual(
    120.6105,
  );
  await drawing.save();
  expect(sent[0]?.reason).toMatch(/^河边堆场保留（−\d+\.\d\d ㎡）；堆场减半（\+\d+\.\d\d ㎡）$/);
  drawing.drawn(square(120.62), "draw");
  expect(drawing.sketch.value.effective).toBeUndefined();
});

it("survives the page until it is saved or given up, but not another version of the land", () => {
  const { drawing, memory } = setup(square(120.61), 2);
  drawing.drawn(square(120.6104), "cut");
  const again = setup(square(120.61), 2, memory).drawing;
  expect(again.changed.value).toBe(true);
  expect(areaOf(again)).toBe(areaOf(drawing));
  expect(setup(square(120.61), 3, memory).drawing.changed.value).toBe(false);
  again.discard();
  expect(again.changed.value).toBe(false);
  expect(setup(square(120.61), 2, memory).drawing.changed.value).toBe(false);
});

it("gives way to another case's land, and keeps its corner within what is left", () => {
  const { drawing } = setup(square(120.61), 1);
  drawing.corner.value = 3;
  drawing.neighbours.value = [
    { kind: "recovered", id: 1, code: "XZ-1", label: "邻", ground: square(120.6104) },
    { kind: "parcel", id: 2, code: "XZ-1", label: "地块", ground: square(120.61) },
  ];
  drawing.yieldTo("XZ-2");
  expect(drawing.steps.value).toEqual([]);
  drawing.yieldTo("XZ-1");
  expect(areaOf(drawing)).toBeCloseTo(estimatedArea(square(120.61, 0.0004)), 0);
  drawing.change([], "land.step_corner");
  expect(drawing.corner.value).toBeUndefined();
});
