import type { Language, WordKey } from "./words";

/** Codes of the columns of the ledger table. */
export const columnCodes = [
  "code",
  "label",
  "unit",
  "stage",
  "must",
  "deadline",
  "land",
  "effective",
  "responsible",
  "sides",
  "kind",
  "batch",
  "recovered",
] as const;
export type ColumnCode = (typeof columnCodes)[number];

/** A column of the ledger table. */
export interface Column {
  readonly code: ColumnCode;
  readonly name: WordKey;
  /** Least width in pixels in each language; what is left over goes to those that stretch. */
  readonly width: Readonly<Record<Language, number>>;
  readonly stretches?: number;
  /** Figures stand right, ticks and badges in the middle. */
  readonly align?: "end" | "center";
  /** Cannot be put away. */
  readonly fixed?: boolean;
  /** Shown only where it was chosen. */
  readonly extra?: boolean;
}

/** In the order in which they stand. */
export const columns: readonly Column[] = [
  { code: "code", name: "col.code", width: { zh: 116, en: 108 }, fixed: true },
  { code: "label", name: "col.label", width: { zh: 150, en: 100 }, stretches: 3, fixed: true },
  { code: "unit", name: "col.unit", width: { zh: 128, en: 140 }, stretches: 2 },
  { code: "stage", name: "col.stage", width: { zh: 104, en: 148 } },
  { code: "must", name: "col.must", width: { zh: 152, en: 190 } },
  { code: "deadline", name: "col.deadline", width: { zh: 88, en: 92 }, align: "end" },
  { code: "land", name: "col.land", width: { zh: 84, en: 80 }, align: "end" },
  { code: "effective", name: "col.effective", width: { zh: 84, en: 88 }, align: "end" },
  { code: "responsible", name: "col.responsible", width: { zh: 76, en: 90 } },
  { code: "sides", name: "col.sides", width: { zh: 68, en: 60 }, align: "center" },
  { code: "kind", name: "col.kind", width: { zh: 64, en: 84 }, extra: true },
  { code: "batch", name: "col.batch", width: { zh: 76, en: 76 }, extra: true },
  {
    code: "recovered",
    name: "col.recovered",
    width: { zh: 84, en: 92 },
    align: "end",
    extra: true,
  },
];

/** The columns of a choice; the fixed ones always, the usual ones where nothing was chosen. */
export function chosenColumns(chosen: readonly string[] | undefined): readonly Column[] {
  return columns.filter(({ code, fixed, extra }) =>
    fixed ? true : chosen ? chosen.includes(code) : !extra,
  );
}

/** How high the rows stand. */
export const densities = ["normal", "compact", "loose"] as const;
export type Density = (typeof densities)[number];

/** Height of a row in pixels; below 1600 px wide the normal one is as the compact one. */
export function rowHeight(density: Density, wide: boolean): number {
  if (density === "loose") return 40;
  return density === "compact" || !wide ? 32 : 36;
}
