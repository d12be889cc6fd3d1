import { onBeforeUnmount, type Ref, ref } from "vue";

/** Follows whether a media query holds. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = window.matchMedia(query);
  const holds = ref(list.matches);
  const follow = () => {
    holds.value = list.matches;
  };
  list.addEventListener("change", follow);
  onBeforeUnmount(() => list.removeEventListener("change", follow));
  return holds;
}

/** Where the desk is drawn for 1366 px. */
export const narrow = "(max-width: 1599px)";
