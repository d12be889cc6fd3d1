/** Digits of a PIN. */
export const pinLength = 6;
/** Rounds of PBKDF2 of a new seal. */
export const pinRounds = 310_000;
/** Wrong answers after which the phone is signed out. */
export const pinTries = 5;
/** Minutes nobody touched the page after which the PIN is asked again: what may be chosen, and what holds until then. */
export const idleChoices = [1, 5, 15] as const;
export const idleDefault = 5;

/** What is kept of a PIN: from it the PIN can be tried, not read. */
export interface Seal {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly rounds: number;
  readonly hash: Uint8Array<ArrayBuffer>;
  /** Answers given since the last right one, each written down before it was looked at. */
  readonly tried: number;
  readonly idleMinutes: number;
}

/** Known to be chosen by many: 我爱你一生, columns and corners of the keypad, even figures. */
const favoured = new Set(["520131", "201314", "147258", "258369", "147852", "159357", "246810"]);

/** Whether somebody guesses a PIN within the tries that there are: repetitions, runs, favourites. */
export function isTrivial(pin: string): boolean {
  const repeats = [1, 2, 3].some((n) => pin === pin.slice(0, n).repeat(pinLength / n));
  return repeats || isRun(pin) || isDoubled(pin) || favoured.has(pin);
}

/** 123456, 987654, 890123, 135791: the same step from digit to digit. */
function isRun(pin: string): boolean {
  const digits = [...pin].map(Number);
  const steps = digits.slice(1).map((digit, i) => (digit - (digits[i] ?? 0) + 10) % 10);
  return new Set(steps).size === 1;
}

/** 112233, 111222: blocks of one digit each, the digits in a row. */
function isDoubled(pin: string): boolean {
  return [2, 3].some((n) => {
    const blocks = pin.match(new RegExp(`(\\d)\\1{${n - 1}}`, "g")) ?? [];
    const digits = blocks.map((block) => Number(block[0]));
    const steps = digits.slice(1).map((digit, i) => digit - (digits[i] ?? 0));
    return blocks.length === pinLength / n && new Set(steps).size === 1;
  });
}

/** Seals a PIN with a salt of its own. */
export async function sealPin(pin: string, rounds = pinRounds): Promise<Seal> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const hash = await derive(pin, salt, rounds);
  return { salt, rounds, hash, tried: 0, idleMinutes: idleDefault };
}

/** Whether it is the PIN of a seal. */
export async function opens({ salt, rounds, hash }: Seal, pin: string): Promise<boolean> {
  const found = await derive(pin, salt, rounds);
  return found.reduce((differing, byte, i) => differing | (byte ^ (hash[i] ?? 0)), 0) === 0;
}

async function derive(
  pin: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = new TextEncoder().encode(pin);
  const key = await crypto.subtle.importKey("raw", text, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
}
