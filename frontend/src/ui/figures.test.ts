// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { defineComponent, h, nextTick, ref } from "vue";
import { casePage } from "../domain/testing";
import { count, figureCampaign, metric, row, sheet, step } from "../domain/testing-figures";
import { person, summary } from "../store/testing";
import FigureLink from "./figure-link.vue";
import ProgressPanel from "./progress-panel.vue";
import { find, setup } from "./testing";
import TodoStrip from "./todo-strip.vue";
import { useRoving } from "./use-roving";

vi.stubGlobal("matchMedia", () => ({
  matches: false,
  addEventListener: () => {},
  removeEventListener: () => {},
}));

function unit(code: string, gap: number, late: number) {
  const light = gap <= -10 ? ("red" as const) : ("yellow" as const);
  return row(code, {
    metrics: [metric("rectified", { done: 30, exact: 30, task: 50, rate: 60, gap, light })],
    steps: [step("signed", 47)],
    late: count(late, "late=true"),
    place: 2,
    up: -1,
  });
}

describe("progress table", () => {
  const table = { ...unit("", -5, 7), place: undefined, up: undefined };
  const figures = async () =>
    sheet(table, { rows: [unit("honghe", -15, 5), unit("youchegang", -5, 6)] });
  const of = (page: HTMLElement, code: string, col: string) =>
    find(page, `[data-row="${code}"] [data-col="${col}"]`);

  async function mounted() {
    const Root = defineComponent(() => () => h(ProgressPanel, { folds: false }));
    const read = { campaign: async () => figureCampaign, figures };
    const { page, store } = await setup(Root, read);
    await vi.waitFor(() => find(page, '[data-row="honghe"]'));
    return { page, store };
  }

  it("colours a gap only where the lamp is red, and late ones from six on", async () => {
    const { page } = await mounted();
    const coloured = (code: string, col: string) => of(page, code, col).classList.contains("late");
    expect([coloured("honghe", "gap"), coloured("youchegang", "gap")]).toEqual([true, false]);
    expect([coloured("honghe", "late"), coloured("youchegang", "late")]).toEqual([false, true]);
    expect(of(page, "honghe", "light").textContent).toContain("红");
  });

  it("is a table with a caption, and heads for its columns and rows", async () => {
    const { page } = await mounted();
    expect(find(page, "caption").textContent).toBe("各责任主体进度");
    for (const head of page.querySelectorAll("thead th")) {
      expect(head.getAttribute("scope")).toMatch(/^col/);
    }
    expect(page.querySelectorAll('tbody th[scope="row"]')).toHaveLength(3);
    expect(find(page, ".place .visually-hidden").textContent).toContain("下降 1 位");
  });

  it("opens the list of a number, with an address of its own", async () => {
    const { page, store } = await mounted();
    const link = find<HTMLAnchorElement>(of(page, "honghe", "signed"), "a");
    expect(link.getAttribute("href")).toContain("list=reached%3Dsigned");
    link.click();
    expect(store.filter.list.value?.code).toBe("reached=signed&track=rectify");
    expect(store.page.value).toBe("todo");
  });

  it("says what was not read, and keeps the page", async () => {
    const Root = defineComponent(() => () => h(ProgressPanel, { folds: false }));
    const failing = vi.fn().mockRejectedValueOnce(new Error("away")).mockImplementation(figures);
    const { page } = await setup(Root, { campaign: async () => figureCampaign, figures: failing });
    await vi.waitFor(() => expect(page.textContent).toContain("进度没有读到"));
    find<HTMLButtonElement>(page, ".trouble button").click();
    await vi.waitFor(() => find(page, '[data-row="honghe"]'));
    expect(page.textContent).not.toContain("进度没有读到");
  });
});

describe("a number", () => {
  it("at 0, or without a list, is no link", async () => {
    const Root = defineComponent(() => () => [
      h(FigureLink, { list: "late=true", empty: true }, () => "0"),
      h(FigureLink, { list: undefined }, () => "5"),
      h(FigureLink, { list: "late=true" }, () => "7"),
    ]);
    const { page } = await setup(Root);
    expect([...page.querySelectorAll("a")].map((link) => link.textContent)).toEqual(["7"]);
  });

  it("opens the ledger from a page that has none", async () => {
    const Root = defineComponent(() => () => h(FigureLink, { list: "late=true" }, () => "7"));
    const { page, store } = await setup(Root);
    store.page.value = "progress";
    find<HTMLAnchorElement>(page, "a").click();
    expect(store.page.value).toBe("ledger");
  });
});

describe("to-do", () => {
  const group = (code: string, n: number, mine: boolean) => ({
    ...{ code, name: { zh: code, en: code }, mine, count: n, parts: [] },
    query: code === "late" ? "late=true" : `side=${code}`,
  });
  const todo = async () => ({
    ...{ revision: 1, day: "2020-09-30", mine: 6 },
    groups: [group("review", 6, true), group("returned", 0, true), group("late", 23, false)],
  });

  it("keeps a tile of 0, muted, and tells the person's part from the district's", async () => {
    const { page } = await setup(TodoStrip, { todo });
    await vi.waitFor(() => find(page, '[data-todo="late"]'));
    expect(find(page, '[data-todo="returned"]').classList.contains("none")).toBe(true);
    expect(find(page, '[data-todo="review"]').classList.contains("none")).toBe(false);
    expect(find(page, '[data-block="mine"] [data-test="todo-mine"]').textContent).toBe("6");
    expect(find(page, '[data-block="district"]').textContent).toContain("23");
  });

  it("opens the list of a tile, and says which is open", async () => {
    const cases = async () => casePage([summary(1)], { total: 1 });
    const { page, store } = await setup(TodoStrip, { todo, cases });
    await vi.waitFor(() => find(page, '[data-todo="late"]'));
    find<HTMLAnchorElement>(page, '[data-todo="late"]').click();
    await nextTick();
    expect(store.filter.list.value?.code).toBe("late=true");
    expect(find(page, '[data-todo="late"]').getAttribute("aria-current")).toBe("true");
  });

  it("asks for a person, and shows the district's figures until one is chosen", async () => {
    const asked = vi.fn(todo);
    const { page, store } = await setup(TodoStrip, {
      todo: asked,
      session: async () => undefined,
      choosePerson: async () => person,
      figures: async () => sheet({ late: count(23, "late=true") }),
    });
    await vi.waitFor(() => find(page, '[data-todo="late"]'));
    expect(asked).not.toHaveBeenCalled();
    expect(page.querySelector('[data-block="mine"]')).toBeNull();
    find<HTMLButtonElement>(page, '[data-test="todo-person"]').click();
    expect(store.session.asking.value).toBe(true);
    await store.session.choose(person.id);
    await vi.waitFor(() => find(page, '[data-block="mine"]'));
  });
});

describe("a table with arrows inside", () => {
  it("is one stop, and moves to the nearest in the next row", async () => {
    const Table = defineComponent(() => {
      const table = ref<HTMLElement>();
      const roving = useRoving(table);
      const cell = (name: string) =>
        h("td", name ? h("button", { tabindex: "-1", id: name }, name) : "");
      const line = (names: string[]) => h("tr", names.map(cell));
      return () =>
        h("table", { ref: table, onKeydown: roving.onKey, onFocusin: roving.onFocus }, [
          h("tbody", [line(["a", "b", "c"]), line(["", "", ""]), line(["", "e", ""])]),
        ]);
    });
    const { page } = await setup(Table);
    const stops = () => [...page.querySelectorAll('[tabindex="0"]')].map((each) => each.id);
    const press = (key: string) =>
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    expect(stops()).toEqual(["a"]);
    find(page, "#a").focus();
    for (const [key, at] of [
      ["End", "c"],
      ["ArrowDown", "e"],
      ["ArrowRight", "e"],
      ["ArrowUp", "b"],
      ["ArrowLeft", "a"],
      ["ArrowUp", "a"],
    ]) {
      press(key ?? "");
      expect([document.activeElement?.id, stops()], key).toEqual([at, [at]]);
    }
  });
});
