import type { blockerZh } from "./words-blocker-zh";

/** Words of the queue of blockers (卡点), in English. */
export const blockerEn: Record<keyof typeof blockerZh, string> = {
  "blocker.title": "Blockers",
  "blocker.failed": "The blockers could not be read: {why}",
  "blocker.none": "Nothing is blocked",
  "blocker.none_here": "No blocker fits these conditions",
  "blocker.counts": "{n} · overdue {overdue} · without an owner {unowned}",
  "blocker.explain":
    "Towns and villages report what holds a case up; a person or department is named who solves it by a day. Every step is on record.",
  "blocker.case": "Case",
  "blocker.unit": "Unit",
  "blocker.why": "What holds it up",
  "blocker.since": "Reported",
  "blocker.owner": "Owner",
  "blocker.until": "To be solved by",
  "blocker.all_units": "All units",
  "blocker.all_kinds": "All reasons",
  "blocker.all_owners": "All owners",
  "blocker.other": "other",
  "blocker.nobody": "nobody named",
  "blocker.stands": "{n} days ago",
  "blocker.overdue": "{n} days overdue",
  "blocker.late": "case {n} days late",
  "blocker.waits": "before {milestone}",
  "blocker.assign": "Name the owner",
  "blocker.assigned": "Owner of the blocker named: {name}",
  "blocker.owner_hint": "person or department",
  "blocker.solve": "Solved",
  "blocker.solved": "Blocker solved: {name}",
  "blocker.how": "How it was solved",
};
