/** What a key of a keyboard or of a remote control asks of the wall. */
export type WallAct =
  | "next"
  | "previous"
  | "whole"
  | "play"
  | "live"
  | "compare"
  | "groups"
  | "reception"
  | "rotate";

/** Arrows and the page keys of a remote turn the pages; letters are those of the page's buttons. */
const acts: Readonly<Record<string, WallAct>> = {
  ArrowRight: "next",
  ArrowDown: "next",
  PageDown: "next",
  ChannelUp: "next",
  ArrowLeft: "previous",
  ArrowUp: "previous",
  PageUp: "previous",
  ChannelDown: "previous",
  Home: "whole",
  "0": "whole",
  " ": "play",
  MediaPlayPause: "play",
  Escape: "live",
  Backspace: "live",
  BrowserBack: "live",
  GoBack: "live",
  c: "compare",
  "3": "groups",
  v: "reception",
  r: "rotate",
};

/** The act of a key (`KeyboardEvent.key`), if it has one. */
export function wallAct(key: string): WallAct | undefined {
  return acts[key.length === 1 ? key.toLowerCase() : key];
}

/** The page so many steps on, round and round. */
export function turned<T>(pages: readonly T[], now: T, step: number): T | undefined {
  return pages[(pages.indexOf(now) + step + pages.length) % pages.length];
}
