import { describe, expect, it, vi } from "vitest";
import { nextTick, ref } from "vue";
import type { CaseQuery, MovesQuery } from "../api/client";
import { casePage } from "../domain/testing";
import { figureCampaign } from "../domain/testing-figures";
import type { Campaign, CaseSummary, Person } from "../domain/types";
import { CaseStore } from "./cases";
import { createFilter } from "./filter";
import { ledgerRows, nounOf } from "./ledger-rows";
import { createLists } from "./lists";
import { ParcelStore } from "./parcels";
import { shownOf } from "./shown";
import { fakeApi, feature, flatLayer, parcel, summary } from "./testing";
import { createTotals } from "./totals";

const sums = { cases: 2, land: 30_000_000, recovered: 20_000_000, effective: 0, floor: 0 };

function setup(answer: CaseSummary[], told: Partial<Parameters<typeof fakeApi>[0]> = {}) {
  const asked: CaseQuery[] = [];
  const api = fakeApi({
    cases: async (query: CaseQuery) => {
      asked.push(query);
      return casePage(answer, { total: answer.length, sums });
    },
    ...told,
  });
  const [cases, parcels] = [new CaseStore(), new ParcelStore()];
  cases.reset([1, 2, 3].map((id) => summary(id)));
  const all = [1, 2, 9].map((id) => feature(parcel(id, { cases: id === 9 ? [] : [id] })));
  parcels.reset(flatLayer(1, all));
  const filter = createFilter(ref("rectify"));
  const [campaign, revision] = [ref<Campaign | undefined>(figureCampaign), ref(1)];
  const lists = createLists(api, filter, { campaign, cases, revision, person: ref<Person>() });
  const today = ref("2020-09-30");
  const totals = createTotals(api, { cases, parcels, filter, lists, today }, (task) => task());
  const rows = () =>
    [...ledgerRows(cases, parcels, filter, today.value)].map((each) => nounOf(each).id);
  const landed = () => vi.waitFor(() => expect(lists.figure.value).toBeDefined());
  return { asked, api, cases, parcels, filter, revision, lists, totals, rows, landed };
}

describe("the list of a figure", () => {
  it("leaves the ledger just its cases, in place of every other filter", async () => {
    const { asked, filter, lists, rows, landed } = setup([summary(2)]);
    filter.unit.value = "xincheng";
    filter.open("reached=signed&track=rectify&unit=honghe");
    expect(rows(), "none before the server has said which").toEqual([]);
    await landed();
    await nextTick();
    expect(asked.find((query) => query.reached)).toMatchObject({
      ...{ reached: "signed", track: "rectify", unit: "honghe" },
    });
    expect(rows()).toEqual([2]);
    expect(filter.active.value).toBe(true);
    expect(lists.title.value?.zh).toBe("已签约·洪合镇");
    filter.clear();
    expect(rows()).toEqual([1, 2, 3, 9]);
  });

  it("pales every other parcel on the map", async () => {
    const { cases, filter, landed } = setup([summary(2)]);
    const listed = (id: number) => shownOf(parcel(id, { cases: [id] }), cases, filter).listed;
    expect([listed(1), listed(2)]).toEqual([true, true]);
    filter.open("late=true");
    await landed();
    await nextTick();
    expect([listed(1), listed(2)]).toEqual([false, true]);
    expect(shownOf(parcel(9), cases, filter).listed).toBe(false);
  });

  it("tells the server's number and the area that it is about", async () => {
    const { filter, totals, landed } = setup([summary(1), summary(2)]);
    filter.open("metric=rectified");
    await landed();
    await nextTick();
    expect(totals.cases.value).toEqual({ count: 2, mu: 300 });
    filter.open("reached=signed&track=rectify");
    await nextTick();
    await landed();
    await nextTick();
    expect(totals.cases.value).toEqual({ count: 2, mu: 450 });
  });

  it("follows a change", async () => {
    const answer = [summary(1)];
    const { asked, filter, revision, rows, landed } = setup(answer);
    filter.open("late=true");
    await landed();
    await nextTick();
    answer.push(summary(3));
    revision.value = 8;
    await vi.waitFor(() => expect(rows()).toEqual([1, 3]), { timeout: 5000 });
    expect(asked[asked.length - 1]).toMatchObject({ late: true, min_revision: 8 });
  });

  it("shows its own track meanwhile, and goes when another is chosen", async () => {
    const { filter, landed } = setup([summary(1, { track: "outdated" })]);
    filter.open("late=true");
    await landed();
    await nextTick();
    expect(filter.track.value).toBe("outdated");
    expect(filter.chosenTrack.value).toBe("rectify");
    filter.track.value = "rectify";
    expect(filter.list.value).toBeUndefined();
  });

  it("of what is new holds the cases that moved, with what was gained", async () => {
    const asked: MovesQuery[] = [];
    const gained = (id: number, firms: number, land: number) => ({
      ...{ id, code: `${id}`, label: "", unit: "honghe", milestones: [], taken_back: [] },
      metrics: [
        { metric: "rectified", added: firms, exact: firms },
        { metric: "recovered", added: 0, exact: land },
      ],
    });
    const day = { day: "2020-09-27", revision: 1 };
    const { filter, totals, rows, landed } = setup([], {
      moves: async (query: MovesQuery) => {
        asked.push(query);
        const cases = [gained(1, 1, 20_000_000), gained(3, -1, -10_000_000)];
        return { from: day, to: day, metrics: [], stages: [], cases };
      },
    });
    filter.open("from=2020-09-27&metric=rectified&unit=honghe");
    await landed();
    await nextTick();
    expect(asked[0]).toMatchObject({ from: "2020-09-27", metric: "rectified", unit: "honghe" });
    expect(rows()).toEqual([1, 3]);
    expect(totals.cases.value).toEqual({ count: 0, mu: 150 });
  });
});
