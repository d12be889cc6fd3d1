import { describe, expect, it } from "vitest";
import { ref, shallowRef } from "vue";
import type { ExportRequest } from "../api/exports";
import { Cancelled } from "../api/problem";
import { createExporting } from "./exporting";
import { createFilter } from "./filter";
import { type CaseRow, LedgerRows } from "./ledger-rows";

function desk(answer = async (_: ExportRequest) => ({ name: "台账.xlsx", content: new Blob() })) {
  const asked: ExportRequest[] = [];
  const saved: string[] = [];
  const filter = createFilter(ref("rectify"));
  const day = ref<string>();
  const cases = [7, 9].map((id) => ({ kind: "case", case: { id } }) as CaseRow);
  const rows = shallowRef(new LedgerRows(cases));
  const around = {
    filter,
    days: { day },
    totals: { rows },
    exportFile: (request: ExportRequest) => {
      asked.push(request);
      return answer(request);
    },
  } as unknown as Parameters<typeof createExporting>[0];
  const exporting = createExporting(around, ({ name }) => saved.push(name));
  return { exporting, filter, day, asked, saved };
}

describe("exporting", () => {
  it("asks for the ledger's own filter", async () => {
    const { exporting, filter, day, asked, saved } = desk();
    filter.unit.value = "honghe";
    filter.stages.value = new Set([4]);
    day.value = "2020-08-31";
    await exporting.run();
    expect(asked[0]?.content).toBe("ledger");
    expect(asked[0]?.query).toMatchObject({
      format: "xlsx",
      track: "rectify",
      unit: "honghe",
      stage: [4],
      as_of: "2020-08-31",
    });
    expect(saved).toEqual(["台账.xlsx"]);
    expect(exporting.saved.value).toBe("台账.xlsx");
  });

  it("names the cases where the server has no list of what is shown", async () => {
    for (const narrow of [
      (filter: ReturnType<typeof createFilter>) => (filter.within.value = 7),
      (filter: ReturnType<typeof createFilter>) => (filter.search.value = "毛衫"),
    ]) {
      const { exporting, filter, asked } = desk();
      narrow(filter);
      await exporting.run();
      expect(asked[0]?.query).toEqual({ format: "xlsx", as_of: undefined, ids: [7, 9] });
    }
  });

  it("asks for everything where that is wanted, and says of a form only what it has a choice of", async () => {
    const { exporting, filter, asked } = desk();
    filter.unit.value = "honghe";
    Object.assign(exporting.choice, { content: "parcels", whole: true, crs: 4549 });
    await exporting.run();
    exporting.choice.format = "gpkg";
    await exporting.run();
    expect(asked.map(({ query }) => query)).toEqual([
      { format: "shp", encoding: "GBK", crs: 4549, as_of: undefined },
      { format: "gpkg", as_of: undefined },
    ]);
  });

  it("says why there is no file, and nothing when it was taken back", async () => {
    const refused = desk(() => Promise.reject(new TypeError("no answer")));
    await refused.exporting.run();
    expect(refused.exporting.failure.value).toBeDefined();
    expect(refused.exporting.step.value).toBeUndefined();
    const back = desk(() => Promise.reject(new Cancelled()));
    await back.exporting.run();
    expect(back.exporting.failure.value).toBeUndefined();
    expect(back.saved).toEqual([]);
  });
});
