import type { ParcelLook } from "./parcel-look";

/** The looks of many parcels: few are different, and each has a number. */
export class LookTable {
  /** Number of each parcel's look. */
  numbers = new Uint16Array();
  private looks: ParcelLook[] = [];
  private readonly known = new Map<string, number>();
  /** The one that came last comes again and again. */
  private last: { readonly look: ParcelLook; readonly number: number } | undefined;
  private told = 0;

  reset(parcels: number): void {
    this.numbers = new Uint16Array(parcels);
    this.looks = [];
    this.known.clear();
    this.last = undefined;
    this.told = 0;
  }

  at(index: number): ParcelLook {
    return this.looks[this.numbers[index] ?? 0] as ParcelLook;
  }

  /** False when nothing would be painted otherwise. */
  set(index: number, look: ParcelLook): boolean {
    const number = this.last?.look === look ? this.last.number : this.numberOf(look);
    if (this.last?.look !== look) this.last = { look, number };
    // 0 is also what a parcel has before it has any.
    const same = this.numbers[index] === number;
    this.numbers[index] = number;
    return !same;
  }

  private numberOf(look: ParcelLook): number {
    const key = keyOf(look);
    const number = this.known.get(key) ?? this.looks.push(look) - 1;
    this.known.set(key, number);
    return number;
  }

  /** All looks in another form, where there are any that were not told yet. */
  news<T>(form: (look: ParcelLook) => T): T[] | undefined {
    if (this.told === this.looks.length) return undefined;
    this.told = this.looks.length;
    return this.looks.map(form);
  }
}

function keyOf({ style, digit, late, plate, ahead, cases, ground }: ParcelLook): string {
  const { fillColor, fillOpacity, color, opacity, dashArray } = style;
  const parts = [
    fillColor,
    fillOpacity,
    color,
    opacity,
    dashArray,
    digit,
    late,
    plate,
    ahead,
    cases,
  ];
  return `${parts.join("|")}|${ground}`;
}
