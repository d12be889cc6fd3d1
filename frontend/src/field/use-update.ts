import { shallowRef } from "vue";

/** Puts the newer version of the page in place, where there is one: what is not sent stays where it is. */
export const update = shallowRef<() => void>();
