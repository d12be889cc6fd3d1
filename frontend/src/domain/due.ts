import { daysBetween } from "./format";
import type { WordKey, WordValues } from "./words";

/** How a deadline stands on a day. */
export type Due = "late" | "today" | "ahead";

/** Whether a deadline has passed; what has none is never late. */
export function isLate(deadline: string | undefined, today: string): boolean {
  return deadline !== undefined && deadline < today;
}

/** Whether what was done last was early, and nothing is late since (提前). */
export function isAhead(
  { ahead, deadline }: { ahead?: number | undefined; deadline?: string | undefined },
  today: string,
): boolean {
  return (ahead ?? 0) > 0 && !isLate(deadline, today);
}

/** Whether a deadline has passed or comes within so many days. */
export function isDueWithin(deadline: string | undefined, days: number, today: string): boolean {
  return deadline !== undefined && daysBetween(today, deadline) <= days;
}

/** How a deadline stands on the day `today` (both YYYY-MM-DD). */
export function dueOf(deadline: string, today: string): Due {
  if (deadline === today) return "today";
  return deadline < today ? "late" : "ahead";
}

/** Days late on the day `today`; 0 for what is not. */
export function daysLate(deadline: string | undefined, today: string): number {
  return deadline === undefined ? 0 : Math.max(0, daysBetween(deadline, today));
}

/** How late it looks: 0 not at all, 1 to 7 days, 8 to 30 days, more. */
export type LateStep = 0 | 1 | 2 | 3;

/** The step of so many days late. */
export function lateStep(days: number): LateStep {
  if (days <= 0) return 0;
  if (days <= 7) return 1;
  return days <= 30 ? 2 : 3;
}

/** The words for it: 逾期 12 天, 今天到期, 还有 5 天. */
export function dueWords(deadline: string, today: string): [key: WordKey, values: WordValues] {
  const n = Math.abs(daysBetween(today, deadline));
  const keys = { late: "due.late", today: "due.today", ahead: "due.ahead" } as const;
  return [keys[dueOf(deadline, today)], { n }];
}
