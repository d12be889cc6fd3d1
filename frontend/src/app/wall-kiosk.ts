import { type WatchSource, watch } from "vue";
import { turned, type WallAct, wallAct } from "../domain/wall-keys";
import { beginsAnew } from "../domain/wall-night";
import { isSame, screensOf } from "../domain/wall-rotation";
import type { Store } from "../store/store";
import { keepTurning } from "./wall-turns";

/** How long the word of a new version stands before the page is read anew, ms. */
const updateStands = 5000;

/** What keeps a wall hanging for weeks: it stays awake, takes new versions, begins anew at night, and hears keys. Answers what ends it. */
export function keepHanging(store: Store, page: Window): () => void {
  const ends = [
    stayAwake(page),
    hearKeys(store, page),
    takeVersions(store, page),
    beginAnew(store, page),
    keepReception(store),
    keepTurning(store, page),
  ];
  return () => {
    for (const end of ends) end();
  };
}

const kept = "guatu.reception";

/** 接待模式 stands when the page is read anew in the middle of a visit. */
function keepReception({ settings: { keeper }, wall: { reception } }: Store): () => void {
  reception.value = keeper.getItem(kept) === "on";
  return watch(reception, (on) => keeper.setItem(kept, on ? "on" : ""));
}

/** The browser gives the lock back whenever the page is hidden. */
function stayAwake({ document, navigator }: Window): () => void {
  const lock = () => {
    // Refused where energy is low: then the screen is the system's affair.
    if (!document.hidden) void navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  lock();
  document.addEventListener("visibilitychange", lock);
  return () => document.removeEventListener("visibilitychange", lock);
}

/** Answers what ends it. */
export function takeVersions({ contact }: Pick<Store, "contact">, page: Window): () => void {
  let timer = 0;
  const stop = watch(contact.outdated, (old) => {
    if (old) timer = page.setTimeout(() => page.location.reload(), updateStands);
  });
  return () => {
    stop();
    page.clearTimeout(timer);
  };
}

/** By server time, and only while the server answers: a page that is read anew from nowhere is gone. */
function beginAnew({ contact, day, from }: Store, page: Window): () => void {
  let opened = "";
  const shown: WatchSource[] = [contact.asOf, contact.live, day, from];
  return watch(shown, () => {
    const now = contact.asOf.value;
    opened ||= now;
    if (!contact.live.value || day.value || from.value) return;
    if (beginsAnew(opened, now)) page.location.reload();
  });
}

function hearKeys(store: Store, page: Window): () => void {
  const hear = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    // A button that has the focus is pressed by the same keys.
    const own = event.target instanceof HTMLButtonElement && event.key === " ";
    const typing = event.target instanceof HTMLInputElement;
    const act = own || typing ? undefined : wallAct(event.key);
    if (!act) return;
    event.preventDefault();
    deedsOf(store)[act]();
  };
  page.addEventListener("keydown", hear);
  return () => page.removeEventListener("keydown", hear);
}

function deedsOf({ campaign, days, mapTheme, session, wall }: Store): Record<WallAct, () => void> {
  const bound = () => Boolean(session.wall.value?.unit);
  const turn = (step: number) => {
    const units = (campaign.value?.units ?? []).map(({ code }) => code);
    const [unit, focus] = [wall.unit.value, wall.focus.value];
    const pages = screensOf(units, session.wall.value?.unit ?? "");
    const now = pages.find((page) => isSame(page, { unit, focus })) ?? pages[0];
    const next = now && turned(pages, now, step);
    [wall.unit.value, wall.focus.value] = [next?.unit ?? "", next?.focus ?? ""];
  };
  return {
    next: () => turn(1),
    previous: () => turn(-1),
    whole: () => {
      wall.focus.value = "";
      if (!bound()) wall.unit.value = "";
    },
    play: () => (days.playing.value ? days.pause() : void days.play()),
    live: () => {
      days.live();
      // The slider would go on taking the keys that turn the pages.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    },
    compare: () => void days.compare(),
    groups: () => {
      mapTheme.value = mapTheme.value === "groups" ? "stage" : "groups";
    },
    reception: () => {
      wall.reception.value = !wall.reception.value;
    },
    rotate: () => {
      wall.turning.on.value = !wall.turning.on.value;
      wall.turning.paused.value = false;
    },
  };
}
