import { isOutside, unfold } from "./flat-numbers";
import type { FlatReader } from "./flat-reader";

const longest = 32;
const rawBits = 35;
/** What is held stays below 31 bits: a small integer of the engine, which is read without being boxed. */
const fullFrom = 23;

/** Steps between vertices, Rice coded. */
export class StepReader {
  /** Bits that were read and not used, the next one lowest. */
  private held = 0;
  private n = 0;

  constructor(
    private readonly from: FlatReader,
    private readonly kx: number,
    private readonly ky: number,
  ) {
    if (Math.max(kx, ky) > 30) from.fail("no parameter of the bit stream");
  }

  /** Writes the vertices of a feature, the first of which is its anchor. */
  walk(xy: Int32Array, begin: number, end: number, anchorX: number, anchorY: number): void {
    if (begin === end) return;
    xy[2 * begin] = anchorX;
    xy[2 * begin + 1] = anchorY;
    // x and y in turn, each a step away from the one two places before it.
    for (let at = 2 * begin + 2; at < 2 * end; at++) {
      const next = (xy[at - 2] as number) + this.step(at & 1 ? this.ky : this.kx);
      if (isOutside(next)) this.from.fail("a coordinate out of range");
      xy[at] = next;
    }
  }

  /** Gives back the bytes that were held beyond the last number. */
  end(): void {
    this.from.at -= this.n >> 3;
    this.n &= 7;
    if ((this.held & ((1 << this.n) - 1)) !== 0) this.from.fail("bits after the last number");
  }

  private fill(): void {
    const { from } = this;
    const { b } = from;
    let { held, n } = this;
    let { at } = from;
    for (; n < fullFrom && at < b.length; n += 8) held |= (b[at++] as number) << n;
    this.held = held;
    this.n = n;
    from.at = at;
  }

  /** Nearly every number lies in what is held whole. */
  private step(k: number): number {
    if (this.n < fullFrom) this.fill();
    const { held } = this;
    const ones = 31 - Math.clz32(~held & (held + 1));
    const used = ones + 1 + k;
    if (used > this.n) return unfold(this.longRice(k));
    const folded = (ones << k) + ((held >> (ones + 1)) & ((1 << k) - 1));
    this.held = held >> used;
    this.n -= used;
    return (folded >>> 1) ^ -(folded & 1);
  }

  private longRice(k: number): number {
    let q = 0;
    while (this.bits(1) === 1) if (++q === longest) return this.raw(k);
    return q * 2 ** k + this.bits(k);
  }

  private raw(k: number): number {
    const v = this.bits(16) + this.bits(rawBits - 16) * 0x1_0000;
    if (v < longest * 2 ** k) this.from.fail("a number longer than it must be");
    return v;
  }

  /** The lowest first. */
  private bits(n: number): number {
    if (n > 16) {
      const low = this.bits(16);
      return low + this.bits(n - 16) * 0x1_0000;
    }
    this.fill();
    if (this.n < n) this.from.fail("ends here");
    const v = this.held & ((1 << n) - 1);
    this.held >>= n;
    this.n -= n;
    return v;
  }
}
