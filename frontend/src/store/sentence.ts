import type { LiveChange, Text } from "../domain/types";
import { type Language, pick, type WordValues, words } from "../domain/words";

/** What a change says to those who hear the page: 沈某：嘉盛针织有限公司 现为已腾空. */
export function sentenceOf(change: LiveChange): Text {
  return { zh: said("zh", change), en: said("en", change) };
}

function said(language: Language, change: LiveChange): string {
  const who = change.actor?.name || words(language, "live.somebody");
  const own = pick(language, change.text);
  if (own) return language === "zh" ? `${who}：${own}` : `${who}: ${own}`;
  const [only] = change.cases;
  const values: WordValues = { who, n: change.cases.length };
  if (!only) return words(language, isGround(change) ? "live.ground" : "live.reloaded", values);
  if (change.cases.length > 1) return words(language, "live.many", values);
  return words(language, "live.one", {
    ...values,
    label: only.label,
    state: pick(language, only.state),
  });
}

function isGround(change: LiveChange): boolean {
  return change.kinds.length > 0 && change.kinds.every((kind) => kind.startsWith("reference."));
}
