import type { DuplicateSide } from "./types";

/** What may be taken of either of two enterprises. */
export const twinFields = [
  "name",
  "code",
  "label",
  "kind",
  "place",
  "industry",
  "above_scale",
  "evaluations",
  "tax_per_mu",
] as const;
export type TwinField = (typeof twinFields)[number];

/** Roles that may merge enterprises that were entered twice. */
export const mergers: ReadonlySet<string> = new Set(["district", "planner"]);

/** Of which of the two something is taken. */
export type Side = "one" | "other";

/** A field of two enterprises as it can be compared: equal texts are the same; "" is nothing. */
export function textOf({ row }: DuplicateSide, field: TwinField): string {
  const { enterprise } = row;
  switch (field) {
    case "name":
      return enterprise.own?.name ?? enterprise.label;
    case "code":
      return enterprise.own?.code ?? "";
    case "label":
      return enterprise.label;
    case "kind":
      return enterprise.kind.code;
    case "place":
      return [row.unit, row.village?.code ?? ""].join(" ").trim();
    case "industry":
      return enterprise.industry ?? "";
    case "above_scale":
      return enterprise.above_scale ? "yes" : "no";
    case "evaluations":
      return byYear(enterprise.evaluations);
    default:
      return byYear(enterprise.tax_per_mu);
  }
}

/** 2018 B，2019 A */
function byYear(values: Readonly<Record<string, string | number>>): string {
  const years = Object.entries(values).sort(([a], [b]) => a.localeCompare(b));
  return years.map(([year, value]) => `${year} ${value}`).join("，");
}

/** Forms of which both have one: one of the two stays. */
export function formsOfBoth(one: DuplicateSide, other: DuplicateSide): string[] {
  const theirs = new Set(other.sheets.map(({ code }) => code));
  return one.sheets.filter(({ code, form }) => form && theirs.has(code)).map(({ code }) => code);
}

/** What has to be chosen: fields that differ, forms and contacts that both have. */
export function choices(one: DuplicateSide, other: DuplicateSide): string[] {
  const differ = twinFields.filter((field) => textOf(one, field) !== textOf(other, field));
  const contact = one.contact && other.contact ? ["contact"] : [];
  return [...differ, ...contact, ...formsOfBoth(one, other)];
}

/** At first everything is the one's that stays; where it has nothing, the other's. */
export function firstChosen(stays: Side, one: DuplicateSide, other: DuplicateSide) {
  const [own, theirs] = stays === "one" ? [one, other] : [other, one];
  const else_: Side = stays === "one" ? "other" : "one";
  const chosen: Record<string, Side> = {};
  for (const key of choices(one, other)) {
    const field = twinFields.find((each) => each === key);
    const lacks = field && textOf(own, field) === "" && textOf(theirs, field) !== "";
    chosen[key] = lacks ? else_ : stays;
  }
  return chosen;
}

/** What the one that stays takes of the other. */
export function taken(stays: Side, chosen: Readonly<Record<string, Side>>): string[] {
  return Object.keys(chosen).filter((key) => chosen[key] !== stays);
}
