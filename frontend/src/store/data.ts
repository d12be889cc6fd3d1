import type { Api } from "../api/client";
import type { CaseSummary, LiveChange } from "../domain/types";
import type { FlatLayer } from "../geo/flat";
import type { CaseStore } from "./cases";
import type { ParcelStore } from "./parcels";

/** Keeps parcels and cases at the server's state. */
export interface Data {
  /** Reads everything, from this revision or a later one; answers the revision of the parcels read. */
  read(minRevision?: number): Promise<number>;
  /** Takes over one committed operation; true when everything has to be read again. */
  apply(change: LiveChange): boolean;
}

/** `people` tells whether who looks may ask for the persons responsible: a screen may not. */
export function createData(
  api: Pick<Api, "parcels" | "cases">,
  parcels: ParcelStore,
  cases: CaseStore,
  people: () => boolean = () => true,
): Data {
  /** The parcels as they were last read, to which the server adds what changed. */
  let held: FlatLayer | undefined;
  // Changes that arrive while everything is being read would be lost under what was read.
  let reading = 0;
  let meanwhile: LiveChange[] = [];

  async function read(minRevision?: number): Promise<number> {
    reading++;
    try {
      const more = people() ? (["responsible"] as const) : [];
      const [layer, first] = await Promise.all([
        readParcels(api, held, minRevision),
        allCases(api, more),
      ]);
      held = layer;
      // Cases are at the revision of the parcels or a later one.
      const all = first.revision < layer.revision ? await allCases(api, more) : first;
      // The look of a parcel is that of its cases.
      cases.reset(all.items);
      parcels.reset(layer);
      for (const change of meanwhile) if (change.revision > layer.revision) patch(change);
      return layer.revision;
    } finally {
      reading--;
      if (reading === 0) meanwhile = [];
    }
  }

  function apply(change: LiveChange): boolean {
    if (reading > 0) meanwhile.push(change);
    return patch(change) || (change.reload ?? []).some((layer) => own.has(layer));
  }

  /** True when a parcel is named that is not here. */
  function patch(change: LiveChange): boolean {
    cases.patch(change.cases);
    if (people() && change.kinds.some((kind) => renames.has(kind)))
      void readPersons(api, cases, change);
    return parcels.patch(change.parcels).length > 0;
  }

  return { read, apply };
}

/** The layer brought forward by what changed since it was read; whole where the server has forgotten, or tells somebody else. */
async function readParcels(
  api: Pick<Api, "parcels">,
  held: FlatLayer | undefined,
  minRevision: number | undefined,
): Promise<FlatLayer> {
  const told = await api.parcels(minRevision, held?.revision);
  if (told.since === undefined) return told;
  if (held?.revision === told.since && held.scopeClass === told.scopeClass) {
    const { merged } = await import("../geo/flat-merge");
    return merged(held, told);
  }
  return api.parcels(minRevision);
}

/** Layers whose change means reading again here; the ground looks after the others. */
const own: ReadonlySet<string> = new Set(["parcels", "units"]);

/** Kinds of entries that may name another person responsible. */
const renames: ReadonlySet<string> = new Set(["case.amend", "batch.undo", "conflict.resolve"]);

/** Reads who is responsible now; what was known stands where the answer fails. */
async function readPersons(
  api: Pick<Api, "cases">,
  cases: CaseStore,
  change: LiveChange,
): Promise<void> {
  const few = change.cases.slice(0, mostAsked);
  const asked = few.map(async ({ id, code }) => {
    const page = await api.cases({
      ...{ q: code, columns: ["responsible"], min_revision: change.revision, limit: 10 },
    });
    return page.items.flatMap((each) =>
      each.id === id ? [{ ...each, responsible: each.responsible ?? "" }] : [],
    );
  });
  const answers = await Promise.all(asked.map((each) => each.catch(() => [])));
  cases.patch(answers.flat());
}

/** More changed cases are not asked one by one; the next reading of everything brings them. */
const mostAsked = 20;

/** All pages of the cases, and the revision of the first. */
async function allCases(
  api: Pick<Api, "cases">,
  more: readonly "responsible"[],
): Promise<{ revision: number; items: CaseSummary[] }> {
  const columns = more.length > 0 ? { columns: [...more] } : {};
  const page = (after?: string) => api.cases({ limit: 1000, after, ...columns });
  let { revision, items, next_after: after } = await page();
  while (after) {
    const next = await page(after);
    items = [...items, ...next.items];
    after = next.next_after;
  }
  return { revision, items };
}
