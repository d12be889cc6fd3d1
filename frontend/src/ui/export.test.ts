// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import type { ExportedFile, ExportRequest } from "../api/exports";
import { ApiProblem } from "../api/problem";
import ExportDialog from "./export-dialog.vue";
import { find, setup } from "./testing";

const file = { name: "图斑.zip", content: new Blob(["x"]) };

async function open(answer: (request: ExportRequest) => Promise<ExportedFile>) {
  const asked: ExportRequest[] = [];
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  const { page } = await setup(ExportDialog, {
    exportFile: (request) => {
      asked.push(request);
      return answer(request);
    },
  });
  const choose = async (name: string) => {
    const field = find<HTMLInputElement>(page, `[data-test="export-${name}"]`);
    field.checked = true;
    field.dispatchEvent(new Event("change"));
    await nextTick();
  };
  const form = find(page, '[data-test="export-form"]');
  const run = () => form.dispatchEvent(new Event("submit", { cancelable: true }));
  const is = (name: string) => page.querySelector(`[data-test="export-${name}"]`) !== null;
  return { page, asked, choose, run, is };
}

describe("export dialog", () => {
  it("asks of a form only what it has a choice of, and says what was saved", async () => {
    const { page, asked, choose, run, is } = await open(async () => file);
    expect(is("format")).toBe(false);
    await choose("parcels");
    expect(is("format") && is("encoding")).toBe(true);
    await choose("whole");
    run();
    await vi.waitFor(() => expect(page.textContent).toContain("已导出：图斑.zip"));
    expect(asked[0]?.content).toBe("parcels");
    expect(asked[0]?.query).toMatchObject({ format: "shp", encoding: "GBK", crs: 4490 });

    const format = find<HTMLSelectElement>(page, '[data-test="export-format"]');
    format.value = "dxf";
    format.dispatchEvent(new Event("change"));
    await nextTick();
    expect(is("encoding")).toBe(false);
  });

  it("shows rows while the file is made and bytes while it comes, and stops when told so", async () => {
    let told: ExportRequest | undefined;
    const { page, choose, run } = await open((request) => {
      told = request;
      return new Promise(() => {});
    });
    await choose("whole");
    run();
    await nextTick();
    told?.onStep({ phase: "make", done: 1200, total: 100_000 });
    await nextTick();
    expect(page.textContent).toContain("正在生成，1,200/100,000");
    told?.onStep({ phase: "send", done: 3 * 1_048_576, total: 0 });
    await nextTick();
    expect(page.textContent).toContain("正在下载，3.0 MB");
    find(page, '[data-test="step-cancel"]').click();
    expect(told?.signal.aborted).toBe(true);
  });

  it("says in the server's words why there is no file", async () => {
    const text = { zh: "“𠮷”不在 GBK 字符集内，请选择 UTF-8", en: "choose UTF-8" };
    const { page, choose, run, is } = await open(() =>
      Promise.reject(new ApiProblem(400, "not_in_gbk", text)),
    );
    await choose("whole");
    run();
    await vi.waitFor(() => expect(is("failure")).toBe(true));
    expect(page.textContent).toContain(text.zh);
  });
});
