import type { DuplicateList, Sheets, Todo, TrackPage, WatchPage } from "../domain/types";
import type { Reading } from "./reading";
import { useReading } from "./use-reading";
import { useStore } from "./use-store";

/** The page of a track, as new as the page; ends with the component. */
export function useTrack(track: () => string | undefined): Reading<TrackPage> {
  const { read } = useStore();
  return useReading(track, (code, min) => read.track(code, min));
}

/** What waits at the steps of acceptance. */
export function useQueue(): Reading<Todo> {
  const { read, today } = useStore();
  return useReading(
    () => ({ day: today.value }),
    (_, min) => read.queue(min),
  );
}

/** Who is on a list under watch. */
export function useWatch(list: () => string | undefined): Reading<WatchPage> {
  const { read } = useStore();
  return useReading(list, (code, min) => read.watch(code, min));
}

/** Enterprises that may have been entered twice. */
export function useDuplicates(): Reading<DuplicateList> {
  const { read } = useStore();
  return useReading(
    () => ({}),
    (_, min) => read.duplicates(min),
  );
}

/** The sheets of a case or an area, by id, or of a unit, by code. */
export function useSheets(
  of: () => { case: number } | { area: number } | { unit: string } | undefined,
): Reading<Sheets> {
  const { read } = useStore();
  return useReading(of, (noun, min_revision) => {
    if ("case" in noun) return read.sheets({ of: "case", id: noun.case, min_revision });
    if ("area" in noun) return read.sheets({ of: "reference", id: noun.area, min_revision });
    return read.sheets({ of: "unit", unit: noun.unit, min_revision });
  });
}
