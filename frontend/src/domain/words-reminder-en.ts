import type { reminderZh } from "./words-reminder-zh";

/** Words of the overdue ladder and of reminders (逾期催办), in English. */
export const reminderEn: Record<keyof typeof reminderZh, string> = {
  "reminder.title": "Overdue",
  "reminder.failed": "What is late could not be read: {why}",
  "reminder.none": "Nothing is late",
  "reminder.none_here": "Nothing late fits these conditions",
  "reminder.ladder":
    "Who is told: {rungs}. What is done, or planned for a later day, goes no further.",
  "reminder.rung": "{n} days late: {name}",
  "reminder.then": ", ",
  "reminder.case": "Case",
  "reminder.unit": "Unit",
  "reminder.due": "Due",
  "reminder.responsible": "Responsible",
  "reminder.days": "Late",
  "reminder.told": "Told",
  "reminder.next": "Next",
  "reminder.late": "{n} days",
  "reminder.by": "by {on}",
  "reminder.nobody": "nobody named",
  "reminder.blocker": "blocker: {why}",
  "reminder.send": "Remind",
  "reminder.sent": "Reminded: {name}",
  "reminder.note": "What to say (optional)",
  "reminder.all_units": "All units",
  "reminder.reached": "Told so far",
  "reminder.all_rungs": "All",
  "reminder.untold": "nobody yet",
};
