import type { Texts } from "./flat";
import type { FlatReader } from "./flat-reader";

/** Gathers the texts of a column, of which no object is made. */
export class GatheredTexts {
  private readonly from: Uint32Array;
  private bytes = new Uint8Array(1024);
  private count = 0;

  constructor(features: number) {
    this.from = new Uint32Array(features + 1);
  }

  /** The texts of a block: each may begin as the one before it. */
  read(reader: FlatReader, n: number): void {
    let [before, length] = [0, 0];
    for (let i = 0; i < n; i++) {
      const shared = reader.byte();
      if (shared > length) reader.fail("shares more than there is");
      const rest = reader.bytes();
      const begin = this.from[this.count++] as number;
      const end = begin + shared + rest.length;
      this.hold(end);
      this.bytes.copyWithin(begin, before, before + shared);
      this.bytes.set(rest, begin + shared);
      this.from[this.count] = end;
      [before, length] = [begin, end - begin];
    }
  }

  texts(): Texts {
    return { bytes: this.bytes.slice(0, this.from[this.count]), from: this.from };
  }

  private hold(length: number): void {
    if (length <= this.bytes.length) return;
    const more = new Uint8Array(2 * length);
    more.set(this.bytes);
    this.bytes = more;
  }
}
