import type { Api } from "../api/client";
import type { CaseSummary } from "../domain/types";

/** All pages of the cases, and the revision of the first. */
export async function allCases(
  api: Pick<Api, "cases">,
  more: readonly "responsible"[],
): Promise<{ revision: number; items: CaseSummary[] }> {
  const columns = more.length > 0 ? { columns: [...more] } : {};
  const page = (after?: string) => api.cases({ limit: 1000, after, ...columns });
  let { revision, items, next_after: after } = await page();
  while (after) {
    const next = await page(after);
    items = [...items, ...next.items];
    after = next.next_after;
  }
  return { revision, items };
}
