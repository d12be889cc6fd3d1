import { ref } from "vue";

/** Whether the browser has promised to keep what is put away. */
export const storage = ref<"kept" | "unsure">("unsure");

/** Asks for the promise. */
export async function askStorage(): Promise<void> {
  const kept = await navigator.storage?.persist?.().catch(() => false);
  storage.value = kept ? "kept" : "unsure";
}
