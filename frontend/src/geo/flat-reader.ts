import { FlatFault } from "./flat-fault";

const decoder = new TextDecoder("utf-8", { fatal: true });
/** ±180° in units of 1e-7 degrees: every coordinate fits in 32 bits. */
const farthest = 1_800_000_000;

/** Takes numbers off the bytes of a flat file; throws FlatFault where they are none. */
export class FlatReader {
  at = 0;

  constructor(private readonly b: Uint8Array) {}

  get left(): number {
    return this.b.length - this.at;
  }

  fail(reason: string): never {
    throw new FlatFault(`byte ${this.at}: ${reason}`);
  }

  byte(): number {
    if (this.at >= this.b.length) this.fail("ends here");
    return this.b[this.at++] as number;
  }

  /** Four bytes, the lowest first. */
  word(): number {
    return this.byte() + this.byte() * 0x100 + this.byte() * 0x1_0000 + this.byte() * 0x100_0000;
  }

  /** An unsigned number in its shortest form, exact in a number of JavaScript. */
  uint(): number {
    let byte = this.byte();
    let n = byte & 0x7f;
    for (let unit = 128; byte >= 128; unit *= 128) {
      byte = this.byte();
      n += (byte & 0x7f) * unit;
      if (n > Number.MAX_SAFE_INTEGER || byte === 0) this.fail("no number");
    }
    return n;
  }

  int(): number {
    return unfold(this.uint());
  }

  /** How many of something follow that takes at least so many bytes each. */
  count(bytes: number): number {
    const n = this.uint();
    if (n * bytes > this.left) this.fail("more than the bytes could hold");
    return n;
  }

  bytes(): Uint8Array {
    const n = this.count(1);
    this.at += n;
    return this.b.subarray(this.at - n, this.at);
  }

  text(): string {
    try {
      return decoder.decode(this.bytes());
    } catch {
      return this.fail("not UTF-8");
    }
  }

  /** The bytes of a text that may begin as the one before it. */
  textAfter(before: Uint8Array): Uint8Array<ArrayBuffer> {
    const shared = this.byte();
    if (shared > before.length) this.fail("shares more than there is");
    const rest = this.bytes();
    const text = new Uint8Array(shared + rest.length);
    text.set(before.subarray(0, shared));
    text.set(rest, shared);
    return text;
  }

  ids(n: number): Float64Array {
    const ids = new Float64Array(n);
    let last = 0;
    for (let i = 0; i < n; i++) {
      const step = i === 0 ? this.int() : this.uint();
      if (i > 0 && step === 0) this.fail("ids do not rise");
      last += step;
      ids[i] = last;
    }
    return ids;
  }

  /** First vertices of n features, longitude and latitude in turn. */
  anchors(n: number): Int32Array {
    const anchors = new Int32Array(2 * n);
    let [x, y] = [0, 0];
    for (let i = 0; i < n; i++) {
      x += this.int();
      y += this.int();
      if (isOutside(x) || isOutside(y)) this.fail("a coordinate out of range");
      anchors[2 * i] = x;
      anchors[2 * i + 1] = y;
    }
    return anchors;
  }

  /** The bit stream of the other vertices. */
  steps(): StepReader {
    return new StepReader(this, this.byte(), this.byte());
  }
}

const longest = 32;
const rawBits = 35;

/** Steps between vertices, Rice coded. */
export class StepReader {
  /** Up to 32 bits that were read and not used. */
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
    let [x, y] = [anchorX, anchorY];
    for (let i = begin; i < end; i++) {
      if (i > begin) {
        x += unfold(this.rice(this.kx));
        y += unfold(this.rice(this.ky));
        if (isOutside(x) || isOutside(y)) this.from.fail("a coordinate out of range");
      }
      xy[2 * i] = x;
      xy[2 * i + 1] = y;
    }
  }

  end(): void {
    if (this.held !== 0) this.from.fail("bits after the last number");
  }

  private rice(k: number): number {
    let q = 0;
    while (this.bits(1) === 1) if (++q === longest) return this.raw(k);
    return q * 2 ** k + this.bits(k);
  }

  private raw(k: number): number {
    const low = this.bits(16);
    const v = low + this.bits(rawBits - 16) * 0x1_0000;
    if (v < longest * 2 ** k) this.from.fail("a number longer than it must be");
    return v;
  }

  /** At most 30 bits, the lowest first. */
  private bits(n: number): number {
    if (n === 0) return 0;
    if (n > 24) {
      const low = this.bits(16);
      return low + this.bits(n - 16) * 0x1_0000;
    }
    while (this.n < n) {
      this.held |= this.from.byte() << this.n;
      this.n += 8;
    }
    const v = this.held & ((1 << n) - 1);
    this.held >>>= n;
    this.n -= n;
    return v;
  }
}

function unfold(n: number): number {
  return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
}

function isOutside(n: number): boolean {
  return n < -farthest || n > farthest;
}
