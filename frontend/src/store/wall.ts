import { type Ref, ref, type ShallowRef, shallowRef } from "vue";
import type { WallFocus, WallTurn } from "../domain/wall-rotation";

/** What the wall shows. */
export interface Wall {
  /** Whether this page is it. */
  readonly here: boolean;
  /** Whose page it shows, "" for the district. */
  unit: Ref<string>;
  /** What fills its right instead of ranking and late list. */
  focus: Ref<WallFocus>;
  /** 接待模式: nothing late, no forecast, no persons, no places. */
  reception: Ref<boolean>;
  /** 轮播: whether it turns its pages, whether somebody has stopped it for a while, and the page that stands now. */
  turning: { on: Ref<boolean>; paused: Ref<boolean>; now: ShallowRef<WallTurn | undefined> };
}

/** `unit` is the filter's, which the map follows. */
export function createWall(here: boolean, unit: Ref<string>): Wall {
  const turning = { on: ref(false), paused: ref(false), now: shallowRef<WallTurn>() };
  return { here, unit, focus: ref(""), reception: ref(false), turning };
}
