import type { Api } from "../api/client";
import { failureText } from "../api/problem";
import type { Store } from "../store/store";

/**
 * Lets a screen in by what stood behind the # of the address: once, the answer is a cookie. What
 * it was is never kept.
 */
export async function enter(api: Api, store: Store, found: readonly string[]): Promise<void> {
  const secret = found[1];
  if (!secret) return;
  try {
    await api.enterWall(secret);
  } catch (thrown) {
    store.session.over.value = failureText(thrown);
  }
}
