import { onBeforeUnmount, useTemplateRef, watch } from "vue";
import { useStore } from "./use-store";

/** What lies over the map, by its template ref: names on the map keep clear of it as long as it is there. */
export function useOverMap(templateRef: string): void {
  const { overMap } = useStore();
  const element = useTemplateRef<HTMLElement>(templateRef);
  const forget = (gone: HTMLElement | null | undefined) => {
    if (gone) overMap.value = overMap.value.filter((each) => each !== gone);
  };
  watch(
    element,
    (here, gone) => {
      forget(gone);
      if (here) overMap.value = [...overMap.value, here];
    },
    { flush: "sync" },
  );
  onBeforeUnmount(() => forget(element.value));
}
