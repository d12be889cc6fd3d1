import type { SheetQuery } from "../api/client";
import type { BurnUp, Sheet } from "../domain/types";
import { followReading, type Reading } from "./reading";
import { useStore } from "./use-store";

/** The figures asked for, as new as the page and of the campaign's day; ends with the component. */
export function useSheet(query: () => SheetQuery | undefined): Reading<Sheet> {
  const { read, contact, today } = useStore();
  return followReading(
    () => {
      const asked = query();
      return asked && { asked, day: today.value };
    },
    ({ asked }, min_revision) => read.figures({ ...asked, min_revision }),
    contact.revision,
  );
}

/** The curve of a metric of the district or of a unit. */
export function useBurnUp(
  metric: () => string | undefined,
  unit: () => string | undefined,
): Reading<BurnUp> {
  const { read, contact, today } = useStore();
  return followReading(
    () => {
      const wanted = metric();
      return wanted ? { metric: wanted, unit: unit(), day: today.value } : undefined;
    },
    (asked, min_revision) => read.burnUp({ metric: asked.metric, unit: asked.unit, min_revision }),
    contact.revision,
  );
}
