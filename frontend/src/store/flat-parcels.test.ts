import { describe, expect, it } from "vitest";
import { casePage } from "../domain/testing";
import type { FlatLayer } from "../geo/flat";
import { sameShape, shapesOf } from "../geo/flat-made";
import { merged } from "../geo/flat-merge";
import type { AreaGeometry } from "../geo/shapes";
import { CaseStore } from "./cases";
import { createData } from "./data";
import { FlatParcels } from "./flat-parcels";
import { ParcelStore } from "./parcels";
import { fakeApi, feature, flatLayer, parcel, square } from "./testing";

/** What a layer says of every parcel, as plain values. */
function told(layer: FlatLayer) {
  return [...new FlatParcels(layer).values()].map(({ properties, geometry, bounds }) => {
    const { id, code, label, unit, stage, m2, mu, deadline, cases } = properties;
    return { id, code, label, unit, stage, m2, mu, deadline, cases, geometry, bounds };
  });
}

const random = (id: number, salt: number) =>
  feature(
    parcel(id, {
      ...{ label: `作坊${id * salt}`, unit: `u${(id * salt) % 3}`, stage: (id + salt) % 10 },
      ...{
        m2: id * 100 + salt / 100,
        mu: 0,
        cases: Array.from({ length: (id * salt) % 4 }, (_, k) => k * salt),
      },
    }),
    square(120 + ((id * salt) % 50) / 100, 30, 0.001 * (1 + (salt % 7))),
  );

describe("parcels of a flat layer", () => {
  it("say what they were made of", () => {
    const features = [random(3, 5), random(9, 2), random(11, 8)];
    const parcels = new FlatParcels(flatLayer(4, features));
    for (const { properties, geometry } of features) {
      const found = parcels.get(properties.id);
      for (const key of ["code", "label", "unit", "stage", "m2", "cases"] as const) {
        expect(found?.properties[key], key).toEqual(properties[key]);
      }
      expect(sameShape(found?.geometry as AreaGeometry, geometry)).toBe(true);
    }
    expect([parcels.get(4), parcels.get(12)]).toEqual([undefined, undefined]);
  });

  it("find who carries a case and who carries none, changes included", () => {
    const one = [feature(parcel(1, { cases: [5] })), feature(parcel(2, { cases: [] }))];
    const parcels = new FlatParcels(flatLayer(1, one));
    const free = () => [...parcels.free()].map(({ id }) => id);
    expect([parcels.carrying(new Set([5])), free()]).toEqual([[1], [2]]);
    parcels.change(parcel(1, { cases: [] }));
    parcels.change(parcel(2, { cases: [5, 6] }));
    expect([parcels.carrying(new Set([5])), free()]).toEqual([[2], [1]]);
    expect(parcels.change(parcel(7))).toBe(false);
  });

  it("without a case are one list until one of them changes", () => {
    const all = [1, 2, 3].map((id) => feature(parcel(id, { cases: id === 1 ? [5] : [] })));
    const parcels = new FlatParcels(flatLayer(1, all));
    const before = parcels.free();
    const free = () => [...parcels.free()].map(({ id }) => id);
    parcels.change(parcel(1, { cases: [5, 6] }));
    expect(parcels.free(), "a case is no matter of theirs").toBe(before);
    expect(parcels.taken().map(({ properties }) => properties.id)).toEqual([1]);
    parcels.change(parcel(2, { label: "新名", cases: [] }));
    expect(parcels.free()).not.toBe(before);
    expect(parcels.free().at(0)?.label).toBe("新名");
    parcels.change(parcel(1, { cases: [] }));
    expect(free()).toEqual([1, 2, 3]);
  });

  it("reads texts one by one where they are not all ASCII", () => {
    const names = ["P-1", "凤桥𠮷", ""];
    const all = names.map((code, i) => feature(parcel(i + 1, { code, label: `厂${i}` })));
    const parcels = [...new FlatParcels(flatLayer(1, all)).values()];
    expect(parcels.map(({ properties: { code, label } }) => [code, label])).toEqual(
      names.map((code, i) => [code, `厂${i}`]),
    );
  });

  it("print the hundredth that the server prints", () => {
    const layer = flatLayer(1, [feature(parcel(1, { m2: 976_353.3333 }))]);
    expect([...new FlatParcels(layer).values()][0]?.properties).toMatchObject({
      m2: 976_353.33,
      mu: 1464.53,
    });
  });
});

describe("a delta", () => {
  it("brought to a layer makes the layer of later, whatever changed, came and went", () => {
    for (let salt = 1; salt < 40; salt++) {
      const before = Array.from({ length: salt % 13 }, (_, k) => random(2 * k + 1, 3));
      const touched = Array.from({ length: salt % 9 }, (_, k) =>
        random(k * ((salt % 3) + 1), salt),
      );
      const ids = new Set(touched.map(({ properties }) => properties.id));
      const gone = before
        .map(({ properties: { id } }) => id)
        .filter((id) => !ids.has(id) && id % 4 === salt % 4);
      const after = [
        ...before.filter(({ properties: { id } }) => !ids.has(id) && !gone.includes(id)),
        ...touched,
      ];
      const delta = flatLayer(9, touched, { since: 4, removed: Float64Array.from(gone) });
      const result = merged(flatLayer(4, before), delta);
      expect(told(result)).toEqual(told(flatLayer(9, after)));
      expect([result.revision, result.since]).toEqual([9, undefined]);
    }
  });
});

describe("reading parcels again", () => {
  function setup(answers: FlatLayer[]) {
    const asked: (number | undefined)[][] = [];
    const parcels = new ParcelStore();
    const api = fakeApi({
      parcels: async (...question) => {
        asked.push(question);
        return answers[asked.length - 1] as FlatLayer;
      },
      cases: async () => casePage([], {}),
    });
    return { asked, parcels, data: createData(api, parcels, new CaseStore()) };
  }
  const whole = flatLayer(4, [feature(parcel(1)), feature(parcel(2))]);
  const some = flatLayer(6, [feature(parcel(3))], { since: 4, removed: Float64Array.of(2) });

  it("asks what changed, and keeps the rest", async () => {
    const { asked, parcels, data } = setup([whole, some]);
    await data.read();
    expect(await data.read(6)).toBe(6);
    expect(asked).toEqual([
      [undefined, undefined],
      [6, 4],
    ]);
    expect([...parcels.all()].map(({ properties }) => properties.id)).toEqual([1, 3]);
  });

  it("takes the whole where the server gives it, or tells somebody else's part", async () => {
    const other = { ...some, scopeClass: "u-honghe" };
    const anew = flatLayer(7, [feature(parcel(8))], { scopeClass: "u-honghe" });
    const { asked, parcels, data } = setup([whole, other, anew]);
    await data.read();
    expect(await data.read()).toBe(7);
    expect(asked[2]).toEqual([undefined]);
    expect(parcels.size).toBe(1);
  });
});

describe("shapes made here", () => {
  it("have no closing vertex, no vertex twice and no ring of nothing", () => {
    const thin = [
      [120, 30],
      [120.00000001, 30],
      [120, 30.00000001],
      [120, 30],
    ];
    const hole = [
      [120.0001, 30.0001],
      [120.0002, 30.0001],
      [120.0002, 30.0001],
      [120.0001, 30.0002],
      [120.0001, 30.0001],
    ];
    const { polygons, rings, points, xy } = shapesOf([
      { type: "Polygon", coordinates: [thin] },
      {
        type: "Polygon",
        coordinates: [
          [
            [120, 30],
            [120.1, 30],
            [120, 30.1],
            [120, 30],
          ],
          hole,
          thin,
        ],
      },
      undefined,
    ]);
    expect([...polygons]).toEqual([0, 0, 1, 1]);
    expect([...rings]).toEqual([0, 2]);
    expect([...points]).toEqual([0, 3, 6]);
    expect([...xy.subarray(0, 4)]).toEqual([
      1_200_000_000, 300_000_000, 1_201_000_000, 300_000_000,
    ]);
  });
});
