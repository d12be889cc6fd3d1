import type { ParcelProperties } from "../domain/types";
import type { FlatColumn, FlatLayer, Whole } from "../geo/flat";
import { flatBounds, geometryOf, textReader } from "../geo/flat-shapes";
import { muHundredths } from "../geo/mu";
import type { AreaGeometry, Bounds } from "../geo/shapes";
import { type FewAtATime, fewAtATime } from "./few-at-a-time";
import type { Parcel, ParcelShapes } from "./parcels";

/** A parcel without a shape is nowhere. */
const nowhere: AreaGeometry = { type: "MultiPolygon", coordinates: [] };

/** The parcels of a flat layer by id: objects are made when somebody looks at one. */
export class FlatParcels {
  /** What later changes say of some of them. */
  private readonly changed = new Map<number, ParcelProperties>();
  private readonly columns: Columns;
  private freeOnes: FewAtATime<ParcelProperties> | undefined;
  private takenOnes: readonly Parcel[] | undefined;

  constructor(readonly layer: FlatLayer) {
    this.columns = columnsOf(layer);
  }

  get size(): number {
    return this.layer.ids.length;
  }

  /** What there is to draw of them. */
  shapes(): ParcelShapes {
    return { ids: this.layer.ids, shapes: this.layer.shapes, areas: this.columns.area };
  }

  /** The place of a parcel in the layer, undefined when it is not there. */
  indexOf(id: number): number | undefined {
    const { ids } = this.layer;
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ids[middle] as number) < id) low = middle + 1;
      else high = middle;
    }
    return ids[low] === id ? low : undefined;
  }

  get(id: number): Parcel | undefined {
    const index = this.indexOf(id);
    return index === undefined ? undefined : this.at(index);
  }

  *values(): IterableIterator<Parcel> {
    for (let i = 0; i < this.size; i++) yield this.at(i);
  }

  /** Gives a parcel other properties; false when it is not here. */
  change(properties: ParcelProperties): boolean {
    const index = this.indexOf(properties.id);
    if (index === undefined) return false;
    if (this.isFree(index) || properties.cases.length === 0) this.freeOnes = undefined;
    this.takenOnes = undefined;
    this.changed.set(properties.id, properties);
    return true;
  }

  /** Ids of the parcels that carry one of the cases. */
  carrying(cases: ReadonlySet<number>): number[] {
    const { ids } = this.layer;
    const { from, values } = this.columns.cases;
    const found = new Set<number>();
    for (let i = 0; i < ids.length; i++) {
      for (let k = from[i] as number; k < (from[i + 1] as number); k++) {
        if (cases.has(values[k] as number)) found.add(ids[i] as number);
      }
    }
    for (const [id, properties] of this.changed) {
      if (properties.cases.some((each) => cases.has(each))) found.add(id);
      else found.delete(id);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** Properties of the parcels without a case; the same list until one of them changes. */
  free(): FewAtATime<ParcelProperties> {
    this.freeOnes ??= fewAtATime(Uint32Array.from(this.places(true)), (i) => this.propertiesOf(i));
    return this.freeOnes;
  }

  /** The parcels with a case. */
  taken(): readonly Parcel[] {
    this.takenOnes ??= this.places(false).map((i) => this.at(i));
    return this.takenOnes;
  }

  private places(free: boolean): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.size; i++) if (this.isFree(i) === free) found.push(i);
    return found;
  }

  private isFree(index: number): boolean {
    const { from } = this.columns.cases;
    const changed = this.changed.size > 0 && this.changed.get(this.layer.ids[index] as number);
    return changed ? changed.cases.length === 0 : from[index] === from[index + 1];
  }

  private at(index: number): Parcel {
    return new FlatParcel(this.layer, index, this.propertiesOf(index));
  }

  private propertiesOf(index: number): ParcelProperties {
    const id = this.layer.ids[index] as number;
    return this.changed.get(id) ?? new FlatProperties(this.columns, id, index);
  }
}

class FlatParcel implements Parcel {
  constructor(
    private readonly layer: FlatLayer,
    private readonly index: number,
    readonly properties: ParcelProperties,
  ) {}

  get geometry(): AreaGeometry {
    return geometryOf(this.layer.shapes, this.index) ?? nowhere;
  }

  get bounds(): Bounds {
    return flatBounds(this.layer.shapes, this.index);
  }
}

type Words = Extract<FlatColumn, { kind: "word" }>;
type Numbers = Extract<FlatColumn, { kind: "numbers" }>;

interface Columns {
  readonly code: (index: number) => string;
  readonly label: (index: number) => string;
  readonly unit: Words;
  readonly stage: Whole;
  /** In 0.0001 m². */
  readonly area: Whole;
  readonly deadline: Words;
  readonly cases: Numbers;
  /** 1 where the label is not shown to the reader. */
  readonly reduced: Whole;
}

function columnsOf({ columns }: FlatLayer): Columns {
  const column = <K extends FlatColumn["kind"]>(name: string, kind: K) => {
    const found = columns.get(name);
    if (found?.kind !== kind) throw new Error(`no column ${name} of ${kind} in the parcels`);
    return found as Extract<FlatColumn, { kind: K }>;
  };
  return {
    code: textReader(column("code", "text").values),
    label: textReader(column("label", "text").values),
    unit: column("unit", "word"),
    stage: column("stage", "number").values,
    area: column("area", "number").values,
    deadline: column("deadline", "word"),
    cases: column("cases", "numbers"),
    reduced: column("reduced", "number").values,
  };
}

/** What the layer's GeoJSON says of a parcel, read where somebody asks. */
class FlatProperties implements ParcelProperties {
  constructor(
    private readonly columns: Columns,
    readonly id: number,
    private readonly index: number,
  ) {}

  get code(): string {
    return this.columns.code(this.index);
  }
  get label(): string {
    return this.columns.label(this.index);
  }
  get reduced(): boolean {
    return this.columns.reduced[this.index] === 1;
  }
  get unit(): string {
    return wordAt(this.columns.unit, this.index);
  }
  get stage(): number {
    return this.columns.stage[this.index] ?? 0;
  }
  get m2(): number {
    return Math.round((this.columns.area[this.index] ?? 0) / 100) / 100;
  }
  get mu(): number {
    return muHundredths(this.columns.area[this.index] ?? 0) / 100;
  }
  get deadline(): string | undefined {
    return wordAt(this.columns.deadline, this.index) || undefined;
  }
  get cases(): number[] {
    const { from, values } = this.columns.cases;
    const [first, end] = [from[this.index] as number, from[this.index + 1] as number];
    // Most parcels of a large layer have none.
    return first === end ? [] : [...values.subarray(first, end)];
  }
}

function wordAt({ words, values }: Words, index: number): string {
  return words[values[index] ?? 0] ?? "";
}
