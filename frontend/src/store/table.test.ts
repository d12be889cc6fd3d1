import { describe, expect, it } from "vitest";
import { ref, shallowRef } from "vue";
import { chosenColumns, rowHeight } from "../domain/ledger-columns";
import type { Action, CaseDetail, CaseSummary, SearchResult } from "../domain/types";
import { batchChanges, batchExpected, batchFigure, createBatch } from "./batch";
import { CaseStore } from "./cases";
import { createChips, villagesOf } from "./chips";
import { createFilter, passes, sortOf } from "./filter";
import { filterByLink, linkOfFilter } from "./filter-link";
import { ledgerRows, nounOf, ordersOf } from "./ledger-rows";
import { formatLink, parseLink } from "./link";
import { ParcelStore } from "./parcels";
import { createSearching } from "./searching";
import { createTable } from "./table";
import { both, campaign, detail, feature, flatLayer, memory, parcel, summary } from "./testing";

const village = { code: "330411104224", name: both("凤桥村委会") };

describe("order of the ledger", () => {
  const cases = new CaseStore();
  cases.reset([
    summary(1, { label: "张家厂", mu: 3, deadline: "2020-10-01", sides: ["blocked"] }),
    summary(2, { label: "白厂", mu: 1, stage: 9, sides: ["held"] }),
    summary(3, { label: "陈厂", mu: 2, deadline: "2020-09-01", effective_mu: 1 }),
  ]);
  const parcels = new ParcelStore();
  parcels.reset(flatLayer(1, [feature(parcel(9, { mu: 9 }))]));
  const filter = createFilter(ref("rectify"));
  const by = (sort: string) => {
    filter.sort.value = sortOf(sort) ?? "code";
    const rows = ledgerRows(cases, parcels, filter, "2020-08-01", ordersOf(campaign));
    return [...rows].map((row) => nounOf(row).id);
  };

  it.each([
    ["code", [1, 2, 3, 9]],
    ["-code", [3, 2, 1, 9]],
    ["land", [2, 3, 1, 9]],
    ["-land", [1, 3, 2, 9]],
    ["label", [2, 3, 1, 9]],
    ["sides", [2, 1, 3, 9]],
    ["effective", [3, 1, 2, 9]],
    ["-effective", [3, 1, 2, 9]],
    ["stage", [1, 3, 2, 9]],
  ])("by %s, what has no value and parcels last", (sort, ids) => {
    expect(by(sort)).toEqual(ids);
  });

  it("is not taken from a text that names none", () => {
    expect([sortOf("-land"), sortOf("price"), sortOf(undefined)]).toEqual([
      "-land",
      undefined,
      undefined,
    ]);
  });
});

describe("conditions", () => {
  const today = "2020-09-30";
  function setup() {
    const cases = new CaseStore();
    cases.reset([summary(1, { village }), summary(2, { unit: "xincheng" })]);
    const filter = createFilter();
    return { cases, filter, chips: createChips(filter, shallowRef(campaign), cases) };
  }

  it("let through what is late or due within so many days, of a village, with a side state", () => {
    const { filter } = setup();
    const one = summary(1, { village, sides: ["blocked"], deadline: "2020-10-15" });
    filter.within.value = 15;
    expect(passes(filter, one, today)).toBe(true);
    filter.within.value = 14;
    expect(passes(filter, one, today)).toBe(false);
    expect(passes(filter, { ...one, deadline: "2020-09-01" }, today)).toBe(true);
    expect(passes(filter, { ...one, deadline: undefined }, today)).toBe(false);
    filter.clear();
    filter.village.value = village.code;
    filter.side.value = "blocked";
    expect(passes(filter, one, today)).toBe(true);
    expect(passes(filter, { ...one, sides: [] }, today)).toBe(false);
    expect(passes(filter, { ...one, village: undefined }, today)).toBe(false);
  });

  it("stand as chips in words, each taken back by itself, all of them at once", () => {
    const { filter, chips } = setup();
    for (const slot of [3, 4, 5, 7]) filter.toggleStage(slot);
    filter.within.value = 15;
    filter.unit.value = "honghe";
    filter.side.value = "blocked";
    filter.search.value = "宏";
    let listed = true;
    chips.others.value = [
      {
        code: "list",
        text: both("逾期·全区"),
        clear: () => {
          listed = false;
        },
      },
    ];
    expect(chips.all.value.map((chip) => chip.text.zh)).toEqual([
      "逾期·全区",
      "阶段 3–5、7",
      "期限 15 天内及逾期",
      "洪合镇",
      "卡点",
      "含“宏”",
    ]);
    chips.all.value.find(({ code }) => code === "stages")?.clear();
    expect(filter.stages.value.size).toBe(0);
    chips.clear();
    expect([filter.active.value, listed]).toEqual([false, false]);
  });

  it("offer the villages that have cases, those of the unit", () => {
    const { cases } = setup();
    expect(villagesOf(cases)).toEqual([village]);
    expect(villagesOf(cases, "xincheng")).toEqual([]);
  });

  it("come back from an address and from a saved filter", () => {
    const { filter } = setup();
    filter.toggleStage(3);
    filter.within.value = 7;
    filter.side.value = "held";
    filter.sort.value = "-land";
    const link = formatLink(linkOfFilter(filter, ""));
    const other = createFilter();
    filterByLink(other, parseLink(link));
    expect(formatLink(linkOfFilter(other, ""))).toBe(link);
    expect([other.within.value, other.side.value, other.sort.value]).toEqual([7, "held", "-land"]);
  });
});

describe("table of this browser", () => {
  it("keeps columns, row height and filters by name", () => {
    const keeper = memory();
    const table = createTable(keeper);
    table.columns.value = ["unit", "batch"];
    table.density.value = "loose";
    table.save({ name: "红灯", link: "unit=a" });
    table.save({ name: "红灯", link: "unit=b" });
    const again = createTable(keeper);
    expect(chosenColumns(again.columns.value).map(({ code }) => code)).toEqual([
      ...["code", "label", "unit", "batch"],
    ]);
    expect(rowHeight(again.density.value, true)).toBe(40);
    expect(again.saved.value).toEqual([{ name: "红灯", link: "unit=b" }]);
    again.forget("红灯");
    expect(createTable(keeper).saved.value).toEqual([]);
  });

  it("has its usual look where nothing, or something strange, is kept", () => {
    const keeper = memory();
    keeper.setItem("guatu.table", '{"columns":["price"],"density":"normal"}');
    const { columns, density } = createTable(keeper);
    expect(columns.value).toBeUndefined();
    expect([rowHeight(density.value, true), rowHeight(density.value, false)]).toEqual([36, 32]);
  });
});

describe("one act for many cases", () => {
  const mark = (refusal?: string): Action => ({
    ...{ kind: "case.milestone", milestone: "vacated", button: both("?"), main: true },
    ...(refusal ? { refusal: both(refusal) } : {}),
  });
  const file = (id: number, actions: Action[], more: Partial<CaseSummary> = {}): CaseDetail =>
    detail(id, {
      ...{ case: summary(id, more), actions },
      milestones: [
        { code: "vacated", standing: "next" },
        { code: "closed", standing: "open" },
      ],
    });

  async function looked(files: CaseDetail[]) {
    const read = new Map(files.map((each) => [each.case.id, each]));
    const batch = createBatch(
      { caseDetail: async (id) => read.get(id) ?? detail(id) },
      campaign,
      files.map((each) => each.case.id),
    );
    await batch.read();
    const [act] = batch.acts.value;
    if (!act) throw new Error("no act");
    return { batch, act, verdicts: batch.verdicts(act) };
  }

  it("asks the server about each, and keeps its verdicts", async () => {
    const { batch, act, verdicts } = await looked([
      file(1, [mark("还不能标记已腾空：尚未停产")]),
      file(2, [mark()], { m2: 2000 }),
      file(3, [], { track: "upgrade" }),
    ]);
    expect(batch.asked.value).toBe(3);
    expect([act.button.zh, act.allowed]).toEqual(["标记已腾空", 1]);
    expect(verdicts.map((each) => [each.detail.case.id, each.refusal?.zh])).toEqual([
      [2, undefined],
      [1, "还不能标记已腾空：尚未停产"],
      [3, "该节点已办或不属于本专项"],
    ]);
    expect(batchFigure(verdicts.filter((each) => !each.refusal))).toEqual({ count: 1, mu: 300 });
  });

  it("becomes one change a case, from the version looked at, and shows what will be", async () => {
    const { act, verdicts } = await looked([file(1, [mark()], { version: 4 }), file(2, [mark()])]);
    const changes = batchChanges(verdicts, act, { date: "2020-09-29", note: "", checks: [] });
    expect(changes).toEqual([
      {
        ...{ kind: "case.milestone", case_id: 1, base_version: 4 },
        ...{ milestone: "vacated", date: "2020-09-29" },
      },
      {
        ...{ kind: "case.milestone", case_id: 2, base_version: 1 },
        ...{ milestone: "vacated", date: "2020-09-29" },
      },
    ]);
    const expected = batchExpected(verdicts, act, campaign, "2020-09-30");
    expect(expected.map((each) => [each.stage, each.next])).toEqual([
      [6, "closed"],
      [6, "closed"],
    ]);
  });

  it("says why the cases could not be read", async () => {
    const caseDetail = () => Promise.reject(new Error("away"));
    const batch = createBatch({ caseDetail }, campaign, [1]);
    await batch.read();
    expect(batch.failure.value?.zh).toBe("暂时连不上服务器，请稍后重试");
    expect(batch.acts.value).toEqual([]);
  });
});

describe("search", () => {
  const found = (label: string): SearchResult => ({
    ...{ revision: 1, day: "2020-09-30", found: { case: 12, unit: 1 } },
    items: [
      { kind: "unit", code: "honghe", label, unit: "honghe", query: "" },
      { kind: "case", id: 1, code: "XZ-1", label, unit: "honghe", query: "" },
    ],
  });

  function setup() {
    const asked: string[] = [];
    const answers: ((result: SearchResult) => void)[] = [];
    const search = (q: string) => {
      asked.push(q);
      return new Promise<SearchResult>((done) => answers.push(done));
    };
    const tasks = new Set<() => void>();
    const searching = createSearching({ search }, (task) => {
      tasks.add(task);
      return () => tasks.delete(task);
    });
    const rest = () => {
      for (const task of tasks) {
        tasks.delete(task);
        task();
      }
    };
    const type = (text: string) => {
      searching.text.value = text;
      searching.typed();
    };
    return { searching, asked, answers, type, rest };
  }

  it("asks once when typing rests, and groups what comes by kind, cases first", async () => {
    const { searching, asked, answers, type, rest } = setup();
    for (const text of ["h", "hl", "hlz "]) type(text);
    rest();
    expect(asked).toEqual(["hlz"]);
    answers[0]?.(found("宏联织造厂"));
    await Promise.resolve();
    expect(searching.groups.value?.map(({ kind, found: n }) => [kind, n])).toEqual([
      ["case", 12],
      ["unit", 1],
    ]);
    expect(searching.items.value.map(({ kind }) => kind)).toEqual(["case", "unit"]);
  });

  it("shows only the answer to the last question, and none to an emptied field", async () => {
    const { searching, answers, type, rest } = setup();
    type("a");
    rest();
    type("ab");
    rest();
    answers[1]?.(found("新"));
    answers[0]?.(found("旧"));
    await Promise.resolve();
    await Promise.resolve();
    expect(searching.items.value[0]?.label).toBe("新");
    type(" ");
    expect(searching.groups.value).toBeUndefined();
  });
});

it("a filter of one page is followed by its chips", () => {
  const filter = createFilter(ref("rectify"));
  const chips = createChips(filter, shallowRef(campaign), new CaseStore());
  expect(chips.all.value).toEqual([]);
  filter.late.value = true;
  expect(chips.all.value.map(({ code }) => code)).toEqual(["late"]);
});
