import { describe, expect, it } from "vitest";
import { type ExportStep, exportFile, nameIn } from "./exports";
import { ApiProblem, Broken, Cancelled } from "./problem";

/** A server that answers the file, and watches the progress. */
function server(answer: (url: URL, init?: RequestInit) => Response | Promise<Response>) {
  const asked: URL[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    const at = new URL(String(url), "http://x");
    asked.push(at);
    if (at.pathname.includes("/progress/")) {
      return new Response('event: progress\ndata: {"done":256,"total":512}\n\n');
    }
    return answer(at, init);
  };
  return { fetch: fetch as typeof globalThis.fetch, asked };
}

function request(query = {}) {
  const steps: ExportStep[] = [];
  const stop = new AbortController();
  const onStep = (step: ExportStep) => steps.push(step);
  const asked = { content: "parcels", query, id: "a-name", signal: stop.signal, onStep };
  return { asked, steps, stop };
}

const file = () =>
  new Response("content", {
    headers: {
      "content-type": "application/zip",
      "content-disposition": "attachment; filename*=UTF-8''%E5%9B%BE%E6%96%91.zip",
    },
  });

describe("exportFile", () => {
  it("asks with what is said and leaves out what is not, and gives the file by its name", async () => {
    const { fetch, asked } = server(file);
    const { asked: wanted } = request({ format: "shp", unit: "", late: undefined, ids: [3, 5] });
    const got = await exportFile(fetch, "/api/v1", wanted);
    expect(got.name).toBe("图斑.zip");
    expect(await got.content.text()).toBe("content");
    const url = asked.find(({ pathname }) => pathname === "/api/v1/export/parcels");
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      progress: "a-name",
      format: "shp",
      ids: "3,5",
    });
  });

  it("tells rows while the file is made and bytes while it comes", async () => {
    const { fetch } = server(async () => {
      await new Promise((done) => setTimeout(done));
      return file();
    });
    const { asked, steps } = request();
    await exportFile(fetch, "", asked);
    expect(steps[0]).toEqual({ phase: "make", done: 0, total: 0 });
    expect(steps).toContainEqual({ phase: "make", done: 256, total: 512 });
    expect(steps.pop()).toEqual({ phase: "send", done: 7, total: 0 });
  });

  it("says in the server's words why there is no file", async () => {
    const text = { code: "not_in_gbk", detail: "请选择 UTF-8", detail_en: "choose UTF-8" };
    const { fetch } = server(() => new Response(JSON.stringify(text), { status: 400 }));
    await expect(exportFile(fetch, "", request().asked)).rejects.toThrow(ApiProblem);
  });

  it("takes no file for whole that broke off", async () => {
    const body = new ReadableStream({
      pull: (control) => control.error(new TypeError("network error")),
    });
    const { fetch } = server(() => new Response(body));
    await expect(exportFile(fetch, "", request().asked)).rejects.toThrow(Broken);
  });

  it("can be taken back", async () => {
    const { asked, stop } = request();
    const { fetch } = server(() => {
      stop.abort();
      throw new DOMException("aborted", "AbortError");
    });
    await expect(exportFile(fetch, "", asked)).rejects.toThrow(Cancelled);
  });
});

it("a file without a name has one all the same", () => {
  expect(nameIn(null)).toBe("export");
});
