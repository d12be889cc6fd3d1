import { onBeforeUnmount, type Ref, ref } from "vue";

/** Counts up every so many ms as long as the component is there: which page of a list is shown. */
export function useTurns(every: number): Ref<number> {
  const turn = ref(0);
  const timer = setInterval(() => turn.value++, every);
  onBeforeUnmount(() => clearInterval(timer));
  return turn;
}
