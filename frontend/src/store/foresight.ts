import type { CaseSummary } from "../domain/types";
import type { Foresight } from "./acting";
import type { CaseStore } from "./cases";
import type { ParcelStore } from "./parcels";

/** Shows what is expected in ledger, legend and map at once: all three read the cases. */
export function createForesight(cases: CaseStore, parcels: ParcelStore): Foresight {
  const idsOf = (expected: readonly CaseSummary[]) => expected.map(({ id }) => id);
  return {
    show(expected) {
      cases.expect(expected);
      parcels.retell(idsOf(expected));
    },
    confirm: (expected) => cases.confirm(idsOf(expected)),
    rollBack(expected) {
      cases.rollBack(idsOf(expected));
      parcels.retell(idsOf(expected));
    },
  };
}
