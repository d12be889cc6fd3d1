import { formatCount } from "./format";
import type { SheetField, SheetRow, Text } from "./types";

/** Values of a sheet by field; numbers are decimals, a checklist is codes joined by commas. */
export type Values = Record<string, string>;

/** Whether a field has a meaning beside the other values. */
export function applies(field: SheetField, values: Values): boolean {
  return (field.when ?? []).every(({ field: other, is }) => is.includes(values[other] ?? ""));
}

/** The fields that apply, in their order. */
export function fieldsOf(fields: readonly SheetField[], values: Values): SheetField[] {
  return fields.filter((field) => applies(field, values));
}

/** A value in words of a language; empty for none. */
export function valueText(
  field: SheetField,
  value: string | undefined,
  pick: (text: Text | undefined) => string,
  yesNo: { yes: string; no: string },
): string {
  if (!value) return "";
  if (field.type === "yesno") return value === "yes" ? yesNo.yes : yesNo.no;
  if (field.options) {
    const names = value.split(",").map((code) => {
      const option = field.options?.find((each) => each.code === code);
      return option ? pick(option.name) : code;
    });
    return names.join("、");
  }
  return field.unit ? `${value} ${pick(field.unit)}` : value;
}

/** A decimal as it stands in a table: thousands separated, land with two decimals. */
export function decimalText(field: SheetField, value: string): string {
  const [whole = "0", part = ""] = value.split(".");
  const decimals = field.type === "mu" || field.type === "area" ? part.padEnd(2, "0") : part;
  return formatCount(Number(whole)) + (decimals ? `.${decimals}` : "");
}

/** What changed between what stands and what is entered: cleared fields are empty. */
export function changedValues(before: Values, after: Values): Values {
  const changed: Values = {};
  for (const code of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, entered] = [before[code] ?? "", (after[code] ?? "").trim()];
    if (old !== entered) changed[code] = entered;
  }
  return changed;
}

/** A checklist with one option turned on or off. */
export function toggled(value: string | undefined, code: string): string {
  const chosen = value ? value.split(",") : [];
  return (chosen.includes(code) ? chosen.filter((each) => each !== code) : [...chosen, code]).join(
    ",",
  );
}

/** The fields that tell the rows of a ledger apart in a table. */
export function columnsOf(fields: readonly SheetField[], rows: readonly SheetRow[]): SheetField[] {
  return fields.filter(
    (field) => field.required || rows.some(({ values }) => values[field.code] !== undefined),
  );
}
