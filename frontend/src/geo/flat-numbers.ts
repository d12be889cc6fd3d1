/** ±180° in units of 1e-7 degrees: every coordinate fits in 32 bits. */
const farthest = 1_800_000_000;

/** The signed number that was folded into an unsigned one. */
export function unfold(n: number): number {
  return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
}

export function isOutside(n: number): boolean {
  return n < -farthest || n > farthest;
}
