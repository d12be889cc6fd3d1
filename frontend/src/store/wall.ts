import { computed, type Ref, ref, watch } from "vue";
import type { SessionState } from "../domain/types";
import type { Keeper } from "./settings";

/** What the wall (/wall) shows beside what every page shows. */
export type Wall = ReturnType<typeof createWall>;

const kept = "guatu.reception";

/** `here`: this page is the wall. A screen of one unit has that unit's page and no other. */
export function createWall(
  here: boolean,
  screen: Readonly<Ref<SessionState["wall"]>>,
  keeper: Keeper,
) {
  const chosen = ref("");
  /** Code of the unit whose page is shown, empty for the whole district. */
  const unit = computed({
    get: () => screen.value?.unit || chosen.value,
    set: (code: string) => {
      chosen.value = code;
    },
  });
  /** 接待模式: what is late and why, the forecast, names of people and places in the ranking are not shown. A page that is read anew keeps it. */
  const reception = ref(here && keeper.getItem(kept) === "on");
  watch(reception, (on) => keeper.setItem(kept, on ? "on" : ""));
  return { here, reception, unit, bound: computed(() => Boolean(screen.value?.unit)) };
}
