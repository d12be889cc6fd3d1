import type { Lot, RevisitDraw } from "./types";

// guatu-draw-1, as docs/draw.zh-CN.md has it: a browser draws again from the record, without the server.

const words = 2n ** 64n;
const wordsOfBlock = 4;

/** The words of a draw, one after the other. */
type NextWord = () => Promise<bigint>;

function wordsOf(seed: string, algorithm: string, digest: SubtleCrypto["digest"]): NextWord {
  let block = 0;
  let left: bigint[] = [];
  return async () => {
    if (left.length === 0) {
      const text = new TextEncoder().encode(`${algorithm}\n${seed}\n${block++}`);
      const sum = new DataView(await digest("SHA-256", text));
      left = Array.from({ length: wordsOfBlock }, (_, i) => sum.getBigUint64(8 * i));
    }
    return left.shift() ?? 0n;
  };
}

/** An even choice among n. */
async function below(next: NextWord, n: number): Promise<number> {
  const size = BigInt(n);
  const most = words - (words % size);
  let word = await next();
  while (word >= most) word = await next();
  return Number(word % size);
}

async function pick<T>(next: NextWord, from: readonly T[], n: number): Promise<T[]> {
  const list = [...from];
  for (let i = 0; i < n; i++) {
    const j = i + (await below(next, list.length - i));
    [list[i], list[j]] = [list[j] as T, list[i] as T];
  }
  return list.slice(0, n);
}

/** Draws again from the record of a draw; codes are ASCII, so that their order is that of their bytes. */
export async function drawAgain(
  record: Pick<RevisitDraw, "algorithm" | "seed" | "pool" | "people" | "absent" | "each" | "drawn">,
  digest: SubtleCrypto["digest"],
): Promise<Lot[]> {
  const next = wordsOf(record.seed, record.algorithm, digest);
  const pool = [...record.pool].sort((a, b) => (a.code < b.code ? -1 : 1));
  const people = [...record.people].sort();
  const drawn: Lot[] = [];
  for (const { code, persons } of await pick(next, pool, record.drawn.length)) {
    const free = people.filter((each) => !record.absent.includes(each) && !persons.includes(each));
    drawn.push({ code, persons: await pick(next, free, record.each) });
  }
  return drawn;
}
