import type { Text } from "./types";

/** A village as people call it: 合心村 of 合心村委会, 麟湖社区 of 麟湖社区居委会. */
export function villageName(name: Text | undefined): Text | undefined {
  return name && { zh: shortened(name.zh), en: shortened(name.en) };
}

function shortened(name: string): string {
  return name.replace(/(?:居委会|居民委员会)$/, "").replace(/村(?:委会|民委员会)$/, "村");
}
