import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { type FlatColumn, type FlatLayer, unshared } from "./flat";
import { FlatFault } from "./flat-fault";
import { readFlat } from "./flat-read";
import { geometryOf, textAt } from "./flat-shapes";

// The Go package geo/flat writes these files and holds them in its own tests.
const file = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../geo/flat/testdata/${name}`, import.meta.url)));

function valueAt(column: FlatColumn | undefined, i: number) {
  switch (column?.kind) {
    case "number":
      return column.values[i];
    case "text":
      return textAt(column.values, i);
    case "word":
      return column.words[column.values[i] as number];
    case "numbers":
      return [...column.values.subarray(column.from[i], column.from[i + 1])];
  }
}

function told(layer: FlatLayer) {
  return [...layer.ids].map((id, i) => ({
    id,
    shape: geometryOf(layer.shapes, i)?.coordinates ?? null,
    values: ["stage", "code", "unit", "cases"].map((name) => valueAt(layer.columns.get(name), i)),
  }));
}

describe("flat layers", () => {
  it("reads what the server wrote, to the last digit", () => {
    const layer = readFlat(file("layer.flat"));
    expect(told(layer)).toEqual(JSON.parse(new TextDecoder().decode(file("layer.json"))));
    const { layer: name, scopeClass, revision, since } = layer;
    expect({ name, scopeClass, revision, since }).toEqual({
      ...{ name: "parcels", scopeClass: "all", revision: 4711, since: undefined },
    });
  });

  it("reads a delta", () => {
    const { since, removed, revision, ids } = readFlat(file("delta.flat"));
    expect({ since, removed: [...removed], revision, ids: [...ids] }).toEqual({
      ...{ since: 4711, removed: [8, 300], revision: 4712, ids: [7] },
    });
  });

  it("is kept in room of its own where page and painter share it", () => {
    vi.stubGlobal("crossOriginIsolated", true);
    const layer = readFlat(file("layer.flat"));
    vi.unstubAllGlobals();
    expect(layer.shapes.xy.buffer).toBeInstanceOf(SharedArrayBuffer);
    const kept = unshared(layer);
    for (const numbers of Object.values(kept.shapes))
      expect(numbers.buffer).toBeInstanceOf(ArrayBuffer);
    expect(kept.shapes).toEqual(layer.shapes);
  });

  it("names what is wrong with bytes that were cut, and never runs away with changed ones", () => {
    const whole = file("layer.flat");
    for (let n = 0; n < whole.length; n++) {
      expect(() => readFlat(whole.subarray(0, n)), `cut after ${n}`).toThrow(FlatFault);
    }
    for (let n = 0; n < whole.length; n++) {
      for (const by of [1, 0x7f, 0x80, 0xff]) {
        const changed = Uint8Array.from(whole);
        changed[n] = (changed[n] as number) ^ by;
        try {
          const { shapes } = readFlat(changed);
          expect(shapes.xy.length).toBeLessThanOrEqual(8 * whole.length);
        } catch (fault) {
          expect(fault).toBeInstanceOf(FlatFault);
        }
      }
    }
  });
});
