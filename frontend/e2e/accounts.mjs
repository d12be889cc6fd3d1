// Accounts of the demo under test: the one place where tests learn passwords.
import { readFileSync } from "node:fs";

/** What guatu demo wrote beside its data, by server. */
const sheets = new Map();

/** Remembers where the server's demo accounts stand. */
export function knowAccounts(url, file) {
  sheets.set(url, file);
}

/** Login and password of a person of the demo; without a name those of the first, the district office. */
export function accountOf(url, person) {
  const file = sheets.get(url) ?? process.env.GUATU_ACCOUNTS;
  if (!file) throw new Error("GUATU_ACCOUNTS must name the file with the demo's accounts");
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const words = lines.map((line) => line.split(/\s+/));
  const [login, password] = words.find(([each]) => !person || each === person) ?? [];
  if (!login) throw new Error(`the demo has no account ${person}`);
  return { login, password };
}
