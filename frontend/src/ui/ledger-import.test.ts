// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import type { LedgerRequest } from "../api/ledgers";
import type { LedgerReport, LedgerRow } from "../domain/types";
import LedgerImport from "./ledger-import.vue";
import { find, setup } from "./testing";

const place = "洪合.xlsx/Sheet1";
const alike = (zh: string) => ({ zh, en: zh });

function row(label: string, more: Partial<LedgerRow>): LedgerRow {
  const at = { place, file: "洪合.xlsx", sheet: "Sheet1", row: 3, label };
  return { ...at, verdict: "new", changes: [], reasons: [], notices: [], asks: [], ...more };
}

/** What the server makes of a sheet whose unit and one area it asks about, as far as was answered. */
function reportOf({ answers, dryRun }: LedgerRequest): LedgerReport {
  const known = answers.units[place] !== undefined;
  const asked = known && answers.areas[`${place}/D4`] === undefined;
  const ask = { cell: `${place}/D4`, amount: "3,860", in_mu: "5.79", meant: "m2", said: "mu" };
  return {
    dry_run: dryRun,
    counts: { new: asked ? 1 : 2, changed: 0, unchanged: 0, refused: 1, asked: asked ? 1 : 0 },
    sheets: [
      {
        ...{ place, file: "洪合.xlsx", sheet: "Sheet1", rows: 3, totals: [], notes: [] },
        ...{ asks: known ? [] : ["unit"], missing: [alike("已告知")], remembered: false },
        columns: [
          {
            place: `${place}/A`,
            letter: "A",
            head: "企业名称",
            key: "label",
            ask_unit: false,
            samples: [],
          },
        ],
      },
    ],
    rows: [
      row("甲厂", { changes: [{ field: alike("责任人"), after: alike("陆某") }] }),
      row("乙厂", { verdict: "refused", unit: "honghe", reasons: [alike("读不出是哪一天")] }),
      row("丙厂", asked ? { verdict: "asked", asks: [{ ...ask, text: alike("疑为平方米") }] } : {}),
    ],
    ...{ rows_more: 0, targets: [{ key: "label", name: alike("企业名称") }] },
    ...(dryRun ? {} : { batch_id: "b", revision: 9 }),
  };
}

async function open() {
  const asked: LedgerRequest[] = [];
  const { page } = await setup(LedgerImport, {
    importLedgers: async (request) => {
      asked.push(request);
      return reportOf(request);
    },
  });
  const settled = async (times: number) => {
    await vi.waitFor(() => expect(asked.length).toBe(times));
    await nextTick();
    await nextTick();
  };
  const on = <E extends HTMLElement>(name: string) => find<E>(page, `[data-test="ledger-${name}"]`);
  const input = on<HTMLInputElement>("files");
  Object.defineProperty(input, "files", { value: [new File(["x"], "洪合.xlsx")] });
  input.dispatchEvent(new Event("change"));
  await settled(1);
  return { page, asked, settled, on };
}

describe("import of ledgers", () => {
  it("asks what it would have to guess, and applies only when nothing waits", async () => {
    const { asked, settled, on } = await open();
    expect(asked[0]?.dryRun).toBe(true);
    expect(on<HTMLButtonElement>("apply").disabled).toBe(true);
    const unit = on<HTMLSelectElement>("unit");
    unit.value = "honghe";
    unit.dispatchEvent(new Event("change"));
    await settled(2);
    expect(on("summary").textContent).toContain("还有 1 处待确认");
    on("as-meant").click();
    await settled(3);
    expect(asked[2]?.answers.areas).toEqual({ [`${place}/D4`]: "m2" });
    expect(on("summary").textContent).toContain("将新增 2 件");
    on("apply").click();
    await settled(4);
    expect(asked[3]).toMatchObject({ dryRun: false, answers: { units: { [place]: "honghe" } } });
    expect(on("summary").textContent).toContain("已新增 2 件");
    expect(on<HTMLButtonElement>("undo").disabled).toBe(false);
  });

  it("shows what has to be looked at first, and filters by its counters", async () => {
    const { page, on } = await open();
    const rows = () => on("rows").querySelector("ol")?.textContent ?? "";
    expect(rows()).toContain("读不出是哪一天");
    expect(rows()).not.toContain("甲厂");
    find(page, '[data-count="new"]').click();
    await nextTick();
    expect(rows()).toContain("责任人：陆某");
    expect(on("returns").textContent).toContain("1 行");
  });
});
