import type { ChangedField, ImportReport, Place, ShownGround, Text } from "./types";

/** What a row of a file does, or why it does nothing. */
export type RowKind = "created" | "changed" | "rejected" | "other";

/** A row of a file as it is compared with what is there. */
export interface ImportRow {
  row: number;
  code: string;
  label: string;
  kind: RowKind;
  /** The unit of a new parcel, by code. */
  unit: string;
  fields: readonly ChangedField[];
  /** Another shape, or the shape of a new parcel. */
  land?: { beforeM2?: number; afterM2: number; before?: ShownGround; after?: ShownGround };
  checks: readonly Check[];
  /** Somebody must say whether it comes in. */
  doubtful: boolean;
}

export interface Check {
  code: string;
  text: Text;
  place?: Place | null;
}

/** Findings after which a row comes in only when somebody says so: it would count ground twice. */
const doubts: ReadonlySet<string> = new Set(["code_retired", "overlap_stored"]);

/** The rows that the report tells of, in the order of the file. */
export function importRows(report: ImportReport): ImportRow[] {
  const rows = new Map<number, ImportRow>();
  for (const each of [...createdRows(report), ...changedRows(report), ...rejectedRows(report)]) {
    rows.set(each.row, each);
  }
  for (const { row, code, text, place } of report.findings) {
    if (row === undefined) continue;
    const known = rows.get(row) ?? bare(row, "other");
    const checks = [...known.checks, { code, text, place }];
    rows.set(row, { ...known, checks, doubtful: known.doubtful || doubts.has(code) });
  }
  return [...rows.values()].sort((a, b) => a.row - b.row);
}

/** Whether the counter of this name counts the row. */
export function countedBy(row: ImportRow, counter: string): boolean {
  if (counter === "created" || counter === "rejected") return row.kind === counter;
  if (counter === "changed_geometry") return row.kind === "changed" && row.land !== undefined;
  if (counter === "changed_attributes") return row.kind === "changed" && row.fields.length > 0;
  if (counter === "doubtful") return row.doubtful;
  return counter === "all";
}

function bare(row: number, kind: RowKind): ImportRow {
  const nothing = { code: "", label: "", unit: "", fields: [], checks: [], doubtful: false };
  return { row, kind, ...nothing };
}

function createdRows({ diff }: ImportReport): ImportRow[] {
  return diff.created.map(({ row, code, label, unit, m2, ground }) => ({
    ...bare(row, "created"),
    ...{ code, label, unit, land: { afterM2: m2, after: ground } },
  }));
}

function changedRows({ diff, fields: columns }: ImportReport): ImportRow[] {
  return diff.changed.map(({ row, code, label, fields, geometry }) => ({
    ...bare(row, "changed"),
    ...{ code, label, fields: told(fields, columns?.label) },
    land: geometry && {
      ...{ beforeM2: geometry.before_m2, afterM2: geometry.after_m2 },
      ...{ before: geometry.before, after: geometry.after },
    },
  }));
}

function rejectedRows({ rejected }: ImportReport): ImportRow[] {
  return rejected.map(({ row, code = "", reason, reason_en, place }) => {
    const check = { code: "rejected", text: { zh: reason, en: reason_en }, place };
    return { ...bare(row, "rejected"), code, checks: [check] };
  });
}

/** The column that is read as the label would say the same once more. */
function told(fields: readonly ChangedField[], column: string | undefined): ChangedField[] {
  const own = fields.find(({ field }) => field === "label");
  return fields.filter(
    (each) =>
      each === own ||
      each.field !== column ||
      each.before !== own?.before ||
      each.after !== own.after,
  );
}
