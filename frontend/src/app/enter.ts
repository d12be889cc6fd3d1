import type { Api } from "../api/client";
import { failureText } from "../api/problem";
import type { Store } from "../store/store";

/**
 * Lets a screen or a phone in by what stood behind the # of the address: once, the answer is a
 * cookie. What it was is never kept.
 */
export async function enter(api: Api, store: Store, found: readonly string[]): Promise<void> {
  const [, kind, secret = ""] = found;
  if (!kind) return;
  try {
    await (kind === "wall" ? api.enterWall(secret) : api.enrol(secret, deviceName()));
  } catch (thrown) {
    store.session.over.value = failureText(thrown);
  }
}

/** What a phone calls itself, in a few words. */
function deviceName(): string {
  const [, inside = ""] = /\(([^)]*)\)/.exec(navigator.userAgent) ?? [];
  return inside
    .split(";")
    .filter((part) => !/^ *(Linux|U|wv)\b/.test(part))
    .slice(0, 2)
    .join(" ")
    .trim();
}
