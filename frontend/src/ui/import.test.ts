// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import type { ImportRequest } from "../api/imports";
import { Cancelled } from "../api/problem";
import { importReport } from "../domain/testing";
import type { ImportReport } from "../domain/types";
import ImportDialog from "./import-dialog.vue";
import { find, setup } from "./testing";

type Answer = (request: ImportRequest) => Partial<ImportReport> | Promise<ImportReport>;

/** The dialog with a file chosen; the last answer goes on being given. */
async function open(...answers: Answer[]) {
  const asked: ImportRequest[] = [];
  const { page, store } = await setup(ImportDialog, {
    importFile: async (request) => {
      asked.push(request);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return importReport({ dry_run: request.dryRun, ...(await answer?.(request)) });
    },
  });
  const input = find<HTMLInputElement>(page, '[data-test="import-file"]');
  Object.defineProperty(input, "files", { value: [new File(["x"], "洪合镇.zip")] });
  input.dispatchEvent(new Event("change"));
  await nextTick();
  return { page, store, asked, ...hands(page, asked) };
}

function hands(page: HTMLElement, asked: ImportRequest[]) {
  const press = (name: string) => find(page, `[data-test="import-${name}"]`).click();
  return {
    press,
    text: (name: string) => find(page, `[data-test="import-${name}"]`).textContent ?? "",
    is: (name: string) => page.querySelector(`[data-test="import-${name}"]`) !== null,
    off: (name: string) => find<HTMLButtonElement>(page, `[data-test="import-${name}"]`).disabled,
    async preview() {
      const times = asked.length;
      press("preview");
      await vi.waitFor(() => expect(asked.length).toBe(times + 1));
      await nextTick();
      await nextTick();
    },
    async answer(selector: string, value?: string) {
      const field = find<HTMLInputElement>(page, selector);
      if (value === undefined) field.checked = true;
      else field.value = value;
      field.dispatchEvent(new Event("change"));
      await nextTick();
    },
  };
}

const diff: Partial<ImportReport> = {
  ...{ features: 4, accepted: 3, created: 1, changed: 1, unchanged: 1, gone: 203 },
  rejected: [
    { row: 14, code: "T4", reason: "图形自相交", reason_en: "crosses", place: [120.66, 30.7] },
  ],
  ...{ rejected_more: 5, fields: { code: "编号", label: "名称" }, columns: ["编号", "名称"] },
  ...{ total_mu: "32839.37" },
  diff: {
    ...{ changed_geometry: 1, changed_attributes: 1 },
    created: [],
    changed: [
      {
        ...{ row: 2, code: "T1", label: "新名" },
        fields: [
          { field: "label", before: "旧名", after: "新名" },
          { field: "unit", before: "", after: "honghe" },
          { field: "名称", before: "旧名", after: "新名" },
          { field: "电话", before: "1", after: "2" },
        ],
        geometry: { before_m2: 3746.67, after_m2: 3626.67, before_mu: "5.62", after_mu: "5.44" },
      },
    ],
    gone: [{ code: "T3", label: "三号", mu: "1234.50" }],
  },
};

describe("import dialog", () => {
  it("asks for the CRS, previews, and only then applies the very same", async () => {
    const needsCrs: Answer = ({ crs }) => (crs ? {} : { needs: ["crs"] });
    const { page, asked, press, off, preview, answer, text } = await open(needsCrs);
    expect(text("summary")).toContain("请先预览，再应用");
    await preview();
    const choices = [...page.querySelectorAll('[data-test="import-crs"] label')];
    expect(choices.map((choice) => choice.textContent?.trim())).toEqual([
      ...[
        "CGCS2000（4490）",
        "3度带120E（4549）",
        "带号40（4528）",
        "高德（GCJ-02）",
        "百度（BD-09）",
      ],
    ]);
    expect(off("apply")).toBe(true);
    expect(text("summary")).toContain("请先作出选择，再预览");
    await answer('input[value="GCJ-02"]');
    expect(off("apply")).toBe(true);
    expect(text("summary")).toContain("读取方式有改动，请重新预览");
    await preview();
    expect(text("summary")).toContain("将导入 3 个地块，面积 4.50 亩");
    press("apply");
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    expect(asked.map(({ crs, dryRun }) => [crs, dryRun])).toEqual([
      [undefined, true],
      ["GCJ-02", true],
      ["GCJ-02", false],
    ]);
  });

  it("offers the layers and the columns of the file", async () => {
    const { page, asked, preview, answer } = await open(
      () => ({ needs: ["layer"], layers: ["宗地", "图斑"] }),
      () => ({ columns: ["编号", "名称", "备注"], fields: { label: "名称" } }),
    );
    await preview();
    await answer('input[value="图斑"]');
    await preview();
    expect(asked[1]?.layer).toBe("图斑");
    const code = find<HTMLSelectElement>(page, '[data-test="import-code"]');
    expect(code.selectedOptions[0]?.textContent).toBe("没有认出，请选择");
    expect(find<HTMLSelectElement>(page, '[data-test="import-label"]').value).toBe("名称");
    await answer('[data-test="import-code"]', "编号");
    await answer('[data-test="import-repair"]');
    await preview();
    expect(asked[2]).toMatchObject({ map: ["code=编号"], repair: true });
  });

  it("lets one layer be named where several were read together", async () => {
    const text = { zh: "2 个图层都已读入", en: "2 layers were read" };
    const { page, asked, preview } = await open(() => ({
      ...{ columns: ["编号"], findings: [{ code: "several_layers", text }] },
    }));
    await preview();
    const name = find<HTMLInputElement>(page, '[placeholder="不填为全部图层"]');
    name.value = " 图斑 ";
    name.dispatchEvent(new Event("input"));
    await nextTick();
    await preview();
    expect(asked.map(({ layer }) => layer)).toEqual([undefined, "图斑"]);
  });

  it("shows what changes field by field, what is gone and what is wrong", async () => {
    const { page, preview, text } = await open(() => diff);
    await preview();
    expect(text("headline")).toBe("共 4 行，3 行可导入，6 行有误，可下载错误清单");
    const row = find(page, '[data-row="2"]');
    const lines = [...row.querySelectorAll(".line")].map((line) => line.textContent);
    expect(lines).toEqual([
      ...["图斑面积5.62 亩→5.44 亩", "名称旧名→新名", "责任主体—→洪合镇", "电话1→2"],
    ]);
    expect(row.textContent).toContain("−0.18 亩（−3.2%）");
    expect(text("gone")).toContain("本次文件中没有的地块（未删除） 203");
    expect(text("gone")).toContain("1,234.50 亩");
    expect(text("gone")).toContain("另有 202 条");
    expect(text("rejected")).toContain("第 14 行");
    expect(text("rejected")).toContain("另有 5 条");
    expect(text("summary")).toContain("将导入 3 个地块，面积 32,839.37 亩");
    expect(text("summary")).toContain("新增 1，更新 1，无变化 1；6 行不导入，203 个保留不动");
    expect(find(page, '[data-count="gone"]').textContent).toContain("203");
  });

  it("points at a fault on the map and comes back to the same report", async () => {
    const { page, store, preview, press, is } = await open(() => diff);
    await preview();
    press("locate");
    await nextTick();
    expect(store.pointed.value).toEqual([120.66, 30.7]);
    await vi.waitFor(() => expect(find<HTMLDialogElement>(page, "dialog").open).toBe(false));
    expect(find(page, '[data-test="import-located"]').textContent).toContain("图形自相交");
    find(page, '[data-test="import-located"] button').click();
    await vi.waitFor(() => expect(find<HTMLDialogElement>(page, "dialog").open).toBe(true));
    expect(store.pointed.value).toBeUndefined();
    expect(is("report")).toBe(true);
  });

  it("shows how far it is, asks before it is closed, and goes on when told so", async () => {
    let told: ImportRequest | undefined;
    const { page, preview, press, text, is } = await open(
      () => ({}),
      (request) => {
        told = request;
        return new Promise((_, fail) => {
          request.signal?.addEventListener("abort", () => fail(new Cancelled()));
        });
      },
    );
    await preview();
    press("apply");
    await vi.waitFor(() => expect(told).toBeDefined());
    told?.onStep?.({ phase: "upload", done: 0, total: 0 });
    await nextTick();
    expect(text("progress")).toContain("正在上传");
    expect(find(page, "progress").hasAttribute("value")).toBe(false);
    told?.onStep?.({ phase: "read", done: 1200, total: 2000 });
    await nextTick();
    expect(text("progress")).toContain("读取 1,200/2,000 行");
    expect(find<HTMLProgressElement>(page, "progress").value).toBe(1200);
    told?.onStep?.({ phase: "write", done: 500, total: 2000 });
    await nextTick();
    expect(text("progress")).toContain("写入 500/2,000");

    find(page, '[data-test="modal-close"]').click();
    await nextTick();
    expect(page.textContent).toContain("导入还没有完成，关闭将取消导入，确定？");
    const goOn = [...page.querySelectorAll("button")].find((b) =>
      b.textContent?.includes("继续导入"),
    );
    goOn?.click();
    await nextTick();
    expect(told?.signal?.aborted).toBe(false);
    find(page, `[data-test="step-cancel"]`).click();
    await vi.waitFor(() => expect(is("failure")).toBe(true));
    expect(text("failure")).toContain("已取消");
  });

  it("offers to take the batch back once it is in, with a reason", async () => {
    const { page, store, preview, press, is, off } = await open(({ dryRun }) =>
      dryRun ? {} : { batch_id: "batch-7", revision: 8 },
    );
    await preview();
    press("apply");
    await vi.waitFor(() => expect(is("undo")).toBe(true));
    expect(page.textContent).toContain("已导入 3 个地块，面积 4.50 亩");
    expect(is("apply")).toBe(false);
    const perform = vi.fn(async () => true);
    store.acting.perform = perform;
    press("undo");
    await nextTick();
    const reason = find<HTMLTextAreaElement>(page, '[data-test="reason"]');
    reason.value = "导错文件";
    reason.dispatchEvent(new Event("input"));
    reason.closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    await vi.waitFor(() => expect(page.textContent).toContain("已整批撤回"));
    const undo = { kind: "batch.undo", batch_id: "batch-7", reason: "导错文件" };
    expect(perform.mock.calls).toEqual([
      ["import.undo", undo, { zh: "已整批撤回", en: "The batch was taken back" }],
    ]);
    expect(is("undo")).toBe(false);
    press("preview");
    await vi.waitFor(() => expect(off("apply")).toBe(false)); // and is applied again
  });

  it("waits for a word on each doubtful row, and leaves out what is not wanted", async () => {
    const text = (zh: string) => ({ zh, en: zh });
    const findings = [
      { row: 1, code: "overlap_stored", text: text("第 1 行与已有地块 P1 重叠 0.36 亩") },
      { row: 2, code: "code_retired", text: text("第 2 行的编号 T1 已分割") },
      { row: 3, code: "outside_units", text: text("第 3 行的地块不在任何责任主体范围内") },
    ];
    const page = await open(() => ({ ...diff, findings }));
    await page.preview();
    expect(page.text("summary")).toContain("还有 2 行待确认");
    expect(page.off("apply")).toBe(true);
    page.press("only-waiting");
    await nextTick();
    expect(page.page.querySelectorAll("tr[data-row]")).toHaveLength(2);
    find(page.page, '[data-row="1"] .choice button').click();
    page.press("keep"); // of the row under the cursor, which is the first
    await nextTick();
    expect(page.text("summary")).toContain("还有 1 行待确认");
    const list = find(page.page, '[data-test="import-changed"]');
    list.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
    await nextTick();
    list.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    await nextTick();
    expect(page.text("summary")).toContain("1 行按您的选择不导入");
    page.press("apply");
    await vi.waitFor(() => expect(page.asked[page.asked.length - 1]?.leaveOut).toEqual([1]));
  });
});
