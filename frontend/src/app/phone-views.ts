import { type Ref, ref } from "vue";
import type { Text } from "../domain/types";

/** What the phone shows over its first page: the page of a unit, the list of a figure, the map. */
export type PhoneView =
  | { kind: "unit"; unit: string }
  | { kind: "list"; title: Text; query: string }
  | { kind: "map" };

/** Views lie one over the other; the phone's own way back takes the topmost off. */
export interface PhoneViews {
  stack: Ref<PhoneView[]>;
  open(view: PhoneView): void;
  back(): void;
  /** Ends the listening. */
  end(): void;
}

export function createPhoneViews(
  page: Pick<Window, "history" | "addEventListener" | "removeEventListener">,
): PhoneViews {
  const stack = ref<PhoneView[]>([]);
  const popped = () => {
    stack.value = stack.value.slice(0, -1);
  };
  page.addEventListener("popstate", popped);
  return {
    stack,
    open(view) {
      stack.value = [...stack.value, view];
      page.history.pushState(null, "");
    },
    back: () => page.history.back(),
    end: () => page.removeEventListener("popstate", popped),
  };
}
