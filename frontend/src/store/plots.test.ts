import { expect, it } from "vitest";
import { nextTick } from "vue";
import type { Change, Succession, SuccessionDraft } from "../domain/types";
import { createPlots, type Line } from "./plots";

const area = { m2: 2, mu: 1 };
const ground = { type: "MultiPolygon" as const, coordinates: [] };
const told = (versions: readonly number[]): Succession => ({
  old: versions.map((version, i) => ({ id: i + 1, code: `P${i + 1}`, version, ...area })),
  next: [{ code: "P1-1", ...area, geometry: ground }],
  ...{ total: area, cases: [] },
});
const line: Line = [
  [120.6, 30.65],
  [120.6005, 30.650000000123],
];

function setup(first: readonly number[] = [1]) {
  const asked: SuccessionDraft[] = [];
  const sent: Change[] = [];
  const answers: ((said: Succession) => void)[] = [];
  const plots = createPlots(
    {
      preview: (draft) => {
        asked.push(draft);
        return new Promise((done) => answers.push(done));
      },
      acting: {
        perform: async (_key, change) => {
          sent.push(change as Change);
          return true;
        },
      },
    },
    first,
  );
  const say = async (at: number, said: Succession) => {
    answers[at]?.(said);
    await nextTick();
  };
  return { plots, asked, sent, say };
}

it("asks what a line does once it is whole, with the digits that layers have", () => {
  const { plots, asked } = setup([1, 2]);
  plots.drawing.value = true;
  plots.line.value = line.slice(0, 1);
  expect(asked).toEqual([]);
  plots.cut(line);
  expect(plots.drawing.value).toBe(false);
  const first = [120.6, 30.65];
  expect(asked).toEqual([{ parcel_id: 1, line: [first, [120.6005, 30.65]], stands: [] }]);
});

it("tells on which pieces cases stand, and keeps the pieces meanwhile; an older answer is dropped", async () => {
  const { plots, asked, say } = setup();
  plots.cut(line);
  await say(0, told([3]));
  plots.stand(7, 1);
  plots.stand(7, 0);
  expect(plots.told.value?.next).toHaveLength(1);
  expect(asked[asked.length - 1]?.stands).toEqual([{ case_id: 7, pieces: [0, 1] }]);
  await say(2, told([5]));
  await say(1, told([4]));
  expect(plots.told.value?.old[0]?.version).toBe(5);
  plots.stand(7, 0);
  plots.stand(7, 1);
  expect(asked[asked.length - 1]?.stands, "nothing said of it").toEqual([]);
});

it("sends what was previewed, of the versions it was previewed of", async () => {
  const { plots, sent, say } = setup();
  plots.cut(line);
  plots.stand(7, 0);
  await say(1, told([3]));
  expect(await plots.save(" 两家分开 ")).toBe(true);
  expect(sent[0]).toMatchObject({
    ...{ kind: "parcel.split", parcel_id: 1, base_version: 3, reason: "两家分开" },
    stands: [{ case_id: 7, pieces: [0] }],
  });
  expect(plots.chosen.value, "the parcel is no more").toEqual([]);
  expect(plots.line.value).toEqual([]);
});

it("merges parcels that are clicked, two at least, and leaves out those that are clicked again", async () => {
  const { plots, asked, sent, say } = setup();
  plots.act.value = "merge";
  await nextTick();
  expect(asked).toEqual([]);
  plots.choose(2);
  plots.choose(3);
  plots.choose(2);
  expect(asked).toEqual([
    { parcel_ids: [1, 2] },
    { parcel_ids: [1, 2, 3] },
    { parcel_ids: [1, 3] },
  ]);
  await say(2, told([1, 4]));
  await plots.save("");
  expect(sent).toEqual([{ kind: "parcel.merge", parcel_ids: [1, 3], base_versions: [1, 4] }]);
});

it("begins anew with another parcel or another line", async () => {
  const { plots, say } = setup();
  plots.cut(line);
  await say(0, told([1]));
  plots.choose(9);
  expect([plots.chosen.value, plots.line.value, plots.told.value]).toEqual([[9], [], undefined]);
  plots.cut(line);
  await say(1, told([1]));
  plots.drawing.value = true;
  await nextTick();
  expect([plots.line.value, plots.told.value]).toEqual([[], undefined]);
});
