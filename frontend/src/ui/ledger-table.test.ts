// @vitest-environment happy-dom

import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import { casePage } from "../domain/testing";
import type { CaseDetail } from "../domain/types";
import { detail, flatLayer, summary } from "../store/testing";
import LedgerTable from "./ledger-table.vue";
import { find, setup } from "./testing";

const firms = [1, 2, 3, 4].map((id) => summary(id, { deadline: `2020-10-0${id}` }));

async function opened(caseDetail?: (id: number) => Promise<CaseDetail>) {
  const mounted = await setup(LedgerTable, {
    cases: async () => casePage(firms, { total_m2: 4000, total_mu: 6 }),
    parcels: async () => flatLayer(1, []),
    caseDetail: caseDetail ?? (async (id) => detail(id, { case: summary(id), parcels: [] })),
  });
  const grid = find(mounted.page, '[data-test="list"]');
  const press = async (key: string, more: KeyboardEventInit = {}) => {
    grid.dispatchEvent(new KeyboardEvent("keydown", { key, ...more }));
    await nextTick();
  };
  const current = () => mounted.page.querySelector<HTMLElement>(".row.current")?.dataset.key;
  return { ...mounted, press, current };
}

describe("keys of the ledger", () => {
  it("move, tick one, tick a range from where the cursor stood, and all", async () => {
    const { store, press, current } = await opened();
    await press("ArrowDown");
    await press("ArrowDown");
    expect(current()).toBe("case-2");
    await press(" ");
    expect([...store.selection.ids.value]).toEqual([2]);
    await press("ArrowDown", { shiftKey: true });
    await press("ArrowDown", { shiftKey: true });
    expect([...store.selection.ids.value]).toEqual([2, 3, 4]);
    await press("Home");
    await press("ArrowDown", { shiftKey: true });
    expect([...store.selection.ids.value].sort()).toEqual([1, 2, 3, 4]);
    await press("a", { ctrlKey: true });
    expect(store.selection.ids.value.size).toBe(0);
  });

  it("open the page of the row under the cursor", async () => {
    const { store, press } = await opened();
    store.page.value = "ledger";
    await press("End");
    await press("Enter");
    expect(store.page.value).toBe("case");
    await vi.waitFor(() => expect(store.card.detail.value?.case.id).toBe(4));
    store.leaveCasePage();
    expect(store.page.value).toBe("ledger");
  });

  it("are not thrown back by the late answer to an earlier row", async () => {
    let answer = () => {};
    const late = (id: number) =>
      new Promise<CaseDetail>((done) => {
        answer = () => done(detail(id));
      });
    const { page, store, press, current } = await opened(late);
    find(page, '[data-key="case-1"]').click();
    await press("ArrowDown");
    await press("ArrowDown");
    answer();
    await vi.waitFor(() => expect(store.card.detail.value?.case.id).toBe(1));
    await nextTick();
    expect(current()).toBe("case-3");
  });

  it("stay on their row under another order", async () => {
    const { page, press, current } = await opened();
    await press("ArrowDown");
    find(page, '[data-sort="code"]').click();
    await nextTick();
    find(page, '[data-sort="code"]').click();
    await nextTick();
    await nextTick();
    expect(page.querySelector<HTMLElement>(".row")?.dataset.key).toBe("case-4");
    expect(current()).toBe("case-1");
  });
});
