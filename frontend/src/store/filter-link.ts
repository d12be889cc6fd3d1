import { evaluationClasses } from "../domain/evaluation";
import { lampOrder } from "../domain/lamps";
import { type Filter, sortOf } from "./filter";
import type { Link } from "./link";

/** What an address says of a filter; `first` is the track that is shown unasked. */
export function linkOfFilter(filter: Filter, first: string | undefined): Link {
  return {
    track: filter.chosenTrack.value === first ? undefined : filter.chosenTrack.value,
    stages: [...filter.stages.value],
    lamps: [...filter.lamps.value],
    classes: [...filter.classes.value],
    unit: filter.unit.value || undefined,
    late: filter.late.value || undefined,
    ahead: filter.ahead.value || undefined,
    within: filter.within.value,
    village: filter.village.value || undefined,
    side: filter.side.value || undefined,
    sort: filter.sort.value === "deadline" ? undefined : filter.sort.value,
    search: filter.search.value.trim() || undefined,
    list: filter.list.value?.code,
  };
}

/** Makes the filter what an address says of it. */
export function filterByLink(filter: Filter, link: Link): void {
  filter.track.value = link.track;
  if (link.list) filter.open(link.list);
  filter.stages.value = new Set(link.stages);
  filter.lamps.value = new Set(lampOrder.filter((each) => link.lamps?.includes(each)));
  filter.classes.value = new Set(evaluationClasses.filter((each) => link.classes?.includes(each)));
  filter.unit.value = link.unit ?? "";
  filter.late.value = link.late ?? false;
  filter.ahead.value = link.ahead ?? false;
  filter.within.value = link.within;
  filter.village.value = link.village ?? "";
  filter.side.value = link.side ?? "";
  filter.sort.value = sortOf(link.sort) ?? "deadline";
  filter.search.value = link.search ?? "";
}
