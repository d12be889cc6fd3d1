import { computed, ref, shallowRef } from "vue";
import type { MapThemeCode } from "../domain/map-themes";
import { casePage, firstPage, type PageCode } from "../domain/pages";
import type { LandFinding, Place } from "../domain/types";
import type { LonLat } from "../geo/crs";
import type { Drawing } from "./drawing";
import type { View } from "./link";
import type { Plots } from "./plots";

/** Which of the two has the room on a wide screen. */
export type Wide = "map" | "list";

/** What the screen shows beside the nouns: the page, and where the map stands. The `wall` has the map alone. */
export function createScreen(wall = false) {
  /** The page that is open. */
  const page = ref<PageCode>(wall ? "map" : firstPage);
  /** The page to go back to from that of a case. */
  const listPage = ref<Exclude<PageCode, typeof casePage>>("ledger");
  const chosen = ref<Partial<Record<PageCode, Wide>>>({});
  const wide = computed<Wide>({
    get: () => chosen.value[page.value] ?? (page.value === "map" ? "map" : "list"),
    set: (which) => {
      chosen.value = { ...chosen.value, [page.value]: which };
    },
  });

  /** Opens the page of the case that is open in the card. */
  function openCasePage(): void {
    if (page.value !== casePage) listPage.value = page.value;
    page.value = casePage;
  }

  function leaveCasePage(): void {
    page.value = listPage.value;
  }

  return {
    ...{ page, listPage, openCasePage, leaveCasePage, wide },
    /** How much larger than on a desk of 1920 × 1080 the page is drawn (domain/screen-scale). */
    scale: ref(1),
    /** What lies over the map: names keep clear of it. */
    overMap: shallowRef<readonly HTMLElement[]>([]),
    /** The parcel under the pointer or under the ledger's. */
    hovered: ref<number>(),
    /** How the map is coloured: a code of domain/map-themes. */
    mapTheme: ref<MapThemeCode>("stage"),
    /** Where the map stands; the map writes it. */
    view: shallowRef<View>(),
    /** Where the map is to stand: an address was opened, or a coordinate gone to. A new value moves the map. */
    wantedView: shallowRef<View>(),
    /** Parcels to be seen near, among their neighbours (定位). A new list moves the map. */
    wantedParcels: shallowRef<readonly number[]>([]),
    /** A side state whose act is asked for elsewhere than in the menu of acts. */
    wantedSide: ref<string>(),
    /** The land that is being drawn, while the page 土地量算 is open. */
    drawing: shallowRef<Drawing>(),
    /** Parcels that are split or merged, while that tab of the page is open. */
    plots: shallowRef<Plots>(),
    /** Which rule's findings the page 土地量算 lists, or "all"; undefined: none. */
    checking: ref<string>(),
    /** The findings that are listed and drawn, and the one that is chosen. */
    findings: shallowRef<readonly LandFinding[]>([]),
    finding: shallowRef<LandFinding>(),
    /** The bulletin that is read on the page 进度, by its id; 0: the newest; undefined: the figures of now. */
    issue: ref<number>(),
    /** A coordinate that was gone to. */
    pin: shallowRef<LonLat>(),
    /** A place pointed at on the map, for example the fault of a row to import. */
    pointed: shallowRef<Place>(),
  };
}
