import { computed, type Ref, ref, shallowRef } from "vue";
import type { Api } from "../api/client";
import { failureText } from "../api/problem";
import { milestonesOf } from "../domain/milestones";
import { predictMark } from "../domain/predict";
import type {
  Action,
  Campaign,
  CaseDetail,
  CaseSummary,
  Change,
  Choice,
  MilestoneKind,
  Text,
} from "../domain/types";
import { bothWords } from "../domain/words";
import { muHundredths, sumM2 } from "../geo/mu";
import type { Figure } from "./figures";

/** One act for many cases: a milestone, or a template of what is not applicable. */
export interface BatchAct {
  readonly key: string;
  /** The words on its button. */
  readonly button: Text;
  /** The state a milestone leaves, for the sentence afterwards. */
  readonly state: Text;
  readonly milestone?: MilestoneKind;
  readonly template?: string;
  readonly checks: readonly Choice[];
  readonly needsReason: boolean;
  readonly reasons: readonly Choice[];
}

/** What the server says of one case and the chosen act; without a refusal it may be done. */
export interface Verdict {
  readonly detail: CaseDetail;
  readonly refusal?: Text;
}

/** What is said with the act, for all cases alike. */
export interface BatchSaid {
  readonly date?: string;
  readonly note?: string;
  readonly reason?: string;
  readonly reason_code?: string;
  readonly checks?: readonly string[];
}

/** Many cases before one act. Their verdicts are those of the server, case by case. */
export interface Batch {
  /** How many have been asked, of how many. */
  asked: Readonly<Ref<number>>;
  total: number;
  failure: Readonly<Ref<Text | undefined>>;
  /** Acts that at least one case allows: milestones before templates, those that most allow first. */
  acts: Readonly<Ref<readonly (BatchAct & { allowed: number })[]>>;
  read(): Promise<void>;
  /** Of every case, those that may be done first. */
  verdicts(act: BatchAct): readonly Verdict[];
}

/** Questions on their way at the same time. */
const atOnce = 6;

/** Prepares the verdicts of the cases; `read` asks for them. */
export function createBatch(
  api: Pick<Api, "caseDetail">,
  campaign: Campaign,
  ids: readonly number[],
): Batch {
  const asked = ref(0);
  const failure = shallowRef<Text>();
  const details = shallowRef<readonly CaseDetail[]>([]);

  async function read(): Promise<void> {
    failure.value = undefined;
    asked.value = 0;
    try {
      details.value = await inTurn(ids, async (id) => {
        const detail = await api.caseDetail(id);
        asked.value++;
        return detail;
      });
    } catch (thrown) {
      failure.value = failureText(thrown);
    }
  }

  const acts = computed(() => actsOf(details.value, campaign));
  const verdicts = (act: BatchAct) => {
    const all = details.value.map((detail) => verdictOf(detail, act));
    return [...all.filter(({ refusal }) => !refusal), ...all.filter(({ refusal }) => refusal)];
  };
  return { asked, total: ids.length, failure, acts, read, verdicts };
}

/** Asks for all, a few at a time; the answers stand in the order of the questions. */
async function inTurn<T>(ids: readonly number[], ask: (id: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  async function work(): Promise<void> {
    while (next < ids.length) {
      const at = next++;
      answers[at] = await ask(ids[at] as number);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, work));
  return answers;
}

/** Acts that mean the same for many cases; what needs words about one case is none. */
function actsOf(details: readonly CaseDetail[], campaign: Campaign) {
  const found = new Map<string, BatchAct & { allowed: number }>();
  for (const detail of details) {
    for (const action of detail.actions) {
      const act = action.refusal ? undefined : batchAct(action, detail.case, campaign);
      if (act) found.set(act.key, { ...act, allowed: (found.get(act.key)?.allowed ?? 0) + 1 });
    }
  }
  const rank = (act: BatchAct) => Number(act.template !== undefined);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || b.allowed - a.allowed);
}

function batchAct(
  action: Action,
  { track }: CaseSummary,
  campaign: Campaign,
): BatchAct | undefined {
  const { kind, template, button, needs = [], reasons = [] } = action;
  const common = { button, state: button, needsReason: needs.includes("reason"), reasons };
  if (kind === "case.template" && template !== undefined) {
    return { ...common, key: `${track} ${template}`, template, checks: [] };
  }
  const milestone = milestonesOf(campaign, track).find(({ code }) => code === action.milestone);
  if (kind !== "case.milestone" || !milestone) return undefined;
  const words = { button: milestone.button, state: milestone.state };
  const key = `${track} mark ${milestone.code}`;
  return { ...common, ...words, key, milestone, checks: milestone.checks ?? [] };
}

function verdictOf(detail: CaseDetail, act: BatchAct): Verdict {
  const [track] = act.key.split(" ");
  const action = detail.actions.find((each) =>
    act.template === undefined
      ? each.kind === "case.milestone" && each.milestone === act.milestone?.code
      : each.template === act.template,
  );
  if (detail.case.track !== track || !action) return { detail, refusal: notOffered };
  return action.refusal ? { detail, refusal: action.refusal } : { detail };
}

/** The server offers the act only where the milestone is neither done nor of another track. */
const notOffered: Text = bothWords("batch.not_offered");

/** The changes of the allowed cases, each from the version that was looked at. */
export function batchChanges(
  allowed: readonly Verdict[],
  act: BatchAct,
  said: BatchSaid,
): Change[] {
  return allowed.map(({ detail: { case: each } }) => {
    const about = { case_id: each.id, base_version: each.version };
    if (act.template !== undefined) {
      const { reason, reason_code } = said;
      return {
        kind: "case.template",
        ...about,
        template: act.template,
        ...filled({ reason, reason_code }),
      };
    }
    const { date, note, checks } = said;
    const milestone = act.milestone?.code ?? "";
    const ticked = checks?.length ? { checks: [...checks] } : {};
    return { kind: "case.milestone", ...about, milestone, ...filled({ date, note }), ...ticked };
  });
}

function filled(texts: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]) => (value ? [[key, value]] : [])),
  );
}

/** The allowed cases as they will stand. */
export function batchExpected(
  allowed: readonly Verdict[],
  act: BatchAct,
  campaign: Campaign,
  day: string,
): CaseSummary[] {
  return allowed.map(({ detail }) => {
    const milestone = act.milestone?.code;
    if (milestone === undefined) return detail.case;
    return predictMark(campaign, detail, { milestone, day })?.case ?? detail.case;
  });
}

/** Number and land of the cases: 16 家，78.62 亩. */
export function batchFigure(verdicts: readonly Verdict[]): Figure {
  return {
    count: verdicts.length,
    mu: muHundredths(sumM2(verdicts.map(({ detail }) => detail.case.m2))),
  };
}
