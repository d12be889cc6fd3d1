// @vitest-environment happy-dom

import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import type { Action, CaseDetail, Conflict, Operation } from "../domain/types";
import { both, detail, outcome, parcelDetail, summary } from "../store/testing";
import CaseCard from "./case-card.vue";
import ConflictsDialog from "./conflicts-dialog.vue";
import { find, setup } from "./testing";
import TopBar from "./top-bar.vue";

const shen = { id: "shen", name: "沈某" };
const zhou = { id: "zhou", name: "周某" };

/** The card of case 1 with these details, and what it sends. */
async function card(more: Partial<CaseDetail>) {
  const sent: Operation[] = [];
  const { store, page } = await setup(CaseCard, {
    caseDetail: async (id) => detail(id, more),
    change: async (body) => {
      sent.push(body);
      return outcome();
    },
  });
  await store.card.openCase(1);
  await nextTick();
  const press = async (selector: string) => {
    find(page, selector).click();
    await nextTick();
  };
  const changes = () => sent.flatMap((operation) => operation.changes);
  return { store, page, press, changes };
}

function type(page: HTMLElement, selector: string, value: string): void {
  const field = find<HTMLInputElement>(page, selector);
  field.value = value;
  field.dispatchEvent(new Event("input"));
  field.dispatchEvent(new Event("change"));
}

async function submit(page: HTMLElement): Promise<void> {
  find(page, "form").dispatchEvent(new Event("submit", { cancelable: true }));
  await nextTick();
}

const blocked: Action = {
  ...{ kind: "case.ask", side: "blocked", button: both("报卡点"), main: false, needs: ["reason"] },
  reasons: [{ code: "compensation", name: both("补偿未谈拢") }],
};

function decision(approve: boolean, more: Partial<Action> = {}): Action {
  const button = both(approve ? "通过“申请暂缓”" : "退回“申请暂缓”");
  return {
    kind: "case.decide",
    side: "held",
    approve,
    button,
    main: false,
    needs: ["note"],
    ...more,
  };
}

describe("acts of a case", () => {
  it("report a blocker with the code of a usual reason, or in words of one's own", async () => {
    const { page, press, changes } = await card({ actions: [blocked] });
    await press('[data-test="more"]');
    expect(page.textContent).toContain("状态");
    await press('[data-action="case.ask blocked"]');
    await submit(page);
    expect(page.textContent).toContain("请填写原因");
    await press('input[value="compensation"]');
    type(page, '[data-test="reason"]', "差价三万元");
    await submit(page);
    await vi.waitFor(() => expect(changes()).toHaveLength(1));
    expect(changes()[0]).toEqual({
      ...{ kind: "case.ask", case_id: 1, base_version: 1, side: "blocked" },
      ...{ reason: "差价三万元", reason_code: "compensation" },
    });
  });

  it("extend a milestone only to a later day", async () => {
    const extend: Action = {
      ...{ kind: "case.ask", side: "extended", button: both("申请延期"), main: false },
      ...{ approval: true, needs: ["reason", "milestone", "until"], milestones: ["vacated"] },
    };
    const milestones = [{ code: "vacated", standing: "next" as const, plan_on: "2020-10-05" }];
    const { page, press, changes } = await card({ actions: [extend], milestones });
    await press('[data-test="more"]');
    await press('[data-action="case.ask extended"]');
    expect(page.textContent).toContain("须由另一人审批");
    type(page, '[data-test="reason"]', "订单未交货");
    type(page, '[data-test="ask-until"]', "2020-10-05");
    await submit(page);
    expect(page.textContent).toContain("请选择晚于 2020-10-05 的日期");
    type(page, '[data-test="ask-until"]', "2020-11-20");
    await submit(page);
    await vi.waitFor(() => expect(changes()).toHaveLength(1));
    expect(changes()[0]).toMatchObject({ milestone: "vacated", until: "2020-11-20" });
  });

  it("decide a request with both names in sight, or say why not", async () => {
    const requests = [{ side: "held", on: "2020-09-28", reason: "合伙人纠纷", by: zhou }];
    const refusal = both("审批人不能是申请人");
    const { page, press, changes } = await card({
      ...{ requests, actions: [decision(true), decision(false, { refusal })] },
    });
    expect(find(page, '[data-asked="held"]').textContent).toContain("待审批：暂缓");
    await press('[data-test="more"]');
    expect(find<HTMLButtonElement>(page, '[data-action="case.decide held return"]').disabled).toBe(
      true,
    );
    expect(find(page, '[data-test="actions"]').textContent).toContain(refusal.zh);
    await press('[data-action="case.decide held approve"]');
    const parties = find(page, '[data-test="parties"]').textContent;
    for (const said of ["周某", "合伙人纠纷", "审批人", "沈某"]) expect(parties).toContain(said);
    await submit(page);
    await vi.waitFor(() => expect(changes()).toHaveLength(1));
    expect(changes()[0]).toMatchObject({ kind: "case.decide", side: "held", approve: true });
  });

  it("ask for the reason where accepted land differs by more than 5 %", async () => {
    const measure: Action = {
      ...{ kind: "case.measure", button: both("认定面积"), main: false, needs: ["land", "note"] },
    };
    const { page, press, changes } = await card({ actions: [measure] });
    await press('[data-test="more"]');
    await press('[data-action="case.measure"]');
    await vi.waitFor(() => find(page, "form"));
    type(page, '[data-test="measure-recovered"]', "1063");
    type(page, '[data-test="measure-effective"]', "2000");
    await submit(page);
    expect(page.textContent).toContain("有效面积不能大于认定面积");
    type(page, '[data-test="measure-effective"]', "700");
    await submit(page);
    expect(page.textContent).toContain("认定面积与图斑面积相差 6.3%，请填写原因");
    expect(changes()).toEqual([]);
    type(page, '[data-test="measure-reason"]', "含宅基地");
    await submit(page);
    await vi.waitFor(() => expect(changes()).toHaveLength(1));
    expect(changes()[0]).toMatchObject({
      recovered_m2: 1063,
      effective_m2: 700,
      reason: "含宅基地",
    });
  });

  it("plan only the days that were changed", async () => {
    const plan: Action = {
      ...{ kind: "case.amend", button: both("调整计划"), main: false, needs: ["plans"] },
      milestones: ["vacated", "closed"],
    };
    const milestones = [
      { code: "vacated", standing: "next" as const, plan_on: "2020-10-05" },
      { code: "closed", standing: "open" as const, plan_on: "2020-11-05" },
    ];
    const { page, press, changes } = await card({ actions: [plan], milestones });
    await press('[data-test="more"]');
    await press('[data-action="case.amend plans"]');
    await vi.waitFor(() => find(page, "form"));
    await submit(page);
    expect(page.textContent).toContain("没有改动");
    type(page, '[data-plan="closed"]', "2020-12-01");
    await submit(page);
    await vi.waitFor(() => expect(changes()).toHaveLength(1));
    expect(changes()[0]).toMatchObject({
      kind: "case.amend",
      fields: { "plan:closed": "2020-12-01" },
    });
  });

  it("give a case back beside the big button while that may be done", async () => {
    const back = { ...blocked, side: "returned", button: both("退回整改") };
    const { page } = await card({ actions: [back] });
    expect(find(page, '[data-test="give-back"]').textContent).toContain("退回整改");
    const off = await card({ actions: [{ ...back, refusal: both("还不能") }] });
    expect(off.page.querySelector('[data-test="give-back"]')).toBeNull();
  });
});

describe("what a card says", () => {
  it("names what was taken off ground by ground, with the certificate's area beside the others", async () => {
    const area = (m2: number, mu: number) => ({ m2, mu });
    const taken = (code: string, name: string, mu: number) => ({
      ...{ code, name: both(name), m2: Math.round((mu * 2000) / 3), mu },
    });
    const recorded = {
      ...{ version: 1, recorded_on: "2020-08-21", origin: "parcels", plane: area(3747.08, 5.62) },
      ...{ recovered: area(3746.67, 5.62), effective: area(2873.34, 4.31) },
      deductions: [taken("river", "河道", 0.74), taken("road", "保留道路", 0.57)],
    };
    const certificate = {
      ...{ code: "certificate" as const, name: both("证载面积"), ...area(3866.67, 5.8) },
    };
    const { page, press } = await card({
      areas: {
        parcels: area(3746.67, 5.62),
        plane: area(3747.08, 5.62),
        land: area(3746.67, 5.62),
      },
      land: { tenant: false, areas: [certificate], recorded },
    });
    await press('[data-tab="areas"]');
    expect(find(page, '[data-test="deducted"]').textContent).toBe(
      "扣除：河道 0.74 亩，保留道路 0.57 亩",
    );
    expect(find(page, '[data-area="certificate"]').textContent).toMatch(
      /5\.80.*3,866\.67.*\+0\.18 亩（\+3\.2%）/,
    );
    expect(find(page, '[data-test="parts"]').children).toHaveLength(3);
  });

  it("shows side states with their badge, who asked and who approved", async () => {
    const held = { side: "held", since: "2020-09-10", reason: "诉讼", by: shen, approved: zhou };
    const { page } = await card({ sides: [held] });
    const said = find(page, '[data-in-force="held"]').textContent;
    for (const word of ["缓", "暂缓", "2020-09-10", "诉讼", "申请 沈某，审批 周某"]) {
      expect(said).toContain(word);
    }
  });

  it("has the areas with their differences, what is excluded and whose the land is", async () => {
    const areas = {
      ...{ parcels: { m2: 3746.67, mu: 5.62 }, plane: { m2: 3747.08, mu: 5.62 } },
      ...{ land: { m2: 0, mu: 0 }, recovered: { m2: 3982.71, mu: 5.97 }, differs: 6.3 },
      ...{ effective: { m2: 2873.34, mu: 4.31 }, deducted: { m2: 1109.37, mu: 1.66 } },
    };
    const land_in = { id: 9, code: "XZ-2020-0231", label: "房东" };
    const { page, press } = await card({ areas, land_in, locked: true });
    await press('[data-tab="areas"]');
    expect(find(page, '[data-area="accepted"]').textContent).toContain("+0.35 亩（+6.3%）");
    expect(find(page, '[data-area="effective"]').textContent).toContain("占图斑 76.7%");
    const said = find(page, '[data-test="areas"]').textContent;
    expect(said).toContain("扣除：1.66 亩");
    expect(said).toContain("认定面积与图斑面积相差 6.3%");
    expect(said).toContain("本案只计家数，面积计入 XZ-2020-0231（房东）");
    expect(said).toContain("已验收，数据已锁定");
  });

  it("knows the firm, and says what is not entered", async () => {
    const enterprise = {
      ...{
        id: 3,
        version: 1,
        label: "宏*织造厂",
        kind: { code: "enterprise", name: both("企业") },
      },
      ...{ above_scale: false, evaluations: { 2018: "C", 2019: "D" }, tax_per_mu: { 2019: 8600 } },
      own: { name: "宏联织造厂" },
    };
    const { page, press } = await card({ enterprise });
    await press('[data-tab="facts"]');
    const said = find(page, '[data-test="facts"]').textContent;
    for (const word of [
      "宏联织造厂",
      "规下",
      "2019年 D　2018年 C",
      "2019年 0.86 万元/亩",
      "未登记",
    ]) {
      expect(said).toContain(word);
    }
  });

  it("puts the tenants of a parcel side by side", async () => {
    const cases = [summary(1), summary(2, { m2: 0, mu: 0 })];
    const { store, page } = await setup(CaseCard, {
      parcelDetail: async (id) => parcelDetail(id, { cases }),
    });
    await store.card.openParcel(1);
    await nextTick();
    expect(find(page, '[data-case="1"]').textContent).toContain("计 1.50 亩");
    expect(find(page, '[data-case="2"]').textContent).toContain("只计家数");
    find(page, '[data-case="2"]').click();
    await vi.waitFor(() => expect(store.card.caseId.value).toBe(2));
  });

  it("marks what was entered later than it happened, and moves among tabs by arrows", async () => {
    const entry = {
      ...{ revision: 1, device: "d", kind: "case.milestone", batch_id: "b", undone: false },
      ...{ happened_at: "2020-09-05T02:00:00Z", recorded_at: "2020-09-05T02:00:00Z" },
      ...{ happened_on: "2020-08-20", late: true, actor: shen, text: both("已签约（08-20）") },
    };
    const { page } = await card({ timeline: [entry] });
    const tabs = find(page, '[role="tablist"]');
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight"]) {
      tabs.dispatchEvent(new KeyboardEvent("keydown", { key }));
      await nextTick();
    }
    const trace = find(page, '[data-test="trace"]').textContent;
    expect(trace).toContain("补报");
    expect(trace).toContain("发生 2020-08-20");
    expect(document.activeElement?.getAttribute("data-tab")).toBe("timeline");
  });
});

describe("conflicts", () => {
  const conflict: Conflict = {
    ...{ id: 5, noun: "case", noun_id: 1, field: "responsible", standing: "", kept: "" },
    ...{ case: { id: 1, code: "XZ-2020-0001", label: "企业1" }, field_name: both("责任人") },
    ...{ standing_text: both("沈某"), kept_text: both("陆某"), text: both("责任人") },
    ...{ standing_by: shen, standing_at: "2020-09-30T06:05:00Z", actor: zhou, resolved: false },
    ...{ happened_at: "2020-09-30T05:00:00Z", recorded_at: "2020-09-30T06:06:00Z" },
  };

  it("stand side by side, and one value is chosen with a reason", async () => {
    let list = [conflict];
    const sent: Operation[] = [];
    const { store, page } = await setup(ConflictsDialog, {
      conflicts: async () => list,
      change: async (body) => {
        sent.push(body);
        list = [{ ...conflict, resolved: true }];
        return outcome();
      },
    });
    const said = find(page, '[data-conflict="5"]').textContent;
    for (const word of [
      "企业1·责任人",
      "沈某　09-30 14:05 入账",
      "周某　现场 09-30 13:00，09-30 14:06 送达",
    ]) {
      expect(said).toContain(word);
    }
    type(page, '[data-conflict="5"] input', "已交接");
    find(page, '[data-choose="kept"]').click();
    await vi.waitFor(() => expect(store.conflicts.open.value).toEqual([]));
    expect(sent.flatMap((operation) => operation.changes)).toEqual([
      { kind: "conflict.resolve", conflict_id: 5, choose: "kept", reason: "已交接" },
    ]);
    expect(store.acting.undoable.value).toBeUndefined();
  });

  it("are counted in the top bar, only when there are any, and follow the live feed", async () => {
    let list: Conflict[] = [];
    const { store, page } = await setup(TopBar, { conflicts: async () => list });
    expect(page.querySelector('[data-test="conflicts"]')).toBeNull();
    list = [conflict];
    await store.conflicts.follow({ kinds: ["case.amend"] });
    expect(page.querySelector('[data-test="conflicts"]')).toBeNull();
    await store.conflicts.follow({ kinds: ["conflict.kept"] });
    await nextTick();
    expect(find(page, '[data-test="conflicts"]').textContent).toContain("待核对 1");
  });
});
