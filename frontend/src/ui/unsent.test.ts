// @vitest-environment happy-dom

import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import { ApiProblem } from "../api/problem";
import type { Action, Operation, Outcome } from "../domain/types";
import { both, detail, outcome, summary } from "../store/testing";
import CaseCard from "./case-card.vue";
import { find, setup } from "./testing";

const mark: Action = {
  ...{ kind: "case.milestone", milestone: "vacated", button: both("?"), main: true },
};
const report: Action = {
  ...{ kind: "case.ask", side: "blocked", button: both("报卡点"), main: false },
  needs: ["reason"],
};

/** A case whose next milestone may be marked and a blocker reported; the answers come when told. */
async function opened(answer: () => Promise<Outcome>) {
  const sent: Operation[] = [];
  const milestones = [
    { code: "vacated", standing: "next" as const },
    { code: "closed", standing: "open" as const, plan_on: "2020-12-20" },
  ];
  const mounted = await setup(CaseCard, {
    caseDetail: async (id) =>
      detail(id, { case: summary(id), actions: [mark, report], milestones }),
    change: (body) => {
      sent.push(body);
      return answer();
    },
  });
  await mounted.store.card.openCase(1);
  await nextTick();
  return { ...mounted, sent };
}

describe("a mark on its way", () => {
  it("stands in the card at once, as pending, and is rolled back with the sentence of a refusal", async () => {
    let refuse: (why: unknown) => void = () => {};
    const answer = () =>
      new Promise<Outcome>((_, fail) => {
        refuse = fail;
      });
    const { store, page } = await opened(answer);
    find(page, '[data-test="main-action"]').click();
    await nextTick();
    const stage = () => find(page, '[data-test="card-stage"]').textContent;
    expect(stage()).toContain("已腾空");
    expect(stage()).toContain("正在发送");
    expect([store.cases.get(1)?.stage, store.cases.get(1)?.next]).toEqual([6, "closed"]);
    expect(store.pendingParcels.value).toEqual([1]);
    refuse(new ApiProblem(409, "held", both("该事项已暂缓，请先恢复办理")));
    await vi.waitFor(() => expect(stage()).not.toContain("已腾空"));
    expect(find(page, '[data-test="failure"]').textContent).toContain("该事项已暂缓");
    expect([store.cases.get(1)?.stage, store.pendingParcels.value]).toEqual([5, []]);
  });
});

describe("what is entered", () => {
  it("is kept when the dialog closes, offered again, and forgotten when it was sent", async () => {
    const { store, page, sent } = await opened(async () => outcome());
    const openDialog = async () => {
      find(page, '[data-test="more"]').click();
      await nextTick();
      find(page, '[data-action="case.ask blocked"]').click();
      await nextTick();
    };
    await openDialog();
    const field = () => find<HTMLTextAreaElement>(page, '[data-test="reason"]');
    field().value = "继承人在外地";
    field().dispatchEvent(new Event("input"));
    expect(store.drafts.get("case 1 case.ask blocked")).toMatchObject({ words: "继承人在外地" });
    find(page, '[data-test="modal-close"]').click();
    await nextTick();
    expect(find(page, '[data-test="begun"]').textContent).toContain("报卡点");

    find(page, '[data-test="continue"]').click();
    await nextTick();
    expect(find(page, '[data-test="restored"]').textContent).toContain("已恢复未保存的内容");
    expect(field().value).toBe("继承人在外地");
    find(page, '[data-test="reason-submit"]').click();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.changes[0]).toMatchObject({ side: "blocked", reason: "继承人在外地" });
    await vi.waitFor(() => expect(page.querySelector('[data-test="begun"]')).toBeNull());
  });
});
