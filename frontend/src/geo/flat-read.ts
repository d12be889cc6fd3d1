/** Reads the flat form of a layer; the documentation of the Go package geo/flat is the format. Throws FlatFault. */
import {
  type FlatColumn,
  type FlatLayer,
  narrowed,
  pointsOf,
  roomForShapes,
  type Shapes,
} from "./flat";
import { FlatReader } from "./flat-reader";
import { GatheredTexts } from "./flat-texts";

const magic = 0x544c_4647;
const flagDelta = 1;
const kinds = [undefined, "number", "text", "word", "numbers"] as const;
type Kind = Exclude<(typeof kinds)[number], undefined>;

/** Reads a file. It holds no more than a small multiple of the bytes, whatever they claim. */
export function readFlat(bytes: Uint8Array): FlatLayer {
  const from = new FlatReader(bytes);
  const head = readHead(from);
  const into = new Gathered(head.counts, head.columns);
  for (let size = from.count(1); size > 0; size = from.count(1)) {
    const end = from.at + size;
    into.block(from);
    if (from.at !== end) from.fail("a block is not as long as it says");
  }
  if (from.left > 0) from.fail("something after the end");
  const { layer, scopeClass, revision, since, removed } = head;
  return { layer, scopeClass, revision, since, removed, ...into.layer(from) };
}

interface Counts {
  features: number;
  polygons: number;
  rings: number;
  points: number;
}

function readHead(from: FlatReader) {
  if (from.word() !== magic) from.fail("not a flat layer");
  if (from.byte() !== 1) from.fail("a version that is not known");
  const flags = from.byte();
  if (flags > flagDelta) from.fail("a flag that is not known");
  const [layer, scopeClass, revision] = [from.text(), from.text(), from.uint()];
  const since = flags === flagDelta ? from.uint() : undefined;
  const removed = since === undefined ? new Float64Array() : from.ids(from.count(1));
  const columns: { name: string; kind: Kind }[] = [];
  for (let n = from.count(2); n > 0; n--) {
    const [name, kind] = [from.text(), kinds[from.byte()]];
    if (kind) columns.push({ name, kind });
    else from.fail("a column of a kind that is not known");
  }
  const number = () => Math.min(from.uint(), 4 * from.left + 1);
  const counts = {
    features: number(),
    polygons: number(),
    rings: number(),
    points: number(),
  };
  return { layer, scopeClass, revision, since, removed, columns, counts };
}

/** The columns of a file while its blocks are read. */
class Gathered {
  private readonly ids: Float64Array;
  private readonly shapes: Shapes;
  private readonly columns: readonly { name: string; into: ColumnReader }[];
  private readonly done: Counts = { features: 0, polygons: 0, rings: 0, points: 0 };

  constructor(
    private readonly counts: Counts,
    columns: readonly { name: string; kind: Kind }[],
  ) {
    const { features, polygons, rings, points } = counts;
    this.ids = new Float64Array(features);
    this.shapes = {
      polygons: new Uint32Array(roomForShapes(4 * (features + 1))),
      rings: new Uint32Array(roomForShapes(4 * (polygons + 1))),
      points: new Uint32Array(roomForShapes(4 * (rings + 1))),
      xy: new Int32Array(roomForShapes(8 * points)),
    };
    this.columns = columns.map(({ name, kind }) => ({ name, into: readers[kind](features) }));
  }

  block(from: FlatReader): void {
    const n = from.count(3 + this.columns.length);
    const first = this.done.features;
    if (n === 0 || first + n > this.counts.features) from.fail("another number of features");
    this.ids.set(from.ids(n), first);
    if (first > 0 && (this.ids[first] as number) <= (this.ids[first - 1] as number)) {
      from.fail("ids do not rise");
    }
    for (const { into } of this.columns) into.read(from, n);
    this.readShapes(from, first, first + n);
    this.done.features += n;
  }

  private readShapes(from: FlatReader, first: number, end: number): void {
    const anchors = from.anchors(end - first);
    const { points } = this.done;
    for (let i = first; i < end; i++) this.structure(from, i);
    if (this.done.points - points > 4 * from.left + end - first) from.fail("too many vertices");
    const steps = from.steps();
    for (let i = first; i < end; i++) {
      const [begin, stop] = pointsOf(this.shapes, i);
      steps.walk(
        this.shapes.xy,
        begin,
        stop,
        anchors[2 * (i - first)] ?? 0,
        anchors[2 * (i - first) + 1] ?? 0,
      );
    }
    steps.end();
  }

  /** Polygons and rings of a feature, and how long these are. */
  private structure(from: FlatReader, feature: number): void {
    const { done, shapes, counts } = this;
    for (let p = from.count(2); p > 0; p--) {
      const rings = from.count(1);
      if (rings === 0) from.fail("a polygon without rings");
      for (let r = 0; r < rings; r++) {
        const points = from.uint();
        if (points < 3 || done.points + points > counts.points || done.rings >= counts.rings) {
          from.fail("a ring without three points, or more than the head says");
        }
        done.points += points;
        shapes.points[++done.rings] = done.points;
      }
      if (done.polygons >= counts.polygons) from.fail("more polygons than the head says");
      shapes.rings[++done.polygons] = done.rings;
    }
    shapes.polygons[feature + 1] = done.polygons;
  }

  layer(from: FlatReader): Pick<FlatLayer, "ids" | "shapes" | "columns"> {
    for (const key of ["features", "polygons", "rings", "points"] as const) {
      if (this.done[key] !== this.counts[key]) from.fail("not as many as the head says");
    }
    const columns = new Map(this.columns.map(({ name, into }) => [name, into.column()]));
    return { ids: this.ids, shapes: this.shapes, columns };
  }
}

interface ColumnReader {
  read(from: FlatReader, n: number): void;
  column(): FlatColumn;
}

const readers: Record<Kind, (features: number) => ColumnReader> = {
  number: (features) => {
    const values = new Float64Array(features);
    let at = 0;
    return {
      read(from, n) {
        for (let i = 0; i < n; i++) values[at++] = from.uint();
      },
      column: () => ({ kind: "number", values: narrowed(values) }),
    };
  },
  text: (features) => {
    const texts = new GatheredTexts(features);
    return {
      read: (from, n) => texts.read(from, n),
      column: () => ({ kind: "text", values: texts.texts() }),
    };
  },
  word: (features) => {
    const values = new Float64Array(features);
    const [words, known] = [[] as string[], new Map<string, number>()];
    let at = 0;
    return {
      read(from, n) {
        const own = Array.from({ length: from.count(1) }, () => indexOf(from.text(), words, known));
        for (let i = 0; i < n; i++) {
          const word = own[from.uint()];
          if (word === undefined) from.fail("a word that is not there");
          values[at++] = word ?? 0;
        }
      },
      column: () => ({ kind: "word", words, values: narrowed(values) }),
    };
  },
  numbers: (features) => {
    const begins = new Uint32Array(features + 1);
    const values: number[] = [];
    let at = 0;
    return {
      read(from, n) {
        for (let i = 0; i < n; i++) {
          let last = 0;
          for (let k = from.count(1); k > 0; k--) {
            last += from.int();
            values.push(last);
          }
          begins[++at] = values.length;
        }
      },
      column: () => ({ kind: "numbers", from: begins, values: Float64Array.from(values) }),
    };
  },
};

function indexOf(word: string, words: string[], known: Map<string, number>): number {
  let index = known.get(word);
  if (index === undefined) {
    index = words.push(word) - 1;
    known.set(word, index);
  }
  return index;
}
