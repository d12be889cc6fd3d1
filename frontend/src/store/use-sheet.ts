import type { SheetQuery } from "../api/client";
import type { BurnUp, Sheet } from "../domain/types";
import type { Reading } from "./reading";
import { useReading } from "./use-reading";
import { useStore } from "./use-store";

/** The figures asked for, as new as the page and of the day shown; ends with the component. */
export function useSheet(query: () => SheetQuery | undefined): Reading<Sheet> {
  const { read, today, day } = useStore();
  return useReading(
    () => {
      const asked = query();
      return asked && { asked, day: today.value };
    },
    ({ asked }, min_revision) => read.figures({ as_of: day.value, ...asked, min_revision }),
  );
}

/** The curve of a metric of the district or of a unit. */
export function useBurnUp(
  metric: () => string | undefined,
  unit: () => string | undefined,
): Reading<BurnUp> {
  const { read, today, day } = useStore();
  return useReading(
    () => {
      const wanted = metric();
      return wanted ? { metric: wanted, unit: unit(), day: today.value } : undefined;
    },
    ({ metric, unit }, min_revision) =>
      read.burnUp({ metric, unit, as_of: day.value, min_revision }),
  );
}
