import { computed, type Ref, ref } from "vue";
import type { SessionState } from "../domain/types";

/** What the wall (/wall) shows beside what every page shows. */
export type Wall = ReturnType<typeof createWall>;

/** `here`: this page is the wall. A screen of one unit has that unit's page and no other. */
export function createWall(here: boolean, screen: Readonly<Ref<SessionState["wall"]>>) {
  const chosen = ref("");
  /** Code of the unit whose page is shown, empty for the whole district. */
  const unit = computed({
    get: () => screen.value?.unit || chosen.value,
    set: (code: string) => {
      chosen.value = code;
    },
  });
  /** 接待模式: what is late and why, the forecast, names of people and places in the ranking are not shown. */
  const reception = ref(false);
  return { here, reception, unit };
}
