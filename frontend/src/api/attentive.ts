import type { Text } from "../domain/types";
import { problemOf } from "./problem";

/** What the client asks of the page, and tells it. */
export interface Attention {
  /** Seconds since the user last did something. */
  quiet(): number;
  /** How many acts and photos this browser holds that are not sent. */
  unsent(): number;
  /** An answer said that nobody is signed in any more, and why where it is known. */
  unsigned(why?: Text): void;
}

/** Why a screen or a phone is let in no more. */
const withToken = new Set(["wall_revoked", "token_revoked", "token_expired", "account_disabled"]);

/**
 * A fetch that says with each request how long its user has been quiet, so that what the page
 * does by itself keeps no session alive, and that notices when the session is over.
 */
export function attentive(
  fetch: typeof globalThis.fetch,
  attention: Attention,
): typeof globalThis.fetch {
  return async (input, init) => {
    const given = init?.headers ?? (input instanceof Request ? input.headers : undefined);
    const headers = new Headers(given);
    headers.set("guatu-quiet", String(Math.floor(attention.quiet())));
    headers.set("guatu-unsent", String(attention.unsent()));
    const response = await fetch(input, { ...init, headers });
    if (response.status === 401) {
      const body: unknown = await response
        .clone()
        .json()
        .catch(() => null);
      const { code, text } = problemOf(401, body);
      if (code === "session_over" || withToken.has(code)) attention.unsigned(text);
      if (code === "not_signed_in") attention.unsigned();
    }
    return response;
  };
}
