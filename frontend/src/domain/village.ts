import type { Text } from "./types";

/** 凤桥村 of 凤桥村委会: the place, not its office, as maps write it. */
export function placeOfVillage({ zh, en }: Text): Text {
  const place = (name: string) =>
    name.replace(/村(?:民)?委(?:员)?会$/, "村").replace(/社区居委会$/, "社区");
  return { zh: place(zh), en: place(en) };
}
