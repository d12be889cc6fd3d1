import { formatTwo } from "./format";
import type { FindingParty, LandFinding } from "./types";
import { type Language, words } from "./words";

/** How large what is wrong is: in mu, and in ㎡ where it is too small for hundredths of a mu; nothing where no ground is. */
export function findingSize(
  { mu, m2 }: Pick<LandFinding, "mu" | "m2">,
  language: Language,
): string {
  if (m2 === 0) return words(language, "finding.whole");
  if (mu === 0) return `${formatTwo(m2)} ㎡`;
  return words(language, "finding.mu", { mu: formatTwo(mu) });
}

/** What a finding is of, as it may be named. */
export function partyName({ code, label }: FindingParty): string {
  return label ? `${label}（${code}）` : code;
}

/** Whether two findings are the same one, however old the lists are in which they stand. */
export function sameFinding(a: LandFinding | undefined, b: LandFinding | undefined): boolean {
  return a?.rule === b?.rule && a?.one.id === b?.one.id && a?.other?.id === b?.other?.id;
}
