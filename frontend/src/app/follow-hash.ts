import { watch } from "vue";
import { mapThemes } from "../domain/map-themes";
import { pageOf } from "../domain/pages";
import { filterByLink, linkOfFilter } from "../store/filter-link";
import { formatLink, type Link, parseLink } from "../store/link";
import type { Store } from "../store/store";

/** A pan becomes part of the address after this rest, ms. */
const rest = 300;

/**
 * Keeps the address saying what the page shows: another case, track or filter is a step of the
 * history, another view of the map is not. `opened` tells that the cases are known.
 */
export function followHash(store: Store, page: Window): { opened: () => Promise<void> } {
  let link = parseLink(page.location.hash);
  applyFilters(store, link);
  store.wantedView.value = link.view;
  let ready = false;

  async function opened(): Promise<void> {
    await applyChosen(store, link);
    ready = true;
    write();
    page.addEventListener("popstate", () => void goBack());
    watch([() => linkOf(store), store.card.loading], write);
  }

  /** The history moved: the page follows the address. */
  async function goBack(): Promise<void> {
    link = parseLink(page.location.hash);
    ready = false;
    try {
      applyFilters(store, link);
      if (link.view) store.wantedView.value = link.view;
      await applyChosen(store, link);
    } finally {
      ready = true;
    }
  }

  let timer = 0;
  function write(): void {
    page.clearTimeout(timer);
    // Half-opened cards have no address of their own.
    if (!ready || store.card.loading.value) return;
    const now = linkOf(store);
    const step = formatLink({ ...now, ...soft }) !== formatLink({ ...link, ...soft });
    if (step) put(now, "pushState");
    else timer = page.setTimeout(() => put(linkOf(store), "replaceState"), rest);
  }

  function put(now: Link, how: "pushState" | "replaceState"): void {
    link = now;
    const hash = `#${formatLink(now)}`;
    if (hash !== page.location.hash) page.history[how](null, "", hash);
  }

  return { opened };
}

/** What changes without a step of the history. */
const soft = { view: undefined, search: undefined, sort: undefined };

function linkOf({ page, card, cases, parcels, filter, mapTheme, view, campaign }: Store): Link {
  const [caseId, parcelId] = [card.caseId.value, card.parcelId.value];
  return {
    page: page.value,
    view: view.value,
    case:
      caseId === undefined ? undefined : (card.detail.value?.case.code ?? cases.get(caseId)?.code),
    parcel: parcelId === undefined ? undefined : parcels.get(parcelId)?.properties.code,
    ...linkOfFilter(filter, campaign.value?.tracks[0]?.code),
    theme: mapTheme.value === "stage" ? undefined : mapTheme.value,
  };
}

function applyFilters({ page, filter, mapTheme }: Store, link: Link): void {
  page.value = pageOf(link.page) ?? "map";
  filterByLink(filter, link);
  mapTheme.value = mapThemes.find(({ code }) => code === link.theme)?.code ?? "stage";
}

/** Opens what the link names; what is not here is left closed. */
async function applyChosen({ card, cases, parcels }: Store, link: Link): Promise<void> {
  const one = link.case && first(cases.all(), ({ code }) => code === link.case);
  const parcel =
    link.parcel && first(parcels.all(), ({ properties }) => properties.code === link.parcel);
  if (one) {
    if (one.id !== card.caseId.value) await card.openCase(one.id);
  } else if (parcel) {
    if (parcel.properties.id !== card.parcelId.value) await card.openParcel(parcel.properties.id);
  } else card.close();
}

function first<T>(all: Iterable<T>, wanted: (each: T) => boolean): T | undefined {
  for (const each of all) if (wanted(each)) return each;
  return undefined;
}
