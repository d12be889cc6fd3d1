import { computed } from "vue";
import { formatDifference, formatHundredths, formatRate } from "../domain/format";
import type { ImportRow } from "../domain/import-rows";
import { areaFromM2, muHundredths } from "../geo/mu";
import { useStore, useWords } from "../store/use-store";

/** One thing that a row changes, as printed. */
export interface ImportLine {
  name: string;
  before: string;
  after: string;
  differs: string;
}

const kindWords = {
  created: "import.tag_created",
  rejected: "import.tag_rejected",
  other: "import.tag_other",
} as const;

/** The words of rows of a file that is compared. */
export function useImportWords() {
  const { campaign } = useStore();
  const { t, text } = useWords();
  const units = computed(
    () => new Map(campaign.value?.units.map((unit) => [unit.code, text(unit.name)])),
  );
  const mu = (m2: number): string =>
    t("import.mu", { mu: formatHundredths(muHundredths(areaFromM2(m2))) });
  const unitName = (code: string): string => units.value.get(code) || code;

  function nameOf(field: string): string {
    if (field === "label") return t("import.field_label");
    return field === "unit" ? t("import.field_unit") : field;
  }
  function printed(field: string, value: string): string {
    return (field === "unit" ? unitName(value) : value) || t("import.no_value");
  }

  /** How much more or less land, in mu and per cent; the printed figures differ by what is printed. */
  function difference(beforeM2: number, afterM2: number): string {
    const [before, after] = [beforeM2, afterM2].map((m2) => muHundredths(areaFromM2(m2)));
    const more = (after ?? 0) - (before ?? 0);
    if (more === 0) return t("import.same_area");
    const rate = formatRate(afterM2 - beforeM2, beforeM2);
    return t("import.difference", { mu: formatDifference(more), rate });
  }

  function landLine({ kind, unit, land }: ImportRow): ImportLine[] {
    if (!land) return [];
    const name = t("import.area");
    if (kind === "created" || land.beforeM2 === undefined) {
      const after = [unitName(unit), mu(land.afterM2)].filter(Boolean).join("·");
      return [{ name, before: t("import.no_value"), after, differs: "" }];
    }
    const differs = difference(land.beforeM2, land.afterM2);
    return [{ name, before: mu(land.beforeM2), after: mu(land.afterM2), differs }];
  }

  const linesOf = (row: ImportRow): ImportLine[] => [
    ...landLine(row),
    ...row.fields.map(({ field, before, after }) => ({
      ...{ name: nameOf(field), differs: "" },
      ...{ before: printed(field, before), after: printed(field, after) },
    })),
  ];
  const tagsOf = ({ kind, land, fields }: ImportRow): string[] => {
    if (kind !== "changed") return [t(kindWords[kind])];
    const both = [
      land && t("import.tag_geometry"),
      fields.length > 0 && t("import.tag_attributes"),
    ];
    return both.filter((tag): tag is string => typeof tag === "string");
  };
  return { linesOf, tagsOf, mu };
}
