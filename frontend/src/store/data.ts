import type { Api } from "../api/client";
import type { LiveChange } from "../domain/types";
import type { FlatLayer } from "../geo/flat";
import { allCases } from "./all-cases";
import type { CaseStore } from "./cases";
import type { ParcelStore } from "./parcels";
import type { Persons } from "./persons";

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
  let persons: Promise<Persons> | undefined;
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
    if (people() && change.kinds.some((kind) => renames.has(kind))) {
      persons ??= import("./persons").then(({ createPersons }) => createPersons(api, cases));
      void persons.then((each) => each.follow(change));
    }
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
