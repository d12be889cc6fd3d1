import { beforeEach, describe, expect, it } from "vitest";
import { createApi } from "../api/client";
import { createAuditing, createKeeping, exportAddress, logQuery, noFilter } from "./office";

/** A server that answers what it is told, and remembers what it was asked. */
function server(answers: Record<string, unknown>) {
  const asked: string[] = [];
  const api = createApi(async (input) => {
    const request = input as Request;
    const { pathname, search } = new URL(request.url);
    asked.push(`${request.method} ${pathname.replace("/api/v1", "")}${search}`);
    const body = answers[`${request.method} ${pathname.replace("/api/v1", "")}`];
    if (body === undefined) {
      const problem = { code: "no_right", detail: "您没有此项权限", detail_en: "no right" };
      return new Response(JSON.stringify(problem), {
        status: 403,
        headers: { "Content-Type": "application/problem+json" },
      });
    }
    if (body === null) return new Response(null, { status: 204 });
    return Response.json(body);
  }, "http://guatu.test");
  return { client: api.client, asked };
}

const state = { now: "2026-11-27T01:00:00Z", anchors: [] };

describe("the audit administrator's reading", () => {
  let log: ReturnType<typeof createAuditing>;
  let asked: string[];

  beforeEach(() => {
    const made = server({
      "GET /audit/entries": { items: [{ id: 9 }, { id: 8 }], kinds: [], next_before: 8 },
      "GET /audit/state": state,
    });
    asked = made.asked;
    log = createAuditing(made.client);
  });

  it("asks for what is chosen and nothing else, and goes on where the list ends", async () => {
    await log.find({ ...noFilter(), kind: "session.begin", outcome: "refused" });
    expect(asked).toContain("GET /audit/entries?outcome=refused&kind=session.begin");
    await log.more();
    expect(asked[asked.length - 1]).toBe(
      "GET /audit/entries?outcome=refused&kind=session.begin&before=8",
    );
    expect(log.entries.value.map(({ id }) => id)).toEqual([9, 8, 9, 8]);
  });

  it("names the same entries for the file", () => {
    const filter = { ...noFilter(), from: "2026-11-01", kind: "data.import", object: "a&b=c" };
    expect(exportAddress(filter, "xlsx")).toBe(
      "/api/v1/audit/export?from=2026-11-01&object=a%26b%3Dc&format=xlsx&kind=data.import",
    );
    expect(logQuery(noFilter())).toEqual({});
  });
});

describe("keeping accounts", () => {
  it("reads again after an act, and gives the password of the answer", async () => {
    const { client, asked } = server({
      "GET /accounts": [],
      "GET /staff": { people: [], roles: [], units: [] },
      "POST /accounts/he/password": { login: "he", password: "x" },
      "PUT /accounts/he/disabled": null,
    });
    const keeping = createKeeping(client);
    expect(await keeping.reset("he")).toEqual({ login: "he", password: "x" });
    expect(asked).toEqual(["POST /accounts/he/password", "GET /accounts", "GET /staff"]);
    await keeping.disable("he", true);
    expect(keeping.failure.value).toBeUndefined();
  });

  it("says why something was refused, and keeps saying it", async () => {
    const keeping = createKeeping(server({ "GET /accounts": [], "GET /staff": {} }).client);
    expect(await keeping.approve("he")).toBeUndefined();
    expect(keeping.failure.value?.zh).toBe("您没有此项权限");
    expect(keeping.busy.value).toBe(false);
  });
});
