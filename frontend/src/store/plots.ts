import { type Ref, ref, type ShallowRef, shallowRef, watch } from "vue";
import { failureText } from "../api/problem";
import type { Change, Succession, SuccessionDraft, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import type { Acting } from "./acting";

/** What is done with parcels: one is cut along a line, or several become one. */
export type PlotAct = "split" | "merge";

/** Positions of a line: longitude, latitude. */
export type Line = readonly (readonly [number, number])[];

/** Parcels that are split or merged, while the tab 图斑 of 土地量算 is open. */
export interface Plots {
  readonly act: Ref<PlotAct>;
  /** The parcel to cut, or those to merge, in the order they were chosen. */
  readonly chosen: Readonly<ShallowRef<readonly number[]>>;
  /** Whether clicks on the map set points of the line. */
  readonly drawing: Ref<boolean>;
  /** Points set so far; the whole line once it is drawn. */
  readonly line: ShallowRef<Line>;
  /** On which pieces each case stands, as far as it was said. */
  readonly stands: Readonly<ShallowRef<ReadonlyMap<number, readonly number[]>>>;
  /** What the server says it would do; undefined until it has. */
  readonly told: Readonly<ShallowRef<Succession | undefined>>;
  readonly failure: Readonly<ShallowRef<Text | undefined>>;
  /** A parcel was clicked: the one to cut, or one more to merge, or one less. */
  choose(id: number): void;
  /** The line is whole. */
  cut(line: Line): void;
  /** The case stands on the piece, or does not any more. */
  stand(caseId: number, piece: number): void;
  save(reason: string): Promise<boolean>;
}

/** What it needs of the rest of the page. */
export interface PlotSurroundings {
  preview(draft: SuccessionDraft): Promise<Succession>;
  acting: Pick<Acting, "perform">;
}

/** The act's key: where its refusal is shown. */
export const plotKey = "plots";

export function createPlots(
  { preview, acting }: PlotSurroundings,
  first: readonly number[],
): Plots {
  const work = createDraft(first);
  const { act, chosen, drawing, line, stands, draft } = work;
  const { told, failure, ask } = createAsking(preview, draft);

  function clear(): void {
    work.cut([]);
    void ask();
  }

  function choose(id: number): void {
    work.choose(id);
    clear();
  }

  function cut(whole: Line): void {
    work.cut(whole);
    void ask();
  }

  function stand(caseId: number, piece: number): void {
    work.stand(caseId, piece);
    void ask();
  }

  async function save(reason: string): Promise<boolean> {
    const asked = draft();
    if (!asked || !told.value) return false;
    const change = changeOf(asked, told.value, reason);
    const done = bothWords(act.value === "split" ? "plot.split_done" : "plot.merge_done");
    const saved = await acting.perform(plotKey, change, done);
    if (saved) {
      chosen.value = [];
      clear();
    }
    return saved;
  }

  watch(act, () => {
    chosen.value = chosen.value.slice(0, 1);
    clear();
  });
  watch(drawing, (draws) => {
    if (draws) [line.value, stands.value, told.value] = [[], new Map(), undefined];
  });
  return { act, chosen, drawing, line, stands, told, failure, choose, cut, stand, save };
}

/** What is said so far, and what can be asked of it. */
function createDraft(first: readonly number[]) {
  const act = ref<PlotAct>("split");
  const chosen = shallowRef<readonly number[]>(first.slice(0, 1));
  const drawing = ref(false);
  const line = shallowRef<Line>([]);
  const stands = shallowRef<ReadonlyMap<number, readonly number[]>>(new Map());

  function draft(): SuccessionDraft | undefined {
    const [only] = chosen.value;
    if (act.value === "merge")
      return chosen.value.length > 1 ? { parcel_ids: [...chosen.value] } : undefined;
    if (only === undefined || drawing.value || line.value.length < 2) return undefined;
    return { parcel_id: only, line: wire(line.value), stands: standsOf(stands.value) };
  }

  function choose(id: number): void {
    if (act.value === "split") chosen.value = [id];
    else if (chosen.value.includes(id)) chosen.value = chosen.value.filter((each) => each !== id);
    else chosen.value = [...chosen.value, id];
  }

  function cut(whole: Line): void {
    [line.value, stands.value, drawing.value] = [whole, new Map(), false];
  }

  function stand(caseId: number, piece: number): void {
    const now = stands.value.get(caseId) ?? [];
    const next = now.includes(piece) ? now.filter((each) => each !== piece) : [...now, piece];
    stands.value = new Map(stands.value).set(caseId, next.sort());
  }

  return { act, chosen, drawing, line, stands, draft, choose, cut, stand };
}

/** What the server says; only the answer to the last question is shown. */
function createAsking(
  preview: PlotSurroundings["preview"],
  draft: () => SuccessionDraft | undefined,
) {
  const told = shallowRef<Succession>();
  const failure = shallowRef<Text>();
  let turn = 0;

  async function ask(): Promise<void> {
    const mine = ++turn;
    const asked = draft();
    failure.value = undefined;
    // The pieces stay while it is only asked who stands on them.
    if (!asked?.stands?.length) told.value = undefined;
    if (!asked) return;
    try {
      const said = await preview(asked);
      if (mine === turn) told.value = said;
    } catch (thrown) {
      if (mine === turn) [told.value, failure.value] = [undefined, failureText(thrown)];
    }
  }

  return { told, failure, ask };
}

function wire(line: Line): number[][] {
  return line.map(([lon, lat]) => [round(lon), round(lat)]);
}

/** The 9 decimals that layers have. */
function round(degrees: number): number {
  return Number(degrees.toFixed(9));
}

function standsOf(stands: ReadonlyMap<number, readonly number[]>) {
  return [...stands]
    .filter(([, pieces]) => pieces.length > 0)
    .map(([case_id, pieces]) => ({ case_id, pieces: [...pieces] }));
}

/** As it was previewed: of the versions that the preview was of. */
function changeOf(asked: SuccessionDraft, told: Succession, reason: string): Change {
  const why = reason.trim() ? { reason: reason.trim() } : {};
  const [only] = told.old;
  if (asked.parcel_ids) {
    const base_versions = told.old.map(({ version }) => version);
    return { kind: "parcel.merge", parcel_ids: asked.parcel_ids, base_versions, ...why };
  }
  const base = only ? { base_version: only.version } : {};
  return { kind: "parcel.split", ...asked, ...base, ...why };
}
