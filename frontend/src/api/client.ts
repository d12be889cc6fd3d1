import createClient from "openapi-fetch";
import type { Definition } from "../domain/definition";
import type {
  Amendment,
  BurnUp,
  Campaign,
  CampaignPreview,
  CaseDetail,
  CasePage,
  Conflict,
  DuplicateList,
  EligibilityPreview,
  Health,
  History,
  LandProperties,
  LayerInfo,
  Moves,
  Operation,
  Outcome,
  ParcelDetail,
  ReferenceProperties,
  SearchResult,
  Sheet,
  Sheets,
  Todo,
  TrackPage,
  UnitProperties,
  WatchPage,
} from "../domain/types";
import type { FlatLayer } from "../geo/flat";
import type { LineGeometry } from "../geo/lines";
import type { AreaGeometry } from "../geo/shapes";
import { answer } from "./answer";
import type { ExportRequest } from "./exports";
import type { ImportRequest } from "./imports";
import type { LedgerRequest } from "./ledgers";
import type { ReadingsRequest } from "./readings";
import type { paths } from "./schema";
import { sessionOf } from "./session";

/** A feature of a layer. */
export interface Feature<Properties> {
  readonly geometry: AreaGeometry;
  readonly properties: Properties;
}

/** The campaign's data and the version they have. */
export interface CampaignData {
  readonly version: number;
  readonly definition: Definition;
}

/** A layer as of a revision. */
export interface Layer<Properties> {
  readonly revision: number;
  readonly features: readonly Feature<Properties>[];
}

/** A feature of a reference layer. */
export interface ReferenceFeature {
  readonly geometry: AreaGeometry | LineGeometry;
  readonly properties: ReferenceProperties;
}

/** Which cases are asked for; what is absent does not filter. */
export type CaseQuery = NonNullable<paths["/cases"]["get"]["parameters"]["query"]>;

/** Which figures are asked for. */
export type SheetQuery = NonNullable<paths["/figures"]["get"]["parameters"]["query"]>;
export type BurnUpQuery = NonNullable<paths["/figures/burn-up"]["get"]["parameters"]["query"]>;
export type SheetsQuery = NonNullable<paths["/sheets"]["get"]["parameters"]["query"]>;
export type MovesQuery = NonNullable<paths["/figures/moves"]["get"]["parameters"]["query"]>;

/** The server, as this page uses it. Every method throws ApiProblem or NoAnswer. */
export type Api = ReturnType<typeof createApi>;

/** Makes the client. `root` is the address before /api/v1, empty on the server's own page. */
export function createApi(fetch: typeof globalThis.fetch, root = "") {
  const client = createClient<paths>({
    baseUrl: `${root}/api/v1`,
    fetch: (request) => fetch(request),
    querySerializer: { array: { style: "form", explode: false } },
  });

  return {
    /** For what only a few read: their requests are no part of the first load. */
    client,
    health: (): Promise<Health> => answer(client.GET("/health")),
    ...sessionOf(client),
    campaign: (): Promise<Campaign> => answer(client.GET("/campaign")),
    definition: definitionApi(client),
    cases: (query: CaseQuery): Promise<CasePage> =>
      answer(client.GET("/cases", { params: { query } })),
    /** From a revision on, or as known at the end of a day. */
    caseDetail: (id: number, minRevision?: number, asOf?: string): Promise<CaseDetail> =>
      answer(client.GET("/cases/{id}", { params: { path: { id }, ...since(minRevision, asOf) } })),
    parcelDetail: (id: number, minRevision?: number, asOf?: string): Promise<ParcelDetail> =>
      answer(
        client.GET("/parcels/{id}", { params: { path: { id }, ...since(minRevision, asOf) } }),
      ),
    /** The days that are over. */
    history: (): Promise<History> => answer(client.GET("/history")),
    figures: (query: SheetQuery): Promise<Sheet> =>
      answer(client.GET("/figures", { params: { query } })),
    moves: (query: MovesQuery): Promise<Moves> =>
      answer(client.GET("/figures/moves", { params: { query } })),
    search: (q: string): Promise<SearchResult> =>
      answer(client.GET("/search", { params: { query: { q } } })),
    burnUp: (query: BurnUpQuery): Promise<BurnUp> =>
      answer(client.GET("/figures/burn-up", { params: { query } })),
    ...trackQuestions(client),
    todo: (minRevision?: number): Promise<Todo> =>
      answer(client.GET("/todo", { params: atLeast(minRevision) })),
    conflicts: (): Promise<Conflict[]> => answer(client.GET("/conflicts")),
    change: (body: Operation): Promise<Outcome> => answer(client.POST("/changes", { body })),
    /** The parcels, or, with the revision of what is here, perhaps only what changed since. */
    parcels: (minRevision?: number, since?: number): Promise<FlatLayer> =>
      flatParcels(client, { ...atLeast(minRevision).query, since }),
    land: async (name: string, minRevision?: number) =>
      (await layer<LandProperties>(name, minRevision)).features,
    units: (minRevision?: number) => layer<UnitProperties>("units", minRevision),
    /** The layers of 天地图 that the server passes on; none without a key. */
    basemap: async (): Promise<readonly string[]> => (await answer(client.GET("/basemap"))).layers,
    layers: (): Promise<LayerInfo[]> => answer(client.GET("/layers")),
    reference: async (name: string, minRevision?: number): Promise<readonly ReferenceFeature[]> =>
      (await collection<{ features: readonly ReferenceFeature[] }>(name, minRevision)).features,
    ...laterParts(fetch, `${root}/api/v1`),
  };

  function layer<P>(name: string, minRevision?: number): Promise<Layer<P>> {
    return collection(name, minRevision);
  }

  async function collection<C>(name: string, minRevision?: number): Promise<C> {
    const params = { path: { layer: name }, ...atLeast(minRevision) };
    // The contract leaves features open; their properties are described in its text.
    return (await answer(client.GET("/layers/{layer}", { params }))) as unknown as C;
  }
}

async function flatParcels(
  client: ReturnType<typeof createClient<paths>>,
  query: { min_revision?: number; since?: number | undefined },
): Promise<FlatLayer> {
  const params = { path: { layer: "parcels" }, query };
  const asked = answer(client.GET("/layers/{layer}/flat", { params, parseAs: "arrayBuffer" }));
  // The reader comes while the server answers.
  const [bytes, { readFlat }] = await Promise.all([asked, import("../geo/flat-read")]);
  return readFlat(new Uint8Array(bytes));
}

/** What is asked about tracks and their sheets. */
function trackQuestions(client: ReturnType<typeof createClient<paths>>) {
  return {
    track: (track: string, minRevision?: number): Promise<TrackPage> =>
      answer(
        client.GET("/tracks/{track}", { params: { path: { track }, ...atLeast(minRevision) } }),
      ),
    duplicates: (minRevision?: number): Promise<DuplicateList> =>
      answer(client.GET("/enterprises/duplicates", { params: atLeast(minRevision) })),
    watch: (list: string, minRevision?: number): Promise<WatchPage> =>
      answer(
        client.GET("/watches/{list}", { params: { path: { list }, ...atLeast(minRevision) } }),
      ),
    queue: (minRevision?: number): Promise<Todo> =>
      answer(
        client.GET("/todo", {
          params: { query: { page: "acceptance", ...atLeast(minRevision).query } },
        }),
      ),
    sheets: (query: SheetsQuery): Promise<Sheets> =>
      answer(client.GET("/sheets", { params: { query } })),
    previewEligibility: (modes: Record<string, "all" | "any">): Promise<EligibilityPreview> =>
      answer(client.POST("/eligibility/preview", { body: { modes } })),
  };
}

/** What is no part of the first load. */
function laterParts(fetch: typeof globalThis.fetch, root: string) {
  return {
    importFile: async (request: ImportRequest) =>
      (await import("./imports")).importFile(fetch, `${root}/imports`, request),
    importLedgers: async (request: LedgerRequest) =>
      (await import("./ledgers")).importLedgers(fetch, `${root}/imports/ledger`, request),
    returnedRows: async (request: LedgerRequest, unit: string) =>
      (await import("./ledgers")).returnedRows(fetch, `${root}/imports/ledger`, request, unit),
    importReadings: async (request: ReadingsRequest) =>
      (await import("./readings")).importReadings(fetch, `${root}/imports/electricity`, request),
    exportFile: async (request: ExportRequest) =>
      (await import("./exports")).exportFile(fetch, root, request),
    photos: async () => (await import("./photos")).createPhotoApi(fetch, root),
    contacts: async () => (await import("./contacts")).createContactApi(fetch, root),
  };
}

/** The campaign's data as they are kept, what others would do, and who changed them. */
function definitionApi(client: ReturnType<typeof createClient<paths>>) {
  return {
    read: async () => (await answer(client.GET("/campaign/definition"))) as unknown as CampaignData,
    preview: (base_version: number, definition: Definition): Promise<CampaignPreview> =>
      answer(client.POST("/campaign/preview", { body: { base_version, definition } })),
    history: async (): Promise<Amendment[]> =>
      (await answer(client.GET("/campaign/history"))).items,
  };
}

function atLeast(min_revision: number | undefined) {
  return { query: min_revision ? { min_revision } : {} };
}

function since(min_revision: number | undefined, as_of: string | undefined) {
  return as_of ? { query: { as_of } } : atLeast(min_revision);
}
