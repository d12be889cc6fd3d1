import { computed, type Ref } from "vue";
import { isAhead, isLate } from "../domain/due";
import { classOf, type EvaluationClass } from "../domain/evaluation";
import type { CaseSummary } from "../domain/types";
import { areaFromM2, muHundredths } from "../geo/mu";
import type { CaseStore } from "./cases";
import { type Filter, inTrack } from "./filter";
import type { ParcelStore } from "./parcels";

/** A count and its land: `count` cases (parcels in slot 0), `mu` in hundredths, converted once from the sum. */
export interface Figure {
  count: number;
  mu: number;
  /** The area is that of buildings, in hundredths of 10,000 m². */
  floor?: boolean;
}

/** What the legend and the foot say. */
export interface Figures {
  /** By slot, 0 (parcels without a case) to 9. */
  stages: readonly Figure[];
  /** All cases of the track. */
  listed: Figure;
  late: Figure;
  /** Done earlier than planned, and not late. */
  ahead: Figure;
  /** Cases of the track by class of their operator; by unit, to be joined. */
  classes: ReadonlyMap<EvaluationClass, Figure>;
  units: ReadonlyMap<string, Sum>;
}

/** A count and its exact land. */
class Sum {
  count = 0;
  private area = 0;

  add(m2: number): void {
    this.count++;
    this.area += areaFromM2(m2);
  }

  join(other: Sum): this {
    this.count += other.count;
    this.area += other.area;
    return this;
  }

  figure(): Figure {
    return { count: this.count, mu: muHundredths(this.area) };
  }
}

/** The figure of several sums, converted once. */
export function joined(sums: readonly Sum[]): Figure {
  return sums.reduce((all, sum) => all.join(sum), new Sum()).figure();
}

class Sums<Key> {
  readonly byKey = new Map<Key, Sum>();

  add(key: Key, m2: number): void {
    const sum = this.byKey.get(key) ?? new Sum();
    this.byKey.set(key, sum);
    sum.add(m2);
  }

  figures(): ReadonlyMap<Key, Figure> {
    return new Map([...this.byKey].map(([key, sum]) => [key, sum.figure()]));
  }
}

/** Counts of the shown track by current stage, following every change of the two stores. */
export function createFigures(
  cases: CaseStore,
  parcels: ParcelStore,
  filter: Filter,
  today: Readonly<Ref<string>>,
): Readonly<Ref<Figures>> {
  const parcelsFree = computed(() => {
    void parcels.edition.value;
    return parcels.free();
  });
  const free = computed(() => {
    const sum = new Sum();
    for (const { m2 } of parcelsFree.value) sum.add(m2);
    return sum;
  });
  return computed(() => {
    void cases.edition.value;
    return count(cases, free.value, filter, today.value);
  });
}

function count(cases: CaseStore, free: Sum, filter: Filter, today: string): Figures {
  const stages = Array.from({ length: 10 }, () => new Sum());
  const [listed, late, ahead] = [new Sum(), new Sum(), new Sum()];
  const classes = new Sums<EvaluationClass>();
  const units = new Sums<string>();
  for (const each of cases.all()) {
    if (!inTrack(filter, each)) continue;
    stages[each.stage]?.add(each.m2);
    listed.add(each.m2);
    classes.add(classOf(each.evaluation), each.m2);
    units.add(each.unit, each.m2);
    if (isLate(each.deadline, today)) late.add(each.m2);
    if (isAhead(each, today)) ahead.add(each.m2);
  }
  stages[0]?.join(free);
  return {
    stages: stages.map((s) => s.figure()),
    listed: listed.figure(),
    late: late.figure(),
    ahead: ahead.figure(),
    classes: classes.figures(),
    units: units.byKey,
  };
}

/** The figure of the wanted cases, added up anew: areas are not kept by slot. */
export function figureOf(cases: CaseStore, wanted: (each: CaseSummary) => boolean): Figure {
  const sum = new Sum();
  for (const each of cases.all()) if (wanted(each)) sum.add(each.m2);
  return sum.figure();
}
