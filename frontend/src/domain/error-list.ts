import { formatDegrees } from "./format";
import type { RejectedRow } from "./types";
import { type Language, words } from "./words";

const heads = [
  "import.csv_row",
  "import.csv_code",
  "import.csv_reason",
  "import.csv_lon",
  "import.csv_lat",
] as const;

/**
 * The rejected rows as CSV (RFC 4180) with a byte order mark, without which Excel takes it for
 * GBK: row, code, reason, longitude and latitude of the fault (degrees, EPSG:4490).
 */
export function errorList(rows: readonly RejectedRow[], language: Language): string {
  const head = heads.map((key) => words(language, key));
  const body = rows.map(({ row, code = "", reason, reason_en, place }) => [
    String(row),
    harmless(code),
    harmless(language === "zh" ? reason : reason_en || reason),
    ...[0, 1].map((i) => (place ? formatDegrees(place[i] ?? Number.NaN) : "")),
  ]);
  return `\ufeff${[head, ...body].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("")}`;
}

/** A spreadsheet must not take a stranger's text for a formula. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}
