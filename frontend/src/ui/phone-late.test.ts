// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { defineComponent, h } from "vue";
import type { Api } from "../api/client";
import type { Operation, ReminderPage, Sheet, WallLists } from "../domain/types";
import { both, outcome, session } from "../store/testing";
import PhoneLate from "./phone-late.vue";
import { find, setup } from "./testing";
import WallLate from "./wall-late.vue";

const late = {
  ...{ id: 7, code: "XZ-2020-0375", label: "宏*织造厂", track: "rectify", unit: "honghe" },
  ...{ days: 41, next: "vacated", reason: both("补偿未谈拢"), responsible: "沈某" },
};
const lists: WallLists = {
  ...{ revision: 1, day: "2020-09-30", late_total: 1, orders_unsigned: 2, late: [], changes: [] },
};
const sheet = { total: { sides: { blocked: { cases: 9 } } } } as unknown as Sheet;
/** A list of the phone or the wall; `asked` are the addresses it read, `sent` what it changed. */
async function shown(
  list: typeof PhoneLate,
  of: WallLists["late"][number],
  told: Partial<Api> = {},
) {
  const [sent, asked]: [Operation[], string[]] = [[], []];
  const page: ReminderPage = { revision: 1, may_remind: true, ladder: [], items: [] };
  const client = {
    GET: async (address: string) => {
      asked.push(address);
      return { data: page, response: new Response() };
    },
  };
  const root = defineComponent({
    setup: () => () => h(list, { sheet, lists: { ...lists, late: [of] } }),
  });
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
const rung = (code: "person" | "leader" | "wall" | "hand", name: string, on = "2020-09-29") => ({
  ...{ rung: code, name: both(name), on },
});

describe("what is late", () => {
  it("says how many orders wait to be signed for, and how far up the ladder a case went", async () => {
    const told = [rung("person", "责任人"), rung("leader", "区领导"), rung("wall", "大屏逾期清单")];
    const { page } = await shown(WallLate, { ...late, told });
    expect(page.textContent).toContain("卡点 9·待签收督办 2");
    expect(page.textContent).toContain("补偿未谈拢·沈某→区领导");
    const { page: before } = await shown(WallLate, { ...late, told: told.slice(0, 1) });
    expect(before.textContent).toContain("补偿未谈拢·沈某41天");
  });

  it("is urged from the phone by two taps", async () => {
    const { page, sent } = await shown(PhoneLate, late);
    await vi.waitFor(() => find(page, '[data-test="urge"]').click());
    await vi.waitFor(() => find(page, '[data-test="phone.urge_report"]').click());
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.changes).toEqual([{ kind: "case.remind", case_id: 7, note: "请今天反馈进展" }]);
  });

  it.each([
    ["2020-09-30", "urged"],
    ["2020-09-29", "urge"],
  ])("is urged once a day: sent on %s, today it says %s", async (on, says) => {
    const { page } = await shown(PhoneLate, { ...late, told: [rung("hand", "人工催办", on)] });
    await vi.waitFor(() => find(page, `[data-test="${says}"]`));
  });

  it("is only read on a screen's link, which does not ask who may", async () => {
    const { person: _, login: __, ...nobody } = session;
    const wall = { name: "工作群", unit: "" };
    const screen = { ...nobody, wall } as unknown as typeof session;
    const { page, asked } = await shown(PhoneLate, late, { session: async () => screen });
    expect(page.textContent).toContain("宏*织造厂");
    expect(page.querySelector('[data-test="urge"]')).toBeNull();
    expect(asked).toEqual([]);
  });
});
