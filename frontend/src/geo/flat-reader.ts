import { FlatFault } from "./flat-fault";
import { isOutside, unfold } from "./flat-numbers";
import { StepReader } from "./flat-steps";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Takes numbers off the bytes of a flat file; throws FlatFault where they are none. */
export class FlatReader {
  at = 0;

  constructor(readonly b: Uint8Array) {}

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
