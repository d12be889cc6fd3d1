import { describe, expect, it } from "vitest";
import { importReport } from "../domain/testing";
import { type ImportRequest, type ImportStep, importFile } from "./imports";
import { ApiProblem, Broken, Cancelled, failureText, NoAnswer } from "./problem";

const url = "http://server.test/api/v1/imports";
const file = new File(["x"], "a.zip");
const plain: ImportRequest = { file, dryRun: true, opId: "o" };
const stream = { "content-type": "text/event-stream; charset=utf-8" };

function event(kind: string, data: unknown): string {
  return `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Imports from a server that answers so; gives what came of it, what was asked, and the steps told. */
async function imported(
  answer: (asked: Request) => Response | Promise<Response>,
  more: Partial<ImportRequest> = {},
) {
  const asked: Request[] = [];
  const steps: ImportStep[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    asked.push(request);
    return answer(request);
  };
  const request = { ...plain, onStep: (step: ImportStep) => steps.push(step), ...more };
  const outcome = await importFile(fetch as typeof globalThis.fetch, url, request).catch(
    (thrown: unknown) => thrown,
  );
  return { outcome, asked, steps };
}

describe("import of a file", () => {
  it("sends the file with what is said of it, and what is not said is absent", async () => {
    const { asked } = await imported(() => Response.json(importReport()), {
      ...{ crs: "4549", layer: "宗地", map: ["code=DKBM", "label=QYMC"], repair: true },
    });
    expect(asked[0]?.headers.get("accept")).toBe("text/event-stream");
    const form = await asked[0]?.formData();
    expect(form?.get("crs")).toBe("4549");
    expect(form?.get("layer")).toBe("宗地");
    expect(form?.getAll("map")).toEqual(["code=DKBM", "label=QYMC"]);
    expect(form?.get("repair")).toBe("true");
    expect(form?.get("dry_run")).toBe("true");
    expect(form?.has("encoding")).toBe(false);
    expect(form?.get("file")).toMatchObject({ name: "a.zip" });
  });

  it("tells every step and gives the report at the end", async () => {
    const report = importReport({ needs: ["crs"] });
    const text =
      event("progress", { phase: "read", done: 0, total: 0 }) +
      event("progress", { phase: "read", done: 3, total: 3 }) +
      event("progress", { phase: "write", done: 3, total: 3 }) +
      event("report", report);
    const { outcome, steps } = await imported(() => new Response(text, { headers: stream }));
    expect(outcome).toEqual(report);
    expect(steps).toEqual([
      { phase: "upload", done: 0, total: 0 },
      { phase: "read", done: 0, total: 0 },
      { phase: "read", done: 3, total: 3 },
      { phase: "write", done: 3, total: 3 },
    ]);
  });

  it("takes 422 without a stream as a report", async () => {
    const report = importReport({ needs: ["layer"], layers: ["a", "b"] });
    const { outcome } = await imported(() => Response.json(report, { status: 422 }));
    expect(outcome).toEqual(report);
  });

  it("says a problem in its own words, in the stream and before it", async () => {
    const problem = { status: 403, code: "denied", detail: "没有权限", detail_en: "no right" };
    for (const answer of [
      () => new Response(event("problem", problem), { headers: stream }),
      () => Response.json(problem, { status: 403 }),
    ]) {
      const { outcome } = await imported(answer);
      expect(outcome).toBeInstanceOf(ApiProblem);
      expect(outcome).toMatchObject({ status: 403, code: "denied" });
      expect(failureText(outcome)).toEqual({ zh: "没有权限", en: "no right" });
    }
  });

  it("is broken when the stream ends before the report, is cut off, or is no JSON", async () => {
    const step = event("progress", { phase: "read", done: 1, total: 3 });
    const cut = () => {
      let pulls = 0;
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (pulls++ === 0) controller.enqueue(new TextEncoder().encode(step));
          else controller.error(new TypeError("network error"));
        },
      });
    };
    const half = event("report", importReport()).slice(0, -1);
    for (const body of [step, half, `${step}event: report\ndata: {"feat\n\n`, cut()]) {
      const { outcome } = await imported(() => new Response(body, { headers: stream }));
      expect(outcome).toBeInstanceOf(Broken);
    }
  });

  it("can be taken back while it is sent and while it is answered", async () => {
    const before = new AbortController();
    before.abort();
    const sent = await imported(() => Promise.reject(new DOMException("", "AbortError")), {
      signal: before.signal,
    });
    expect(sent.outcome).toBeInstanceOf(Cancelled);

    const within = new AbortController();
    const answer = ({ signal }: Request) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const step = event("progress", { phase: "read", done: 1, total: 3 });
          controller.enqueue(new TextEncoder().encode(step));
          signal.addEventListener("abort", () => controller.error(signal.reason));
        },
      });
      return new Response(body, { headers: stream });
    };
    const onStep = ({ phase }: ImportStep) => {
      if (phase === "read") within.abort();
    };
    const answered = await imported(answer, { signal: within.signal, onStep });
    expect(answered.outcome).toBeInstanceOf(Cancelled);
  });

  it("tells a silent server from a file that can no longer be read", async () => {
    const silent = () => Promise.reject(new TypeError("Failed to fetch"));
    expect((await imported(silent)).outcome).toBeInstanceOf(NoAnswer);

    const gone = new File(["x"], "gone.zip");
    gone.slice = () => {
      const part = new Blob();
      part.arrayBuffer = () => Promise.reject(new DOMException("", "NotReadableError"));
      return part;
    };
    const { outcome } = await imported(silent, { file: gone });
    expect(failureText(outcome).zh).toBe("文件在选择之后有改动或已移走，请重新选择");
  });
});
