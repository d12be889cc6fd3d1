/** How figures, dates and times stand on the screen. */

/** A count with thousands separators: 1,464. */
export function formatCount(n: number): string {
  return n.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Hundredths as a decimal with thousands separators: 146453 is 1,464.53. */
export function formatHundredths(hundredths: number): string {
  const sign = hundredths < 0 ? "-" : "";
  const n = Math.abs(hundredths);
  const cents = (n % 100).toString().padStart(2, "0");
  return `${sign}${formatCount(Math.floor(n / 100))}.${cents}`;
}

/** A figure the server rounded to two decimals, mu or m². */
export function formatTwo(value: number): string {
  return formatHundredths(Math.round(value * 100));
}

/** Figures of two decimals that add up to their total as it is printed: what rounding leaves goes to the largest. */
export function addingUp(parts: readonly number[], total: number): number[] {
  const hundredths = parts.map((each) => Math.round(each * 100));
  const rest = Math.round(total * 100) - hundredths.reduce((sum, each) => sum + each, 0);
  const largest = hundredths.indexOf(Math.max(...hundredths));
  return hundredths.map((each, i) => (each + (i === largest ? rest : 0)) / 100);
}

/** A difference in hundredths, always with its sign: −0.18, +38.16, 0.00. */
export function formatDifference(hundredths: number): string {
  const sign = hundredths < 0 ? "−" : hundredths > 0 ? "+" : "";
  return sign + formatHundredths(Math.abs(hundredths));
}

/** A signed rate in per cent with one decimal, half away from zero: −3.2%. */
export function formatRate(part: number, whole: number): string {
  const tenths = Math.round((Math.abs(part) / whole) * 1000);
  const sign = tenths === 0 ? "" : part < 0 ? "−" : "+";
  return `${sign}${(tenths / 10).toFixed(1)}%`;
}

/** Whole days from one civil day to another (YYYY-MM-DD); negative when the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** MM-DD of a civil day. */
export function formatDay(day: string): string {
  return day.slice(5);
}

const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: "Asia/Shanghai",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** The moment in Chinese time, in its parts. */
function partsOf(moment: string): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(new Date(moment)).map((p) => [p.type, p.value]));
}

/** MM-DD hh:mm of a moment, in Chinese time. */
export function formatMinute(moment: string): string {
  const p = partsOf(moment);
  return `${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** MM-DD hh:mm:ss of a moment, in Chinese time. */
export function formatSecond(moment: string): string {
  return `${formatMinute(moment)}:${partsOf(moment).second}`;
}

/** YYYY-MM-DD hh:mm:ss of a moment, in Chinese time: for records that reach over years. */
export function formatStamp(moment: string): string {
  return `${partsOf(moment).year}-${formatSecond(moment)}`;
}

/** hh:mm:ss of a moment, in Chinese time. */
export function formatClock(moment: string): string {
  const p = partsOf(moment);
  return `${p.hour}:${p.minute}:${p.second}`;
}

/** YYYY-MM-DD of a moment, in Chinese time. */
export function civilDay(moment: string): string {
  const p = partsOf(moment);
  return `${p.year}-${p.month}-${p.day}`;
}

/** Minutes between two moments, without sign. */
export function minutesApart(a: string, b: string): number {
  return Math.abs(Date.parse(a) - Date.parse(b)) / 60_000;
}

/** Longitude and latitude in degrees with six decimals (about 0.1 m). */
export function formatDegrees(value: number): string {
  return value.toFixed(6);
}
