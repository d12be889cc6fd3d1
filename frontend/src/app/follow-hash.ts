import { watch } from "vue";
import { baseMapOf, formatLayers, parseLayers } from "../domain/map-layers";
import { mapThemes } from "../domain/map-themes";
import { firstPage, pageOf } from "../domain/pages";
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
  let [known, ready] = [false, false];
  page.addEventListener("popstate", () => void follow());

  async function opened(): Promise<void> {
    known = true;
    await applyChosen(store, link);
    ready = true;
    write();
    watch([() => linkOf(store), store.card.loading], write);
  }

  /** The history moved: the page follows the address. What it opens waits until it is known. */
  async function follow(): Promise<void> {
    link = parseLink(page.location.hash);
    ready = false;
    try {
      applyFilters(store, link);
      if (link.view) store.wantedView.value = link.view;
      if (known) await applyChosen(store, link);
    } finally {
      ready = known;
    }
  }

  let timer = 0;
  function write(): void {
    page.clearTimeout(timer);
    // Half-opened cards have no address of their own.
    if (!ready || store.card.loading.value) return;
    const now = linkOf(store);
    const step = formatLink(stepOf(now)) !== formatLink(stepOf(link));
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

/** What of a link is a step of the history: neither view nor search nor order, and of the days only that there are any. */
function stepOf(link: Link): Link {
  return {
    ...link,
    ...{ view: undefined, search: undefined, sort: undefined },
    ...{ day: link.day && "earlier", from: link.from && "earlier" },
  };
}

function linkOf(store: Store): Link {
  const { page, card, cases, parcels, filter, mapTheme, mapView, view, campaign, day, from } =
    store;
  const { checking, issue } = store;
  const [caseId, parcelId] = [card.caseId.value, card.parcelId.value];
  return {
    page: page.value,
    view: view.value,
    day: day.value,
    from: from.value,
    case:
      caseId === undefined ? undefined : (card.detail.value?.case.code ?? cases.get(caseId)?.code),
    parcel: parcelId === undefined ? undefined : parcels.get(parcelId)?.properties.code,
    ...linkOfFilter(filter, campaign.value?.tracks[0]?.code),
    theme: mapTheme.value === "stage" ? undefined : mapTheme.value,
    layers: formatLayers(mapView.layers.value) || undefined,
    base: mapView.base.value === "none" ? undefined : mapView.base.value,
    check: checking.value,
    issue: page.value === "progress" ? issue.value : undefined,
  };
}

function applyFilters(store: Store, link: Link): void {
  const { page, filter, mapTheme, mapView, day, from } = store;
  day.value = link.day;
  from.value = link.from;
  page.value = pageOf(link.page) ?? (formatLink(link) === "" ? firstPage : "map");
  filterByLink(filter, link);
  store.checking.value = link.check;
  store.issue.value = link.issue;
  mapTheme.value = mapThemes.find(({ code }) => code === link.theme)?.code ?? "stage";
  // A bare address leaves what this browser remembers.
  if (link.page !== undefined) mapView.layers.value = parseLayers(link.layers ?? "");
  mapView.base.value = baseMapOf(link.base);
}

/** Opens what the link names; what is not here is left closed. */
async function applyChosen(store: Store, link: Link): Promise<void> {
  const { card, cases, parcels, days } = store;
  // Of another day is known what is there once the past has been read.
  if (days.day.value) await days.read();
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
