import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createApi } from "./client";
import { ApiProblem, failureText, NoAnswer } from "./problem";

const root = "http://server.test";

function serving(answer: () => Response | Promise<Response>) {
  const asked: Request[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push(input instanceof Request ? input : new Request(input, init));
    return answer();
  };
  return { api: createApi(fetch as typeof globalThis.fetch, root), asked };
}

function json(body: unknown, status = 200, type = "application/json"): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": type } });
}

describe("client", () => {
  it("asks under /api/v1 and leaves out what is not asked for", async () => {
    const { api, asked } = serving(() => json({ total: 0, total_m2: 0, total_mu: 0, items: [] }));
    await api.cases({ stage: [5, 6], unit: undefined, q: "a b" });
    expect(asked[0]?.url).toBe(`${root}/api/v1/cases?stage=5,6&q=a%20b`);
    await api.units(7);
    expect(asked[1]?.url).toBe(`${root}/api/v1/layers/units?min_revision=7`);
  });

  it("reads parcels in the flat form, whole or what changed since", async () => {
    const file = readFileSync(new URL("../../../geo/flat/testdata/layer.flat", import.meta.url));
    const { api, asked } = serving(() => new Response(new Uint8Array(file)));
    expect((await api.parcels(7)).revision).toBe(4711);
    expect(asked[0]?.url).toBe(`${root}/api/v1/layers/parcels/flat?min_revision=7`);
    await api.parcels(undefined, 4700);
    expect(asked[1]?.url).toBe(`${root}/api/v1/layers/parcels/flat?since=4700`);
  });

  it("turns problem+json into a problem with both sentences", async () => {
    const body = {
      status: 409,
      code: "prerequisite_missing",
      detail: "还不能",
      detail_en: "not yet",
    };
    const { api } = serving(() => json(body, 409, "application/problem+json"));
    const failure = await api.caseDetail(1).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ApiProblem);
    expect(failure).toMatchObject({ status: 409, code: "prerequisite_missing", passing: false });
    expect(failureText(failure)).toEqual({ zh: "还不能", en: "not yet" });
  });

  it("says of an answer that is no problem what to tell the administrator", async () => {
    const { api } = serving(() => new Response("<html>", { status: 502 }));
    const failure = await api.health().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ status: 502, code: "unknown", passing: true });
    expect(failureText(failure).zh).toBe("系统出错，内容未丢失；请把编号 HTTP 502 告诉管理员");
  });

  it("tells silence from refusal", async () => {
    const { api } = serving(() => Promise.reject(new TypeError("Failed to fetch")));
    expect(await api.health().catch((thrown: unknown) => thrown)).toBeInstanceOf(NoAnswer);
  });
});
