import { type Ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import type { Campaign, CaseSummary, Person } from "../domain/types";
import { type FlatLayer, unshared } from "../geo/flat";
import { merged } from "../geo/flat-merge";
import type { AreaGeometry } from "../geo/shapes";
import { FlatParcels } from "../store/flat-parcels";
import { isRecord } from "../store/kept";
import type { Box } from "./box";

/** What the phone takes along of one unit: no telephone numbers, no identity numbers. */
export interface Snapshot {
  readonly person: Person;
  readonly unit: string;
  /** By the server's clock. */
  readonly at: string;
  /** Milliseconds that the server's clock is ahead of the phone's. */
  readonly ahead: number;
  /** Of the list of cases. */
  readonly revision: number;
  readonly campaign: Campaign;
  readonly cases: readonly CaseSummary[];
  readonly parcels: FlatLayer;
  /** Boundary of the unit; absent where none is known. */
  readonly outline?: AreaGeometry;
}

/** What was asked for is here, but the phone does not keep it: it is gone with the page. */
export class NotKept extends Error {
  constructor(
    /** What the browser said. */
    readonly reason: unknown,
  ) {
    super("the list is not kept on the phone");
    this.name = "NotKept";
  }
}

export interface SnapshotKeeper {
  readonly now: Readonly<Ref<Snapshot | undefined>>;
  /** Reads what lies on the phone. */
  load(): Promise<void>;
  /** Asks the server for what is new, as a person sees it, from a revision on. Rejects with NotKept where it is shown and not kept. */
  refresh(person: Person, unit: string, from?: number): Promise<void>;
  /** Takes it off the phone. */
  wipe(): Promise<void>;
}

const key = "snapshot";
const columns = ["passed", "planned", "parcels", "responsible"] as const;

export function createSnapshot(
  api: Pick<Api, "campaign" | "cases" | "parcels" | "units">,
  box: Box,
  clock: () => number,
): SnapshotKeeper {
  const now = shallowRef<Snapshot>();
  let question = 0;

  async function load(): Promise<void> {
    const found = await box.copy(key);
    if (isSnapshot(found)) now.value = found;
  }

  async function refresh(person: Person, unit: string, from?: number): Promise<void> {
    const mine = ++question;
    const before = now.value?.person.id === person.id ? now.value : undefined;
    const asked = clock();
    const campaign = await api.campaign();
    const ahead = Date.parse(campaign.clock.now) - (asked + clock()) / 2;
    const [{ cases, revision }, parcels, units] = await Promise.all([
      allCases(api, person, unit, from),
      parcelsOf(api, unit, before, from),
      api.units(from),
    ]);
    if (mine !== question) return;
    const outline = units.features.find(({ properties }) => properties.code === unit)?.geometry;
    const next: Snapshot = {
      ...{ person, unit, at: campaign.clock.now, ahead, revision, campaign, cases, parcels },
      ...(outline ? { outline } : {}),
    };
    now.value = next;
    await box.putCopy(key, { ...next, parcels: unshared(parcels) }).catch((thrown: unknown) => {
      throw new NotKept(thrown);
    });
  }

  async function wipe(): Promise<void> {
    question++;
    now.value = undefined;
    await box.dropCopies();
  }

  return { now, load, refresh, wipe };
}

function isSnapshot(found: unknown): found is Snapshot {
  return isRecord(found) && Array.isArray(found.cases) && isRecord(found.parcels);
}

async function allCases(
  api: Pick<Api, "cases">,
  { village }: Person,
  unit: string,
  min_revision: number | undefined,
): Promise<Pick<Snapshot, "cases" | "revision">> {
  const cases: CaseSummary[] = [];
  for (let after: string | undefined; ; ) {
    const page = await api.cases({
      ...{ unit, limit: 1000, columns: [...columns] },
      ...(village ? { village } : {}),
      ...(after ? { after } : {}),
      ...(min_revision ? { min_revision } : {}),
    });
    cases.push(...page.items);
    after = page.next_after;
    if (!after) return { cases, revision: page.revision };
  }
}

/** The parcels of the unit; of what lies here already only what changed is asked. */
async function parcelsOf(
  api: Pick<Api, "parcels">,
  unit: string,
  before: Snapshot | undefined,
  from: number | undefined,
): Promise<FlatLayer> {
  const here = before?.unit === unit ? before.parcels : undefined;
  const found = await api.parcels(from, here?.revision);
  const isDelta = here && found.since !== undefined && found.scopeClass === here.scopeClass;
  if (here && found.since !== undefined && !isDelta) return ofUnit(await api.parcels(from), unit);
  return ofUnit(isDelta ? merged(here, found) : found, unit);
}

/** A layer without what belongs to others. */
function ofUnit(layer: FlatLayer, unit: string): FlatLayer {
  const others = [...new FlatParcels(layer).values()]
    .map(({ properties }) => properties)
    .filter((each) => each.unit !== unit)
    .map(({ id }) => id);
  const without: FlatLayer = {
    ...layer,
    ids: new Float64Array(),
    removed: Float64Array.from(others),
  };
  return { ...merged(layer, without), revision: layer.revision };
}
