import { computed } from "vue";
import { formatTwo } from "../domain/format";
import { isWeighty, milestoneOf } from "../domain/milestones";
import type { Action, CaseSummary, Change, Choice, MilestoneKind, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import { useStore, useWords } from "../store/use-store";

/** What the user adds to an act. */
export interface Extra {
  date?: string;
  note?: string;
  reason?: string;
  label?: string;
  unit?: string;
  /** Codes of the boxes ticked. */
  checks?: string[];
}

/** What an act still needs before it is sent. */
export type Step = "none" | "reason" | "confirm" | "list";

/** The acts of the open card, and how they are asked for and sent. */
export function useCardActs() {
  const { campaign, card, acting } = useStore();
  const { t, text } = useWords();

  const actions = computed((): readonly Action[] => [
    ...(card.detail.value?.actions ?? []),
    ...(card.parcel.value?.actions ?? []),
  ]);
  const main = computed(() => actions.value.find((action) => action.main && isMain(action)));
  /** What can be done now stands before what cannot. */
  const others = computed(() => {
    const rest = actions.value.filter((action) => action !== main.value);
    const off = (action: Action) => Number(action.refusal !== undefined);
    return rest.sort((a, b) => off(a) - off(b));
  });

  /** Listing is the big button of a parcel without a case; another firm on it is the exception. */
  function isMain(action: Action): boolean {
    return action.kind !== "case.list" || card.cases.value.length === 0;
  }

  function milestone(action: Action): MilestoneKind | undefined {
    const track = card.detail.value?.case.track;
    if (!campaign.value || !track) return undefined;
    return milestoneOf(campaign.value, track, action.milestone);
  }

  /** The word on the button: of the campaign for a milestone, of the action otherwise. */
  function label(action: Action): string {
    const kind = milestone(action);
    if (action.kind === "case.milestone") return text(kind?.button ?? action.button);
    if (action.kind === "case.not_applicable" && kind) {
      return t("act.not_applicable", { milestone: text(kind.name) });
    }
    return text(action.button);
  }

  function stepOf(action: Action): Step {
    if (action.kind === "case.list") return "list";
    if (action.kind !== "case.milestone") return "reason";
    const kind = milestone(action);
    return kind && (isWeighty(kind) || kind.checks?.length) ? "confirm" : "none";
  }

  /** The boxes that must be ticked for an act. */
  function checksOf(action: Action): readonly Choice[] {
    return (action.kind === "case.milestone" && milestone(action)?.checks) || [];
  }

  /** 将为 1 家办理销号，涉及土地面积 5.62 亩，确定？ */
  function summary(action: Action): string {
    const mu = formatTwo(card.detail.value?.case.mu ?? 0);
    return t("act.confirm", { milestone: text(milestone(action)?.name), mu });
  }

  function perform(action: Action, extra: Extra = {}): Promise<boolean> {
    const change = changeOf(action, extra, card.detail.value?.case, card.parcelId.value);
    return acting.perform(keyOf(action), change, doneText(action));
  }

  function doneText(action: Action): Text {
    const state = milestone(action)?.state ?? action.button;
    const say = (language: "zh" | "en") =>
      bothWords("act.done", { what: state[language] })[language];
    return { zh: say("zh"), en: say("en") };
  }

  return { main, others, label, stepOf, checksOf, summary, perform, acting };
}

/** The change that an action with the user's words makes of the case, or of the parcel without one. */
export function changeOf(
  action: Action,
  { reason, label, unit, date, note, checks }: Extra,
  summary: CaseSummary | undefined,
  parcelId: number | undefined,
): Change {
  const kind = action.kind;
  if (kind === "batch.undo") return { kind, batch_id: action.batch_id, reason };
  if (kind === "case.list") {
    return { kind, parcel_ids: parcelId === undefined ? [] : [parcelId], label, unit };
  }
  const version = { case_id: summary?.id, base_version: summary?.version };
  const ticked = checks?.length ? checks : undefined;
  const said = { date: date || undefined, note: note || undefined, reason, checks: ticked };
  return { kind, ...version, milestone: action.milestone, ...said };
}

/** Tells the acts of one card apart. */
export function keyOf(action: Action): string {
  return [action.kind, action.milestone, action.batch_id].filter(Boolean).join(" ");
}
