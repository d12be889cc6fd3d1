import { computed, ref, shallowRef } from "vue";
import type { Api, Feature } from "../api/client";
import { failureText } from "../api/problem";
import { allTracks } from "../domain/tracks";
import type { Campaign, LiveChange, Text, UnitProperties } from "../domain/types";
import { createCard } from "./card";
import { CaseStore } from "./cases";
import { createChips } from "./chips";
import { createConflicts } from "./conflicts";
import { createContact } from "./contact";
import { createData } from "./data";
import { createDoing } from "./doing";
import { createFigures } from "./figures";
import { createFilter, inTrack } from "./filter";
import { createGround } from "./ground";
import { ParcelStore } from "./parcels";
import { createScreen } from "./screen";
import { createSession } from "./session";
import type { Settings } from "./settings";
import { createTable } from "./table";
import { createTotals } from "./totals";

/** Everything the page knows; rooms that draw read from here and call its commands. */
export type Store = ReturnType<typeof createStore>;

/** Makes an empty store; `load` fills it. */
export function createStore(api: Api, settings: Settings, quiet?: () => number) {
  const place = createPlace(api);
  const parcels = new ParcelStore();
  const cases = new CaseStore();
  const filter = createFilter(place.firstTrack);
  const [contact, session] = [createContact(), createSession(api, quiet)];
  const card = createCard(api, (each) => inTrack(filter, each));
  const figures = createFigures(cases, parcels, filter, place.today);
  const totals = createTotals(api, { cases, parcels, filter, ...place });
  const data = createData(api, parcels, cases);
  const conflicts = createConflicts(api);
  const doing = createDoing(api, settings, { session, cases, parcels, card, contact, reload });
  const screen = createScreen();
  /** A sentence for those who hear the page. */
  const announcement = shallowRef<Text>();
  const loading = ref(false);
  const failure = shallowRef<Text>();

  async function load(): Promise<void> {
    loading.value = true;
    failure.value = undefined;
    try {
      await session.load();
      if (session.ready.value) await Promise.all([place.load(), reload(), conflicts.load()]);
    } catch (thrown) {
      failure.value = failureText(thrown);
    } finally {
      loading.value = false;
    }
  }

  /** The campaign's data changed: names, units, milestones are read again. */
  async function readPlace(): Promise<void> {
    try {
      await place.load();
    } catch (thrown) {
      failure.value = failureText(thrown);
    }
  }

  async function reload(minRevision?: number): Promise<void> {
    contact.reach(await data.read(minRevision));
  }

  /** Takes over one committed operation. Answers whether everything has to be read again. */
  function apply(change: LiveChange): boolean {
    contact.reach(change.revision);
    contact.confirm(change.recorded_at);
    announcement.value = change.text;
    void card.follow(change);
    void conflicts.follow(change);
    void place.ground.follow(change);
    if (change.campaign) void readPlace();
    return data.apply(change);
  }

  return {
    ...{ settings, session, parcels, cases, filter, figures, totals, contact, card },
    ...doing,
    ...{ chips: createChips(filter, place.campaign, cases), table: createTable(settings.keeper) },
    ...screen,
    ...{ conflicts, announcement, loading, failure, load, apply, reload },
    ...{ campaign: place.campaign, units: place.units, ground: place.ground.layers },
    ...{ today: place.today, loadPlace: place.load },
    importFile: api.importFile,
    /** Reads one case, for those who look at many. */
    readCase: api.caseDetail,
    search: api.search,
  };
}

/** The campaign, the boundaries of its units and the ground: what changes once a day at most. */
function createPlace(api: Pick<Api, "campaign" | "units" | "layers" | "reference">) {
  const ground = createGround(api);
  const campaign = shallowRef<Campaign>();
  const units = shallowRef<readonly Feature<UnitProperties>[]>([]);
  const today = computed(() => campaign.value?.clock.today ?? "");
  const firstTrack = computed(() => campaign.value?.tracks[0]?.code ?? allTracks);

  async function load(): Promise<void> {
    const [read, layer] = await Promise.all([api.campaign(), api.units(), ground.load()]);
    campaign.value = read;
    units.value = layer.features;
  }

  return { campaign, units, today, ground, firstTrack, load };
}
