import { computed, type Ref, ref, shallowRef } from "vue";
import type { WordKey } from "../domain/words";
import { type Corner, corners, estimatedArea, type Ground, tidied } from "../geo/ground";
import { areaFromM2, muHundredths } from "../geo/mu";
import type { Drafts } from "./drafts";

/** Ground that the effective land gained or lost by hand, and why. */
export interface Adjustment {
  readonly reason: string;
  /** Estimated, m²; negative: taken off. */
  readonly m2: number;
}

/** What is drawn; changed by values, so that undo goes back to one. */
export interface Sketch {
  readonly ground: Ground;
  /** Taken from the parcels and not changed since: the server joins them itself. */
  readonly fromParcels: boolean;
  /** Effective land adjusted by hand; undefined: as the campaign's exclusions leave it. */
  readonly effective?: Ground | undefined;
  readonly adjusted: readonly Adjustment[];
}

/** A change of the sketch: what it was called, how it changed the area, and when. */
export interface Step {
  readonly word: WordKey;
  readonly hundredths: number;
  readonly at: string;
  readonly sketch: Sketch;
}

/** A sketch and the way to it. */
export interface Steps {
  readonly sketch: Readonly<Ref<Sketch>>;
  readonly steps: Readonly<Ref<readonly Step[]>>;
  readonly undone: Readonly<Ref<readonly Step[]>>;
  readonly changed: Readonly<Ref<boolean>>;
  /** The corner that keys and fields move, by its place in `corners`. */
  readonly corner: Ref<number | undefined>;
  readonly corners: Readonly<Ref<readonly Corner[]>>;
  take(next: Sketch, word: WordKey): void;
  /** Another ground has another effective part: adjustments by hand were of the old one. */
  change(ground: Ground, word: WordKey): void;
  undo(): void;
  redo(): void;
  /** Back to what is recorded; the draft is forgotten. */
  discard(): void;
}

interface Kept {
  readonly drafts: Drafts;
  /** Key of the draft. */
  readonly act: string;
  now(): string;
}

/** Begins with what is recorded, or with what an earlier page had not saved; `moved` is called after every change. */
export function createSteps(
  { drafts, act, now }: Kept,
  recorded: { ground: Ground; version: number | undefined },
  moved: () => void,
): Steps {
  const base: Sketch = { ground: recorded.ground, fromParcels: false, adjusted: [] };
  const found = keptSketch(drafts.get(act), recorded.version);
  let opened = found ?? base;
  const sketch = shallowRef(opened);
  const [steps, undone] = [shallowRef<readonly Step[]>([]), shallowRef<readonly Step[]>([])];
  const corner = ref<number>();
  const all = computed(() => corners(sketch.value.ground));

  function take(next: Sketch, word: WordKey): void {
    const m2 = estimatedArea(next.ground) - estimatedArea(sketch.value.ground);
    const hundredths = muHundredths(areaFromM2(m2));
    steps.value = [...steps.value, { word, hundredths, at: now(), sketch: next }];
    undone.value = [];
    stand(next);
  }

  /** Unfinished work survives the page: what would be saved is kept, not the way to it. */
  function stand(next: Sketch): void {
    sketch.value = next;
    if ((corner.value ?? 0) >= all.value.length) corner.value = undefined;
    if (next === base) drafts.drop(act);
    else drafts.put(act, { ...next, version: recorded.version ?? 0 });
    moved();
  }

  function undo(): void {
    const last = steps.value[steps.value.length - 1];
    if (!last) return;
    steps.value = steps.value.slice(0, -1);
    undone.value = [...undone.value, last];
    stand(steps.value[steps.value.length - 1]?.sketch ?? opened);
  }

  function redo(): void {
    const next = undone.value[undone.value.length - 1];
    if (!next) return;
    undone.value = undone.value.slice(0, -1);
    steps.value = [...steps.value, next];
    stand(next.sketch);
  }

  function discard(): void {
    [steps.value, undone.value, opened] = [[], [], base];
    stand(base);
  }

  return {
    ...{ sketch, steps, undone, corner, corners: all, take, undo, redo, discard },
    changed: computed(() => sketch.value !== base),
    change: (ground, word) =>
      take({ ground: tidied(ground), fromParcels: false, adjusted: [] }, word),
  };
}

/** What an earlier page kept, if it is of the land as it is recorded now. */
function keptSketch(
  kept: Record<string, unknown> | undefined,
  version: number | undefined,
): Sketch | undefined {
  if (!kept || kept.version !== (version ?? 0) || !Array.isArray(kept.ground)) return undefined;
  const { ground, effective, adjusted, fromParcels } = kept;
  return {
    ground: ground as Ground,
    fromParcels: fromParcels === true,
    effective: Array.isArray(effective) ? (effective as Ground) : undefined,
    adjusted: Array.isArray(adjusted) ? (adjusted as Adjustment[]) : [],
  };
}
