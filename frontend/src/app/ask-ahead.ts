import { officeOf } from "../domain/offices";
import type { SessionState } from "../domain/types";

type Fetch = typeof globalThis.fetch;

const root = "/api/v1";

/** What the page of the desk asks first, once it is known that who looks may see the campaign. */
const ofTheCampaign = [
  "/campaign",
  "/layers/units",
  "/layers",
  "/layers/parcels/flat",
  "/cases?limit=1000&columns=responsible",
  "/conflicts",
  "/todo",
];

/**
 * Asks for what the page will ask first while its scripts are still being read; the fetch that it
 * gives back takes these answers, each once. What stands behind the # may change who looks, so
 * nothing is asked then; a screen asks for less. `known` hears that there will be a map.
 */
export function askAhead(
  fetch: Fetch,
  { origin, pathname, hash }: Pick<Location, "origin" | "pathname" | "hash">,
  known: () => void = () => {},
): Fetch {
  const asked = new Map<string, Promise<Response>>();

  function ask(path: string): Promise<Response> {
    // Opening the page is something that its user does.
    const answer = fetch(`${root}${path}`, { headers: { "guatu-quiet": "0" } });
    keep(path, answer);
    return answer;
  }

  function keep(path: string, answer: Promise<Response>): void {
    asked.set(`${origin}${root}${path}`, answer);
    answer.catch(() => undefined);
  }

  /** Who looks, told when what they may see has been asked for. */
  async function begin(): Promise<Response> {
    const answer = await ask("/session");
    if (pathname === "/wall" || !answer.ok) return answer;
    const { person, due }: SessionState = await answer.clone().json();
    if (!person || due || officeOf(person.role)) return answer;
    for (const path of ofTheCampaign) void ask(path);
    known();
    return answer;
  }

  if (!hash.startsWith("#wall=")) keep("/session", begin());
  return (input, init) => {
    if (!(input instanceof Request)) return fetch(input, init);
    // After a change, or somebody else's signing in, nothing of it is true any more.
    if (input.method !== "GET") asked.clear();
    const answer = asked.get(input.url);
    asked.delete(input.url);
    return answer ? answer.catch(() => fetch(input, init)) : fetch(input, init);
  };
}
