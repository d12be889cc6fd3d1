import type { Api } from "../api/client";
import type { LiveChange } from "../domain/types";
import { allCases } from "./all-cases";
import type { CaseStore } from "./cases";
import type { Later } from "./reading";

/** Who is responsible: told by lists alone, not by the events of the stream. */
export interface Persons {
  /** Cases changed in a way that may have named another person. */
  follow(change: Pick<LiveChange, "cases" | "revision">): void;
}

/** Between two readings of a burst of changes, ms. */
const pause = 1000;
/** Above so many cases the whole list is asked for instead of each. */
const mostAsked = 10;

const onClock: Later = (task, ms) => {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
};

/** Asks at once who is responsible for what changed, and for what changes meanwhile together after a pause. */
export function createPersons(
  api: Pick<Api, "cases">,
  cases: CaseStore,
  later: Later = onClock,
): Persons {
  /** Codes by id of the cases to be asked for. */
  const wanted = new Map<number, string>();
  let revision = 0;
  let busy = false;

  function follow(change: Pick<LiveChange, "cases" | "revision">): void {
    revision = change.revision;
    for (const { id, code } of change.cases) wanted.set(id, code);
    if (!busy) void read();
  }

  /** What was known stands where the answer fails. */
  async function read(): Promise<void> {
    const asked = [...wanted];
    wanted.clear();
    if (asked.length === 0) return;
    busy = true;
    const answer = asked.length > mostAsked ? everybody() : Promise.all(asked.map(one));
    const told = (await answer.catch(() => [])).flat();
    cases.patch(told.map((each) => ({ ...each, responsible: each.responsible ?? "" })));
    later(() => {
      busy = false;
      void read();
    }, pause);
  }

  async function everybody() {
    return (await allCases(api, ["responsible"])).items;
  }

  async function one([id, code]: readonly [number, string]) {
    const query = { q: code, columns: ["responsible" as const], min_revision: revision, limit: 10 };
    const { items } = await api.cases(query).catch(() => ({ items: [] }));
    return items.filter((each) => each.id === id);
  }

  return { follow };
}
