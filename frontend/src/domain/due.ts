import { daysBetween } from "./format";
import type { WordKey, WordValues } from "./words";

/** How a deadline stands on a day. */
export type Due = "late" | "today" | "ahead";

/** Whether a deadline has passed; what has none is never late. */
export function isLate(deadline: string | undefined, today: string): boolean {
  return deadline !== undefined && deadline < today;
}

/** How a deadline stands on the day `today` (both YYYY-MM-DD). */
export function dueOf(deadline: string, today: string): Due {
  if (deadline === today) return "today";
  return deadline < today ? "late" : "ahead";
}

/** The words for it: 逾期 12 天, 今天到期, 还有 5 天. */
export function dueWords(deadline: string, today: string): [key: WordKey, values: WordValues] {
  const n = Math.abs(daysBetween(today, deadline));
  const keys = { late: "due.late", today: "due.today", ahead: "due.ahead" } as const;
  return [keys[dueOf(deadline, today)], { n }];
}
