import { type Component, defineAsyncComponent } from "vue";
import { readWords } from "../domain/words";

/**
 * A component that is read when it is first shown, with the words it needs: the first load of the
 * page goes without it.
 */
export function later<T extends Component>(read: () => Promise<{ default: T }>): T {
  return defineAsyncComponent(async () => {
    const [{ default: component }] = await Promise.all([read(), readWords("zh")]);
    return component;
  });
}
