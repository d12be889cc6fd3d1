/** What a phone calls itself, in a few words. */
export function deviceName(): string {
  const [, inside = ""] = /\(([^)]*)\)/.exec(navigator.userAgent) ?? [];
  return inside
    .split(";")
    .filter((part) => !/^ *(Linux|U|wv)\b/.test(part))
    .slice(0, 2)
    .join(" ")
    .trim();
}
