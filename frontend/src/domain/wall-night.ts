import { addDays } from "./days";
import { civilDay, formatMinute } from "./format";

/** When nobody looks, the wall begins anew: what runs for weeks is safest young. Chinese time, hh:mm. */
const quiet = "04:00";

/**
 * Whether a wall that was opened at one server time begins anew at another: once a night, at four or, where
 * the server was away then, as soon as it is back.
 */
export function beginsAnew(opened: string, now: string): boolean {
  const [today, clock] = [civilDay(now), formatMinute(now).slice(6)];
  // Before four it is still the night of the day before.
  const night = clock < quiet ? addDays(today, -1) : today;
  const since = `${civilDay(opened)} ${formatMinute(opened).slice(6)}`;
  return since < `${night} ${quiet}`;
}
