import type { FlatColumn, FlatLayer, Shapes, Texts } from "./flat";
import { narrowed, pointsOf, roomForShapes } from "./flat";

/** One feature of one of two layers. */
interface Pick {
  readonly of: FlatLayer;
  readonly at: number;
}

/** A layer brought forward by a delta of it: features replaced, added and removed. */
export function merged(layer: FlatLayer, delta: FlatLayer): FlatLayer {
  const picks = pick(layer, delta);
  const columns = [...layer.columns].map(([name, column]): [string, FlatColumn] => [
    name,
    mergeColumn(picks, name, column.kind),
  ]);
  return {
    ...delta,
    ...{ since: undefined, removed: new Float64Array() },
    ids: Float64Array.from(picks, ({ of, at }) => of.ids[at] ?? 0),
    shapes: mergeShapes(picks),
    columns: new Map(columns),
  };
}

/** Features by id: the delta's where it has one. */
function pick(layer: FlatLayer, delta: FlatLayer): Pick[] {
  const gone = new Set(delta.removed);
  const picks: Pick[] = [];
  let j = 0;
  for (let i = 0; i <= layer.ids.length; i++) {
    const id = layer.ids[i] ?? Number.POSITIVE_INFINITY;
    for (; (delta.ids[j] ?? Number.POSITIVE_INFINITY) < id; j++) picks.push({ of: delta, at: j });
    if (delta.ids[j] === id) picks.push({ of: delta, at: j++ });
    else if (i < layer.ids.length && !gone.has(id)) picks.push({ of: layer, at: i });
  }
  return picks;
}

function mergeShapes(picks: readonly Pick[]): Shapes {
  const [polygons, rings, points] = [[0], [0], [0]];
  let length = 0;
  for (const { of, at } of picks) {
    const { shapes } = of;
    for (let p = shapes.polygons[at] ?? 0; p < (shapes.polygons[at + 1] ?? 0); p++) {
      for (let r = shapes.rings[p] ?? 0; r < (shapes.rings[p + 1] ?? 0); r++) {
        length += (shapes.points[r + 1] ?? 0) - (shapes.points[r] ?? 0);
        points.push(length);
      }
      rings.push(points.length - 1);
    }
    polygons.push(rings.length - 1);
  }
  const xy = new Int32Array(roomForShapes(8 * length));
  let to = 0;
  for (const { of, at } of picks) {
    const [begin, end] = pointsOf(of.shapes, at);
    xy.set(of.shapes.xy.subarray(2 * begin, 2 * end), to);
    to += 2 * (end - begin);
  }
  const all = [polygons, rings, points].map((list) => {
    const shared = new Uint32Array(roomForShapes(4 * list.length));
    shared.set(list);
    return shared;
  });
  return { polygons: all[0], rings: all[1], points: all[2], xy } as Shapes;
}

function mergeColumn(picks: readonly Pick[], name: string, kind: FlatColumn["kind"]): FlatColumn {
  const of = <K extends FlatColumn["kind"]>(pick: Pick) =>
    pick.of.columns.get(name) as Extract<FlatColumn, { kind: K }>;
  switch (kind) {
    case "number":
      return {
        kind,
        values: narrowed(Float64Array.from(picks, (p) => of<"number">(p).values[p.at] ?? 0)),
      };
    case "text":
      return { kind, values: mergeTexts(picks.map((p) => [of<"text">(p).values, p.at])) };
    case "word": {
      const words: string[] = [];
      const known = new Map<string, number>();
      const values = Float64Array.from(picks, (p) => {
        const column = of<"word">(p);
        const word = column.words[column.values[p.at] ?? 0] ?? "";
        const index = known.get(word) ?? words.push(word) - 1;
        known.set(word, index);
        return index;
      });
      return { kind, words, values: narrowed(values) };
    }
    case "numbers": {
      const [from, values] = [[0], [] as number[]];
      for (const p of picks) {
        const column = of<"numbers">(p);
        values.push(...column.values.subarray(column.from[p.at], column.from[p.at + 1]));
        from.push(values.length);
      }
      return { kind, from: Uint32Array.from(from), values: Float64Array.from(values) };
    }
  }
}

function mergeTexts(picks: readonly (readonly [Texts, number])[]): Texts {
  const from = new Uint32Array(picks.length + 1);
  picks.forEach(([{ from: begins }, at], i) => {
    from[i + 1] = (from[i] ?? 0) + (begins[at + 1] ?? 0) - (begins[at] ?? 0);
  });
  const bytes = new Uint8Array(from[picks.length] ?? 0);
  picks.forEach(([texts, at], i) => {
    bytes.set(texts.bytes.subarray(texts.from[at], texts.from[at + 1]), from[i]);
  });
  return { bytes, from };
}
