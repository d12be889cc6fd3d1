import { nextTick } from "vue";
import { casePage, pagesFor } from "../domain/pages";
import type { Store } from "../store/store";

/** What the keys of the page reach for. */
export interface KeyActions {
  help(): void;
}

/** The stops of F6, in their order. */
const regions = [
  '[data-test="find"]',
  '[data-test="search"]',
  '[data-test="list"]',
  '[data-test="case-file"]',
  ".map-canvas",
  '[data-handle="day"]',
  '[data-test="card"]',
  '[data-test="actions"] button:not(:disabled)',
];

/** Keys of the whole page; letters are dead while text is entered or a dialog stands open. */
export function onPageKey(event: KeyboardEvent, store: Store, actions: KeyActions): void {
  if (event.defaultPrevented || event.isComposing || turnsPage(event, store) || isDead(event))
    return;
  const deeds: Record<string, () => void> = {
    "/": () => focusOn('[data-test="find"]'),
    m: () => void swap(store),
    3: () => {
      store.mapTheme.value = store.mapTheme.value === "groups" ? "stage" : "groups";
    },
    "?": actions.help,
    Escape: () => (store.page.value === casePage ? store.leaveCasePage() : store.days.live()),
    F6: () => nextRegion(event.shiftKey ? -1 : 1),
  };
  const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!deed) return;
  event.preventDefault();
  deed();
}

/** Alt and a digit open a page, from a text field too: no letter is lost by it. */
function turnsPage(event: KeyboardEvent, { page, session }: Store): boolean {
  if (!event.altKey || event.ctrlKey || event.metaKey) return false;
  if (document.querySelector("dialog[open]")) return false;
  const wanted = pagesFor(session.person.value?.role).find(
    ({ digit }) => event.code === `Digit${digit}`,
  );
  if (!wanted) return false;
  event.preventDefault();
  page.value = wanted.code;
  return true;
}

function isDead(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  if (document.querySelector("dialog[open]")) return true;
  const entering =
    event.target instanceof Element && event.target.closest("input, select, textarea");
  return Boolean(entering) && event.key !== "F6";
}

/** Gives the room to the other of map and list, and the focus with it. */
async function swap({ wide }: Store): Promise<void> {
  wide.value = wide.value === "map" ? "list" : "map";
  await nextTick();
  focusOn(wide.value === "map" ? ".map-canvas" : '[data-test="list"]');
}

function nextRegion(step: number): void {
  const here = regions.flatMap((region) => document.querySelector<HTMLElement>(region) ?? []);
  const at = here.findIndex((element) => element.contains(document.activeElement));
  const next = at < 0 ? 0 : (at + step + here.length) % here.length;
  here[next]?.focus();
}

function focusOn(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}
