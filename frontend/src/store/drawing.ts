import { type Ref, ref, type ShallowRef, shallowRef } from "vue";
import { failureText } from "../api/problem";
import type { Change, LandPreview, Text } from "../domain/types";
import { bothWords, type WordKey } from "../domain/words";
import { common, joined, without } from "../geo/combine";
import { type Corner, estimatedArea, type Ground } from "../geo/ground";
import { traced } from "../geo/trace-edge";
import type { Acting } from "./acting";
import type { Drafts } from "./drafts";
import type { Neighbour } from "./land-around";
import { type Adjustment, createSteps, type Sketch, type Step, type Steps } from "./sketch";

/** What the pointer does: change corners, draw something that is added or taken away, measure. */
export type Tool = "select" | "draw" | "cut" | "less" | "more" | "distance" | "area";

/** The land of one case while somebody draws it. */
export interface Drawing {
  readonly caseId: number;
  /** Of the land when it was read; undefined: nothing was recorded. */
  readonly version: number | undefined;
  readonly sketch: Readonly<Ref<Sketch>>;
  readonly steps: Readonly<Ref<readonly Step[]>>;
  readonly undone: Readonly<Ref<readonly Step[]>>;
  readonly changed: Readonly<Ref<boolean>>;
  readonly tool: Ref<Tool>;
  /** The corner that keys and fields move, by its place in `corners`. */
  readonly corner: Ref<number | undefined>;
  readonly corners: Readonly<Ref<readonly Corner[]>>;
  /** Corners set so far of what is being drawn or measured. */
  readonly line: ShallowRef<Ground[number][number]>;
  /** The server's figures of this sketch; undefined until they are there. */
  readonly preview: Readonly<ShallowRef<LandPreview | undefined>>;
  readonly previewedAt: Readonly<Ref<string | undefined>>;
  readonly failure: Readonly<ShallowRef<Text | undefined>>;
  /** A polygon for the effective land that waits for its reason. */
  readonly asking: ShallowRef<{ tool: "less" | "more"; ground: Ground } | undefined>;
  readonly neighbours: ShallowRef<readonly Neighbour[]>;
  change(ground: Ground, word: WordKey): void;
  /** What was drawn with a tool. */
  drawn(ground: Ground, tool: Tool): void;
  adjust(reason: string): void;
  takeParcels(): Promise<void>;
  trace(): void;
  yieldTo(caseCode: string): void;
  resetEffective(): void;
  undo(): void;
  redo(): void;
  save(): Promise<boolean>;
  discard(): void;
  compute(): Promise<void>;
}

/** How near a neighbour's edge must be to be traced, metres. */
export const tracing = 0.5;

/** What drawing needs of the rest of the page. */
export interface Around {
  preview(draft: { case_id: number; recovered?: Ground; effective?: Ground }): Promise<LandPreview>;
  acting: Acting;
  drafts: Drafts;
  now(): string;
  later(task: () => void): () => void;
}

/** The land of a case as it is recorded so far; `version` is undefined where nothing is. */
export interface Recorded {
  readonly ground: Ground;
  readonly version: number | undefined;
}

export function createDrawing(around: Around, caseId: number, recorded: Recorded): Drawing {
  const act = `land ${caseId}`;
  const course = createSteps({ ...around, act }, recorded, () => figures.ask());
  const figures = createFigures(around, caseId, course.sketch);
  const tool = ref<Tool>("select");
  const line: Drawing["line"] = shallowRef([]);
  const neighbours = shallowRef<readonly Neighbour[]>([]);
  figures.ask();

  return {
    ...{ caseId, version: recorded.version, tool, line, neighbours },
    ...course,
    ...edits(course, { caseId, figures, neighbours }),
    ...createEffective(course, figures, { tool, line }),
    preview: figures.preview,
    previewedAt: figures.at,
    failure: figures.failure,
    compute: figures.now,
    save: () =>
      around.acting.perform(
        act,
        changeOf(caseId, recorded, course.sketch.value),
        bothWords("land.saved"),
      ),
  };
}

/** Deeds that change the whole ground at once. */
function edits(
  { sketch, take, change }: Steps,
  {
    caseId,
    figures,
    neighbours,
  }: { caseId: number; figures: Figures; neighbours: Drawing["neighbours"] },
) {
  async function takeParcels(): Promise<void> {
    const taken = await figures.read({ case_id: caseId });
    const ground = groundOf(taken?.recovered);
    if (ground) take({ ground, fromParcels: true, adjusted: [] }, "land.step_parcels");
  }

  function trace(): void {
    const lands = neighbours.value.map((each) => each.ground);
    const ground = traced(sketch.value.ground, lands, tracing);
    if (JSON.stringify(ground) !== JSON.stringify(sketch.value.ground))
      change(ground, "land.step_traced");
  }

  function yieldTo(code: string): void {
    const others = neighbours.value.filter(
      (each) => each.code === code && each.kind === "recovered",
    );
    if (others.length > 0)
      change(
        without(sketch.value.ground, ...others.map((each) => each.ground)),
        "land.step_yielded",
      );
  }

  return { takeParcels, trace, yieldTo };
}

/** What is drawn becomes ground, or effective land with a reason. */
function createEffective(
  { sketch, take, change }: Steps,
  figures: Figures,
  { tool, line }: Pick<Drawing, "tool" | "line">,
) {
  const asking: Drawing["asking"] = shallowRef();

  function drawn(ground: Ground, by: Tool): void {
    line.value = [];
    if (by === "draw") change(joined(sketch.value.ground, ground), "land.step_drawn");
    if (by === "cut") change(without(sketch.value.ground, ground), "land.step_cut");
    if (by === "less" || by === "more") asking.value = { tool: by, ground };
    tool.value = "select";
  }

  function adjust(reason: string): void {
    const asked = asking.value;
    const now = sketch.value.effective ?? groundOf(figures.preview.value?.effective) ?? [];
    if (!asked) return;
    const more = () => joined(now, common(asked.ground, sketch.value.ground));
    const effective = asked.tool === "less" ? without(now, asked.ground) : more();
    const m2 = estimatedArea(effective) - estimatedArea(now);
    asking.value = undefined;
    const adjusted = [...sketch.value.adjusted, { reason, m2 }];
    take({ ...sketch.value, effective, adjusted }, "land.step_adjusted");
  }

  const resetEffective = () =>
    take({ ...sketch.value, effective: undefined, adjusted: [] }, "land.step_reset");
  return { asking, drawn, adjust, resetEffective };
}

function changeOf(caseId: number, { version }: Recorded, sketch: Sketch): Change {
  const { ground, fromParcels, effective, adjusted } = sketch;
  return {
    ...{ kind: "land.record", case_id: caseId },
    ...(version ? { base_version: version } : {}),
    ...(fromParcels ? {} : { recovered: wire(ground) }),
    ...(effective ? { effective: wire(effective), reason: reasonOf(adjusted) } : {}),
  };
}

type Figures = ReturnType<typeof createFigures>;

/** The server's figures of what is drawn, asked for once the hand rests; an older answer never replaces a newer. */
function createFigures(
  around: Pick<Around, "preview" | "now" | "later">,
  caseId: number,
  sketch: Readonly<Ref<Sketch>>,
) {
  const preview = shallowRef<LandPreview>();
  const at = ref<string>();
  const failure = shallowRef<Text>();
  let turn = 0;
  let forget = () => {};

  function ask(): void {
    turn++;
    [preview.value, at.value, failure.value] = [undefined, undefined, undefined];
    forget();
    forget = around.later(() => void now());
  }

  async function now(): Promise<void> {
    const mine = ++turn;
    forget();
    const { ground, effective } = sketch.value;
    if (ground.length === 0) return;
    const draft = { case_id: caseId, recovered: ground, ...(effective ? { effective } : {}) };
    const told = await read(draft, () => mine === turn);
    if (mine === turn && told) [preview.value, at.value] = [told, around.now()];
  }

  async function read(
    draft: Parameters<Around["preview"]>[0],
    wanted = () => true,
  ): Promise<LandPreview | undefined> {
    try {
      return await around.preview(draft);
    } catch (thrown) {
      if (wanted()) failure.value = failureText(thrown);
      return undefined;
    }
  }

  return { preview, at, failure, ask, now, read };
}

export function groundOf(told: LandPreview["recovered"]): Ground | undefined {
  if (!told) return undefined;
  const { type, coordinates } = told.geometry;
  return (type === "Polygon" ? [coordinates] : coordinates) as Ground;
}

function wire(ground: Ground): NonNullable<Change["recovered"]> {
  return { type: "MultiPolygon", coordinates: ground as unknown[] };
}

/** ① 河边堆场保留（−80.00 ㎡）；② … */
function reasonOf(adjusted: readonly Adjustment[]): string {
  const each = ({ reason, m2 }: Adjustment) =>
    `${reason}（${m2 < 0 ? "−" : "+"}${Math.abs(m2).toFixed(2)} ㎡）`;
  return adjusted.map(each).join("；");
}
