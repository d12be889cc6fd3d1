import { defineComponent, onBeforeUnmount, onMounted } from "vue";
import { useStore } from "../store/use-store";
import { onPageKey } from "./keys";

/** The keys of the page, while nobody sits at the desk of an administrator; shows nothing. */
export const PageKeys = defineComponent({
  emits: ["help"],
  setup(_, { emit }) {
    const store = useStore();
    const onKey = (event: KeyboardEvent) => onPageKey(event, store, { help: () => emit("help") });
    onMounted(() => document.addEventListener("keydown", onKey));
    onBeforeUnmount(() => document.removeEventListener("keydown", onKey));
    return () => null;
  },
});
