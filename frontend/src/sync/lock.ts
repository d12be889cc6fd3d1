import { computed, ref, shallowRef } from "vue";
import type { Kept, LockStore } from "./lock-store";
import { opens, pinRounds, pinTries, type Seal, sealPin } from "./pin";

/** What came of an answer: right, wrong with so many tries left, or none left. */
export type Tried = { readonly left: number } | "open" | "spent";

export type Lock = ReturnType<typeof createLock>;

/**
 * The PIN of an enrolled phone. It keeps who picks the phone up from page and list; what lies in
 * the browser's database is not encrypted with it, and the cookie does not know of it.
 */
export function createLock(
  /** Undefined where the browser keeps nothing: such a phone is not enrolled. */
  store: LockStore | undefined,
  /** Seconds since somebody touched the page; less than none where the clock was set back. */
  quiet: () => number,
  rounds = pinRounds,
) {
  const kept = shallowRef<Kept>({});
  const shut = ref(false);

  async function change(how: (kept: Kept) => Kept): Promise<Kept> {
    kept.value = (await store?.change(how)) ?? how(kept.value);
    return kept.value;
  }

  /** Reads what the browser keeps; another tab may have changed it. */
  async function load(): Promise<void> {
    if (store) kept.value = await store.read();
  }

  /** The page opens: where there is a PIN, it is asked. */
  async function open(): Promise<void> {
    await load();
    shut.value = kept.value.seal !== undefined;
  }

  /** Asks for the PIN where nobody touched the page for as long as was chosen. */
  function check(): void {
    const { seal } = kept.value;
    const still = quiet();
    if (seal && (still < 0 || still >= seal.idleMinutes * 60)) shut.value = true;
  }

  const attempt = (pin: string) => tryPin(change, pin);

  async function unlock(pin: string): Promise<Tried> {
    const tried = await attempt(pin);
    if (tried === "open") shut.value = false;
    return tried;
  }

  /** Puts a PIN in the place of the one that was there; its idle time stays. */
  async function set(pin: string): Promise<void> {
    const made = await sealPin(pin, rounds);
    await change(({ seal, leaving }) => ({
      ...(leaving ? { leaving } : {}),
      seal: seal ? { ...made, idleMinutes: seal.idleMinutes } : made,
    }));
    shut.value = false;
  }

  const setIdle = (idleMinutes: number) =>
    change((now) => (now.seal ? { ...now, seal: { ...now.seal, idleMinutes } } : now));

  /** Takes the PIN off the phone, and remembers that the server has to hear of it. */
  async function leave(): Promise<void> {
    await change(() => ({ leaving: true }));
    shut.value = false;
  }

  const seal = computed<Seal | undefined>(() => kept.value.seal);
  return {
    /** The browser can keep a PIN, and reckon one. */
    able: store !== undefined && globalThis.crypto?.subtle !== undefined,
    shut,
    has: computed(() => seal.value !== undefined),
    idle: computed(() => seal.value?.idleMinutes),
    leaving: computed(() => kept.value.leaving === true),
    ...{ load, open, check, attempt, unlock, set, setIdle, leave },
    /** The server has heard it. */
    left: () => change(({ leaving: _, ...rest }) => rest),
  };
}

/** Looks at an answer. It counts before it is looked at: closing the page gives none back. */
async function tryPin(
  change: (how: (kept: Kept) => Kept) => Promise<Kept>,
  pin: string,
): Promise<Tried> {
  const setTried = (tried: (before: number) => number) =>
    change((now) =>
      now.seal ? { ...now, seal: { ...now.seal, tried: tried(now.seal.tried) } } : now,
    );
  const { seal } = await setTried((before) => before + 1);
  if (!seal || seal.tried > pinTries) return "spent";
  if (await opens(seal, pin)) {
    await setTried(() => 0);
    return "open";
  }
  return seal.tried >= pinTries ? "spent" : { left: pinTries - seal.tried };
}
