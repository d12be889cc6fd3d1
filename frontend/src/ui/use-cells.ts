import { dueWords } from "../domain/due";
import { formatDay, formatTwo } from "../domain/format";
import type { ColumnCode } from "../domain/ledger-columns";
import { milestoneOf } from "../domain/milestones";
import type { CaseSummary, SideKind } from "../domain/types";
import { villageName } from "../domain/villages";
import { type LedgerRow, nounOf } from "../store/ledger-rows";
import { useStore, useWords } from "../store/use-store";

/** What stands in the cells of a row, as text; the table draws some of them otherwise. */
export function useCells() {
  const { campaign, today } = useStore();
  const { name, t, text } = useWords();

  /** 油车港·合心村 */
  function place({ unit, village }: Pick<CaseSummary, "unit" | "village">): string {
    const short = text(campaign.value?.units.find(({ code }) => code === unit)?.short);
    return [short, text(villageName(village?.name))].filter(Boolean).join("·");
  }

  /** 应腾空 08-20 */
  function must({ track, next, deadline }: CaseSummary): string {
    const milestone = campaign.value && milestoneOf(campaign.value, track, next);
    if (!milestone) return "—";
    const words = { milestone: text(milestone.name), date: deadline ? formatDay(deadline) : "" };
    return t("due.must", words).trim();
  }

  /** The side states in force, in the campaign's order. */
  function sides({ sides = [] }: Pick<CaseSummary, "sides">): SideKind[] {
    return (campaign.value?.sides ?? []).filter(({ code }) => sides.includes(code));
  }

  const mu = (value: number | undefined) => (value === undefined ? "—" : formatTwo(value));

  const ofCase: Record<ColumnCode, (each: CaseSummary) => string> = {
    code: ({ code }) => code,
    label: name,
    unit: place,
    stage: ({ stage, state }) => `${stage} ${text(state)}`,
    must,
    deadline: ({ deadline }) => (deadline ? t(...dueWords(deadline, today.value)) : "—"),
    land: (each) => (each.m2 > 0 ? mu(each.mu) : "—"),
    effective: ({ effective_mu }) => mu(effective_mu),
    responsible: ({ responsible, reduced }) => (reduced ? t("fact.withheld") : (responsible ?? "")),
    sides: (each) =>
      sides(each)
        .map(({ badge }) => badge)
        .join(" "),
    kind: ({ kind }) => text(campaign.value?.kinds?.find(({ code }) => code === kind)?.name),
    batch: ({ batch }) => batch ?? "",
    recovered: ({ recovered_mu }) => mu(recovered_mu),
  };

  function cell(row: LedgerRow, column: ColumnCode): string {
    if (row.kind === "case") return ofCase[column](row.case);
    const { unit, mu: land, ...noun } = nounOf(row);
    const known = {
      code: noun.code,
      label: name(noun),
      unit: place({ unit }),
      stage: t("legend.unlisted"),
    };
    return { ...known, land: formatTwo(land) }[column as string] ?? "";
  }

  return { cell, place, must, sides };
}
