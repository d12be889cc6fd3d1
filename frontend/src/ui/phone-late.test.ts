// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { defineComponent, h } from "vue";
import type { Api } from "../api/client";
import type { Operation, OrderPage, Sheet, WallLists } from "../domain/types";
import { both, outcome, session } from "../store/testing";
import PhoneLate from "./phone-late.vue";
import { find, setup } from "./testing";
import WallLate from "./wall-late.vue";

const late = {
  ...{ id: 7, code: "XZ-2020-0375", label: "宏*织造厂", track: "rectify", unit: "honghe" },
  ...{ days: 41, next: "vacated", reason: both("补偿未谈拢"), responsible: "沈某" },
};
const lists: WallLists = {
  ...{ revision: 1, day: "2020-09-30", late_total: 1, orders_unsigned: 2, changes: [] },
  late: [late],
};
const sheet = { total: { sides: { blocked: { cases: 9 } } } } as unknown as Sheet;
const about = (stage: string) => ({ stage, cases: [{ id: 7 }] });

/** A list of the phone or the wall, beside orders; `asked` are the addresses it read, `sent` what it changed. */
async function shown(list: typeof PhoneLate, orders: object[], told: Partial<Api> = {}) {
  const [sent, asked]: [Operation[], string[]] = [[], []];
  const page: OrderPage = { revision: 1, may_issue: true, items: orders as OrderPage["items"] };
  const client = {
    GET: async (address: string) => {
      asked.push(address);
      return { data: page, response: new Response() };
    },
  };
  const root = defineComponent({ setup: () => () => h(list, { sheet, lists }) });
  const mounted = await setup(root, {
    client: client as unknown as Api["client"],
    change: async (op: Operation) => {
      sent.push(op);
      return outcome();
    },
    ...told,
  });
  return { ...mounted, sent, asked };
}

describe("what is late", () => {
  it("says how many orders wait to be signed for, and whom a case was brought to last", async () => {
    const reminded = { ...late, told: [{ name: both("责任人") }, { name: both("区领导") }] };
    const root = defineComponent({
      setup: () => () => h(WallLate, { sheet, lists: { ...lists, late: [reminded] } }),
    });
    const { page } = await setup(root);
    expect(page.textContent).toContain("卡点 9·待签收督办 2");
    expect(page.textContent).toContain("补偿未谈拢·沈某·已催区领导");
  });

  it("is urged from the phone by two taps: an order to the unit about the case", async () => {
    const { page, sent } = await shown(PhoneLate, [about("closed")]);
    await vi.waitFor(() => find(page, '[data-test="urge"]').click());
    await vi.waitFor(() => find(page, '[data-urge-within="3"]').click());
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.changes).toEqual([
      {
        ...{ kind: "order.issue", unit: "honghe", case_ids: [7], until: "2020-10-03" },
        reason: expect.stringMatching(/^XZ-2020-0375 应.*已逾期41天/),
      },
    ]);
  });

  it("is urged once: an order that is open stands in its place", async () => {
    const { page } = await shown(PhoneLate, [about("signed")]);
    await vi.waitFor(() => find(page, '[data-test="urged"]'));
    expect(page.querySelector('[data-test="urge"]')).toBeNull();
  });

  it("is only read on a screen's link, which asks for no orders", async () => {
    const { person: _, login: __, ...nobody } = session;
    const wall = { name: "工作群", unit: "" };
    const screen = { ...nobody, wall } as unknown as typeof session;
    const { page, asked } = await shown(PhoneLate, [], { session: async () => screen });
    expect(page.textContent).toContain("宏*织造厂");
    expect(page.querySelector('[data-test="urge"]')).toBeNull();
    expect(asked).toEqual([]);
  });
});
