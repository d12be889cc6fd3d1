import { type ComputedRef, computed } from "vue";
import { daysLate } from "../domain/due";
import { milestonesOf } from "../domain/milestones";
import type { Milestone, MilestoneKind } from "../domain/types";
import { useStore } from "../store/use-store";

/** A milestone of the open case, and how it stands. */
export interface Step {
  readonly kind: MilestoneKind;
  readonly standing: Milestone;
  /** By how many days it was later than first planned; 0 for what was not. */
  readonly late: number;
}

/** The milestones of the open case in their order; none before its file is here. */
export function useMilestones(): ComputedRef<Step[]> {
  const { campaign, card } = useStore();
  return computed(() => {
    const detail = card.detail.value;
    if (!detail || !campaign.value) return [];
    const standings = new Map(detail.milestones.map((each) => [each.code, each]));
    return milestonesOf(campaign.value, detail.case.track).flatMap((kind) => {
      const standing = standings.get(kind.code);
      if (!standing) return [];
      const { done_on, plan_on, plan_original = plan_on } = standing;
      return [{ kind, standing, late: done_on ? daysLate(plan_original, done_on) : 0 }];
    });
  });
}
