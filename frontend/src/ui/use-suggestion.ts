import { allTracks } from "../domain/tracks";
import type { CaseSummary, Suggestion } from "../domain/types";
import { useStore } from "../store/use-store";

/** Opens what was found: a case in its file or card, a parcel on the map, a place as a condition of the list. */
export function useSuggestion() {
  const { card, cases, filter, openCasePage, page } = useStore();

  const open: Record<Suggestion["kind"], (what: Suggestion) => void> = {
    case: ({ id }) => openCase(id),
    enterprise: openEnterprise,
    parcel({ id }) {
      page.value = "map";
      if (id !== undefined) void card.openParcel(id);
    },
    village({ code, unit }) {
      onList();
      filter.unit.value = unit;
      filter.village.value = code;
    },
    unit({ code }) {
      onList();
      filter.unit.value = code;
    },
  };

  function openCase(id: number | undefined): void {
    const found = id === undefined ? undefined : cases.get(id);
    if (!found) return;
    showTrack(found);
    void card.openCase(found.id);
    if (page.value !== "map" && page.value !== "land") openCasePage();
  }

  /** Its only case; else the list of its cases. */
  function openEnterprise({ id, label }: Suggestion): void {
    const own = [...cases.all()].filter(({ enterprise }) => enterprise === id);
    if (own.length === 1) openCase(own[0]?.id);
    else {
      onList();
      filter.track.value = allTracks;
      filter.search.value = label;
    }
  }

  /** What was chosen must not be hidden by another track. */
  function showTrack({ track }: CaseSummary): void {
    if (filter.track.value !== allTracks) filter.track.value = track;
  }

  function onList(): void {
    card.close();
    filter.clear();
    if (page.value === "case") page.value = "ledger";
  }

  return (what: Suggestion) => open[what.kind](what);
}
