import type { CaseSummary, ParcelProperties, Text } from "../domain/types";
import { bothWords } from "../domain/words";
import type { CaseStore } from "./cases";
import type { Shown } from "./shown";

/** What a parcel is called: 凤桥纺织厂等6家; of another unit's that the name is not shown. */
export function labelOf(parcel: ParcelProperties, { caseId, cases: n }: Shown, cases: CaseStore) {
  const first = caseId === undefined ? undefined : cases.get(caseId);
  return labelled(first ?? parcel, n);
}

function labelled({ label, reduced }: Pick<CaseSummary, "label" | "reduced">, n: number): Text {
  if (reduced) return bothWords("name.hidden");
  return n > 1 ? bothWords("map.shared", { label, n }) : { zh: label, en: label };
}
