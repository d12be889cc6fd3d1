/** Civil days (YYYY-MM-DD) as the time bar counts them; they compare as texts. */
import { daysBetween } from "./format";

/** The day so many days later, earlier for a negative number. */
export function addDays(day: string, n: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
}

/** The same day so many months later, the last of the month where it has no such day. */
export function addMonths(day: string, n: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + n, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 + n, Math.min(date, last)));
}

/** The last day of the month before. */
export function endOfMonthBefore(day: string): string {
  return addDays(`${day.slice(0, 8)}01`, -1);
}

/** The day, or the nearer end of the span. */
export function clampDay(day: string, from: string, to: string): string {
  return day < from ? from : day > to ? to : day;
}

/** Whether a text is a day of the calendar. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && addDaysSafely(text) === text;
}

/** Where a day lies in a span, 0 to 1. */
export function shareOf(day: string, from: string, to: string): number {
  return daysBetween(from, day) / Math.max(1, daysBetween(from, to));
}

/** The day nearest to a share of a span. */
export function dayAt(share: number, from: string, to: string): string {
  return addDays(from, Math.round(share * daysBetween(from, to)));
}

/** The first days of the months of a span. */
export function monthsOf(from: string, to: string): string[] {
  const months: string[] = [];
  for (let day = `${from.slice(0, 8)}01`; day <= to; day = addMonths(day, 1)) months.push(day);
  return months;
}

function addDaysSafely(text: string): string | undefined {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) ? undefined : dayOf(time);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
