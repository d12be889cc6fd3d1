import type { Keeper } from "./settings";

/** A value kept as JSON under a key; what cannot be read is taken for absent. */
export interface Kept<T> {
  read(): T;
  write(value: T): void;
}

/** `absent` stands where nothing is kept, or something that another version of the page wrote. */
export function kept<T>(
  keeper: Keeper,
  key: string,
  absent: T,
  fits: (found: unknown) => found is T,
): Kept<T> {
  function read(): T {
    try {
      const found: unknown = JSON.parse(keeper.getItem(key) ?? "null");
      return fits(found) ? found : absent;
    } catch {
      return absent;
    }
  }
  return { read, write: (value) => keeper.setItem(key, JSON.stringify(value)) };
}

/** Whether something read is a plain object. */
export function isRecord(found: unknown): found is Record<string, unknown> {
  return typeof found === "object" && found !== null && !Array.isArray(found);
}
