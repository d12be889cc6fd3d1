import { computed } from "vue";
import { formatTwo } from "../domain/format";
import { isWeighty, milestoneOf } from "../domain/milestones";
import { predictMark } from "../domain/predict";
import type {
  Action,
  CaseDetail,
  CaseSummary,
  Change,
  Choice,
  MilestoneKind,
  Text,
} from "../domain/types";
import { bothWords, type WordKey } from "../domain/words";
import { useStore, useWords } from "../store/use-store";

/** What the user adds to an act. */
export type Extra = Partial<Omit<Change, "kind">>;

/** What an act still needs before it is sent: the dialog that asks for it. */
export type Step = "none" | "ask" | "confirm" | "list" | "measure" | "plan" | "fields" | "reorder";

/** Acts that belong together in the menu, under their heading. */
export interface Group {
  heading: WordKey;
  actions: readonly Action[];
}

const headings = [
  "group.milestones",
  "group.sides",
  "group.land",
  "group.whole",
  "group.undo",
] as const satisfies readonly WordKey[];

/** The acts of the open card, and how they are asked for and sent. */
export function useCardActs() {
  const { campaign, card, acting } = useStore();
  const { t, text } = useWords();

  const actions = computed((): readonly Action[] => [
    ...(card.detail.value?.actions ?? []),
    ...(card.parcel.value?.actions ?? []),
  ]);
  const main = computed(() => actions.value.find((action) => action.main && isMain(action)));
  /** 退回 stands beside the big button while it may be pressed. */
  const giveBack = computed(() =>
    actions.value.find(
      ({ side, kind, refusal }) =>
        kind === "case.ask" && side === campaign.value?.acceptance?.returned && !refusal,
    ),
  );
  /** The rest, in the order of the campaign. */
  const groups = computed((): Group[] => {
    // The form is printed and comes back at the head of the page.
    const form = card.detail.value?.form?.side;
    const rest = actions.value.filter(
      (action) => action !== main.value && (form === undefined || action.side !== form),
    );
    return headings
      .map((heading) => ({ heading, actions: ordered(heading, rest) }))
      .filter((group) => group.actions.length > 0);
  });

  /** Listing is the big button of a parcel without a case; another firm on it is the exception. */
  function isMain(action: Action): boolean {
    return action.kind !== "case.list" || card.cases.value.length === 0;
  }

  function milestone(code: string | undefined): MilestoneKind | undefined {
    const track = card.detail.value?.case.track;
    return campaign.value && track ? milestoneOf(campaign.value, track, code) : undefined;
  }

  /** The word on the button: of the campaign for a milestone, of the action otherwise. */
  function label(action: Action): string {
    const kind = milestone(action.milestone);
    if (!kind) return text(action.button);
    if (action.kind === "case.milestone") return text(kind.button);
    return t("act.of_milestone", { milestone: text(kind.name), what: text(action.button) });
  }

  function stepOf(action: Action): Step {
    if (action.kind !== "case.milestone") return dialogOf(action);
    const kind = milestone(action.milestone);
    return kind && (isWeighty(kind) || kind.checks?.length) ? "confirm" : "none";
  }

  /** The boxes that must be ticked for an act. */
  function checksOf(action: Action): readonly Choice[] {
    return (action.kind === "case.milestone" && milestone(action.milestone)?.checks) || [];
  }

  /** 将为 1 家办理销号，涉及土地面积 5.62 亩，确定？ */
  function summary(action: Action): string {
    const mu = formatTwo(card.detail.value?.case.mu ?? 0);
    return t("act.confirm", { milestone: text(milestone(action.milestone)?.name), mu });
  }

  return {
    ...{ actions, main, giveBack, groups, label, stepOf, checksOf, summary, milestone },
    ...{ ...useSending(milestone), acting },
  };
}

/** How an act of the open card is named and sent. */
function useSending(milestone: (code: string | undefined) => MilestoneKind | undefined) {
  const { campaign, card, acting, session, today } = useStore();

  /** What the page calls an act of this case: where it is shown and what was entered for it. */
  function actOf(action: Action): string {
    return `${nounOf()} ${keyOf(action)}`;
  }

  function nounOf(): string {
    const id = card.detail.value?.case.id;
    return id === undefined ? `parcel ${card.parcelId.value}` : `case ${id}`;
  }

  /** The case as it will stand, where that is known before the answer. */
  function foreseen(action: Action, { date }: Extra): CaseDetail | undefined {
    const detail = card.detail.value;
    const code = action.kind === "case.milestone" ? action.milestone : undefined;
    if (!detail || !campaign.value || code === undefined) return undefined;
    const by = session.person.value;
    return predictMark(campaign.value, detail, { milestone: code, day: date || today.value, by });
  }

  /** Sends it and shows at once what is expected. */
  async function perform(action: Action, extra: Extra = {}): Promise<boolean> {
    if (acting.pending.value !== undefined) return false;
    const [act, detail, after] = [actOf(action), card.detail.value, foreseen(action, extra)];
    const change = changeOf(action, extra, detail?.case, card.parcelId.value);
    const state = action.kind === "case.milestone" ? milestone(action.milestone)?.state : undefined;
    const expected = detail ? [after?.case ?? detail.case] : [];
    const sending = acting.perform(act, change, done(state ?? action.button), expected);
    if (acting.pending.value === act) card.expect(after);
    const fine = await sending;
    if (!fine) card.expect(undefined);
    return fine;
  }

  return { actOf, nounOf, perform };
}

/** 已办理：已腾空 */
export function done(what: Text): Text {
  const say = (language: "zh" | "en") => bothWords("act.done", { what: what[language] })[language];
  return { zh: say("zh"), en: say("en") };
}

/** The acts of a group; of the many milestones those first that can be marked now. */
function ordered(heading: WordKey, actions: readonly Action[]): Action[] {
  const found = actions.filter((action) => headingOf(action) === heading);
  const off = (action: Action) => Number(action.refusal !== undefined);
  return heading === "group.milestones" ? found.sort((a, b) => off(a) - off(b)) : found;
}

function headingOf({ kind }: Action): WordKey {
  if (kind === "batch.undo") return "group.undo";
  if (kind === "case.amend" || kind === "case.measure") return "group.land";
  if (isWhole(kind)) return "group.whole";
  const aside = kind === "case.ask" || kind === "case.decide" || kind === "case.leave";
  return aside ? "group.sides" : "group.milestones";
}

/** What is done with the case as a whole. */
function isWhole(kind: Action["kind"]): boolean {
  return kind === "case.move" || kind === "case.split" || kind === "case.merge";
}

function dialogOf({ kind, needs = [] }: Action): Step {
  if (kind === "case.list") return "list";
  if (kind === "case.measure") return "measure";
  if (isWhole(kind)) return "reorder";
  if (needs.includes("plans")) return "plan";
  return needs.includes("fields") ? "fields" : "ask";
}

/** The change that an action with the user's words makes of the case, or of the parcel without one. */
export function changeOf(
  action: Action,
  extra: Extra,
  summary: CaseSummary | undefined,
  parcelId: number | undefined,
): Change {
  const { kind, milestone, side, template, approve, batch_id } = action;
  const said = Object.fromEntries(Object.entries(extra).filter(([, value]) => isSaid(value)));
  if (kind === "batch.undo") return { kind, batch_id, ...said };
  if (kind === "case.list") {
    return { kind, parcel_ids: parcelId === undefined ? [] : [parcelId], ...said };
  }
  const about = { case_id: summary?.id, base_version: summary?.version };
  return { kind, ...about, milestone, side, template, approve, ...said };
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** Tells the acts of one card apart. */
export function keyOf({
  kind,
  milestone,
  side,
  template,
  approve,
  batch_id,
  needs,
}: Action): string {
  const decision = approve === undefined ? undefined : approve ? "approve" : "return";
  const field = kind === "case.amend" ? needs?.[0] : undefined;
  return [kind, milestone, side, decision, template, field, batch_id].filter(Boolean).join(" ");
}
