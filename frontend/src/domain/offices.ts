/**
 * The three separated administrators (三员). Each has a desk of their own and none of the campaign's
 * pages; the server and the database hold the same.
 */
export type Office = "sysadmin" | "secadmin" | "auditor";

const offices: readonly Office[] = ["sysadmin", "secadmin", "auditor"];

/** The office of a role; none for people of the campaign. */
export function officeOf(role: string | undefined): Office | undefined {
  return offices.find((each) => each === role);
}
