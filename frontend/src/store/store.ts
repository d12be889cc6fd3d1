import { computed, type Ref, ref, shallowRef } from "vue";
import type { Api, Feature } from "../api/client";
import { failureText } from "../api/problem";
import type { PageCode } from "../domain/pages";
import { allTracks } from "../domain/tracks";
import type { Campaign, LiveChange, Text, UnitProperties } from "../domain/types";
import { bothWords } from "../domain/words";
import { createCard } from "./card";
import { CaseStore } from "./cases";
import { createComparison } from "./comparison";
import { createConflicts } from "./conflicts";
import { type Contact, createContact } from "./contact";
import { createData } from "./data";
import { createDays } from "./days";
import { createDoing } from "./doing";
import { createFigures } from "./figures";
import { createFilter, type Filter, inTrack } from "./filter";
import { createGround } from "./ground";
import { ParcelStore } from "./parcels";
import { createPhotos } from "./photos";
import { createPicture } from "./picture";
import { createReadings } from "./readings";
import { createScreen } from "./screen";
import { createSession, type Session } from "./session";
import type { Settings } from "./settings";
import { createTable } from "./table";
import { createTotals } from "./totals";
import { createWall, type Wall } from "./wall";

/** Everything the page knows; rooms that draw read from here and call its commands. */
export type Store = ReturnType<typeof createStore>;

/** Makes an empty store; `load` fills it. `onWall`: for the wall, not the desk. */
export function createStore(api: Api, settings: Settings, quiet?: () => number, onWall = false) {
  const place = createPlace(api);
  const parcels = new ParcelStore();
  const cases = new CaseStore();
  const [contact, session] = [createContact(), createSession(api, quiet)];
  const screen = createScreen(onWall);
  const { page } = screen;
  const picture = createPicture(api, settings, contact.revision, page, session.sees);
  const filter = createFilter(place.firstTrack, picture.lamps.byUnit);
  const wall = createWall(onWall, filter.unit);
  const looking = createLooking(api, place, {
    ...{ cases, parcels, filter, contact, session, page, wall },
  });
  const { days, card, day, from, closed } = looking;
  const data = createData(api, parcels, cases, () => !onWall);
  const conflicts = createConflicts(api);
  const doing = createDoing(api, settings, {
    ...{ session, cases, parcels, card, contact, reload, closed },
  });
  /** A sentence for those who hear the page. */
  const announcement = shallowRef<Text>();
  const { loading, failure, load, fail } = createLoading(async () => {
    days.forget();
    await session.load();
    if (!session.sees.value) return;
    await Promise.all([place.load(), reload(), conflicts.load()]);
    if (day.value || from.value) await days.read();
  });

  async function reload(minRevision?: number): Promise<void> {
    contact.reach(await data.read(minRevision));
  }

  /** Takes over one committed operation. Answers whether everything has to be read again. */
  function apply(change: LiveChange): boolean {
    contact.reach(change.revision);
    contact.confirm(change.recorded_at);
    // Nobody who looks back is disturbed by what happens now.
    if (!day.value && !change.kinds.every(ofTheProgram)) announcement.value = change.text;
    void card.follow(change);
    void conflicts.follow(change);
    void place.ground.follow(change);
    void picture.land.follow(change);
    // Names, units, milestones.
    if (change.campaign) void place.load().catch(fail);
    return data.apply(change);
  }

  return {
    ...picture,
    ...{ settings, session, wall, parcels, cases, filter, contact },
    ...looking,
    ...doing,
    ...createPhotos(api, settings, session, (id, revision) => {
      if (card.caseId.value === id) void card.refresh(revision);
    }),
    table: createTable(settings.keeper),
    ...screen,
    ...{ conflicts, announcement, loading, failure, load, apply, reload },
    ...{ campaign: place.campaign, units: place.units, ground: place.ground.layers },
    turnDay: place.turnDay,
    ...asked(api, settings),
  };
}

/** What single components ask for themselves. */
function asked(api: Api, settings: Settings) {
  return {
    importFile: api.importFile,
    importLedgers: api.importLedgers,
    returnedRows: api.returnedRows,
    importReadings: api.importReadings,
    exportFile: api.exportFile,
    /** For the desks of the administrators (store/office.ts). */
    client: api.client,
    /** Personal data go past the outbox, which lies in the browser. */
    contacts: { open: api.contacts, change: api.change, device: settings.device },
    definition: api.definition,
    /** Tokens and phones; only their dialog asks for them. */
    keys: api,
    /** Reads one case, for those who look at many. */
    readCase: api.caseDetail,
    search: api.search,
  };
}

/** What the program enters by itself, every hour, and nobody has to hear. */
const ofTheProgram = (kind: string) => kind === "log.head";

/** Reads everything, and tells that it does, or why it could not. */
function createLoading(read: () => Promise<void>) {
  const loading = ref(false);
  const failure = shallowRef<Text>();

  function fail(thrown: unknown): void {
    failure.value = failureText(thrown);
  }

  async function load(): Promise<void> {
    loading.value = true;
    failure.value = undefined;
    await read()
      .catch(fail)
      .finally(() => {
        loading.value = false;
      });
  }

  return { loading, failure, load, fail };
}

interface Looked {
  cases: CaseStore;
  parcels: ParcelStore;
  filter: Filter;
  contact: Contact;
  session: Session;
  page: Ref<PageCode>;
  wall: Wall;
}

/** What follows the day shown. */
function createLooking(api: Api, place: ReturnType<typeof createPlace>, nouns: Looked) {
  const { cases, parcels, filter } = nouns;
  const days = createDays(api, place.today, { cases, parcels });
  const { day, from, shown: today } = days;
  const card = createCard(api, (each) => inTrack(filter, each), day);
  const around = { ...place, ...nouns, today, card };
  const readings = createReadings(api, around);
  return {
    ...readings,
    ...{ today, days, day, from, card },
    figures: createFigures(cases, parcels, filter, today),
    totals: createTotals(api, { ...around, lists: readings.lists, day }),
    comparison: createComparison(api, days, nouns),
    /** Why nothing may be done now. */
    closed: () => (day.value ? bothWords("time.no_acts") : undefined),
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
    // Each is shown as it comes: boundaries before parcels, names before figures.
    await Promise.all([
      api.campaign().then((read) => {
        campaign.value = read;
      }),
      api.units().then(({ features }) => {
        // A unit whose boundary nobody has brought yet has no geometry.
        units.value = features.filter(({ geometry }) => geometry);
      }),
      ground.load(),
    ]);
  }

  /** The server says what day it is. What fails leaves the day as it was: it is said again with the next heartbeat. */
  async function turnDay(day: string): Promise<void> {
    if (today.value && day !== today.value) await load().catch(() => undefined);
  }

  return { campaign, units, today, ground, firstTrack, load, turnDay };
}
