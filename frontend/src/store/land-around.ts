import { answer } from "../api/answer";
import type { Api, Feature } from "../api/client";
import type { CaseSummary, LandPreview } from "../domain/types";
import type { Ground } from "../geo/ground";
import { type AreaGeometry, type Bounds, polygonsOf } from "../geo/shapes";
import type { View } from "./link";

/** Ground beside the one that is drawn, to the last digit the server tells: its corners can be taken over. */
export interface Neighbour {
  readonly kind: "parcel" | "recovered";
  /** Id of the case, of the parcel. */
  readonly id: number;
  readonly code: string;
  readonly label: string;
  readonly ground: Ground;
}

type Server = Pick<Api, "client">;
type Query = Record<"bbox" | "unit", string>;

interface Named {
  readonly id: number;
  readonly code: string;
  readonly label?: string;
}

/** The recorded land of a case, wherever in its unit it lies; empty where there is none. */
export async function readOwn(
  server: Server,
  { id, unit }: Pick<CaseSummary, "id" | "unit">,
  minRevision?: number,
): Promise<Ground> {
  const all = await read(server, "recovered", { unit }, minRevision);
  const own = all.find(({ properties }) => properties.id === id);
  return own ? polygonsOf(own.geometry) : [];
}

/** Parcels and recovered land in a box. */
export async function readNeighbours(
  server: Server,
  box: Bounds,
  minRevision?: number,
): Promise<Neighbour[]> {
  const bbox = box.map((each) => each.toFixed(4)).join(",");
  const [recovered, parcels] = await Promise.all([
    read(server, "recovered", { bbox }, minRevision),
    read(server, "parcels", { bbox }, minRevision),
  ]);
  return [
    ...recovered.map((each) => neighbour("recovered", each)),
    ...parcels.map((each) => neighbour("parcel", each)),
  ];
}

/** Farther out than this no corner is set. */
const nearEnough = 15;
/** The side of the cells by which neighbours are read, degrees: the map moves some while before it asks again. */
const cell = 0.005;

/** The box about a view in which neighbours are read; undefined where it is too far out. */
export function boxAbout(view: View | undefined): Bounds | undefined {
  if (!view || view.zoom < nearEnough) return undefined;
  const [x, y] = [Math.floor(view.lon / cell) * cell, Math.floor(view.lat / cell) * cell];
  // At the least zoom a screen of 3840 px is 16 cells broad.
  const beyond = cell * Math.max(1, 8 / 2 ** (view.zoom - nearEnough));
  return [x - beyond, y - beyond, x + cell + beyond, y + cell + beyond];
}

async function read(
  { client }: Server,
  layer: string,
  filter: Partial<Query>,
  minRevision?: number,
): Promise<readonly Feature<Named>[]> {
  const query = { ...filter, ...(minRevision ? { min_revision: minRevision } : {}) };
  const params = { path: { layer }, query };
  // The contract leaves features open; their properties are described in its text.
  const told = (await answer(client.GET("/layers/{layer}", { params }))) as unknown as {
    features: readonly Feature<Named>[];
  };
  return told.features;
}

function neighbour(kind: Neighbour["kind"], feature: Feature<Named>): Neighbour {
  const { id, code, label = "" } = feature.properties;
  return { kind, id, code, label, ground: groundIn(feature.geometry) };
}

function groundIn(geometry: AreaGeometry): Ground {
  return polygonsOf(geometry);
}

/** Asks the server what saving would do. */
export function previewLand(
  { client }: Server,
  draft: { case_id: number; recovered?: Ground; effective?: Ground },
): Promise<LandPreview> {
  const wire = (ground: Ground) => ({
    type: "MultiPolygon" as const,
    coordinates: ground as unknown[],
  });
  const body = {
    case_id: draft.case_id,
    ...(draft.recovered ? { recovered: wire(draft.recovered) } : {}),
    ...(draft.effective ? { effective: wire(draft.effective) } : {}),
  };
  return answer(client.POST("/land/effective", { body }));
}
