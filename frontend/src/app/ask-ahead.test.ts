import { describe, expect, it } from "vitest";
import { createApi } from "../api/client";
import type { SessionState } from "../domain/types";
import { createSettings } from "../store/settings";
import { createStore } from "../store/store";
import { campaign, memory, person, session } from "../store/testing";
import { askAhead } from "./ask-ahead";

const origin = "http://server.test";
const answers: Record<string, unknown> = {
  "/campaign": campaign,
  "/layers/units": { features: [] },
  "/layers": [],
  "/cases": { revision: 1, items: [] },
  "/conflicts": [],
};

/** A server for one page; `asked` are the addresses in the order of their asking. */
function server(who: SessionState, at: { pathname?: string; hash?: string } = {}) {
  const asked: string[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    const url = new URL(input instanceof Request ? input.url : input, origin);
    const path = url.pathname.replace("/api/v1", "");
    asked.push(path + url.search);
    return Response.json(path === "/session" ? who : (answers[path] ?? {}));
  };
  const ahead = askAhead(fetch, { origin, pathname: "/", hash: "", ...at });
  return { asked, ahead };
}

const settled = () => new Promise((done) => setTimeout(done));

describe("asking ahead", () => {
  it("asks what the page asks first, and each thing once", async () => {
    const { asked, ahead } = server(session);
    await settled();
    const before = [...asked];
    const api = createApi(ahead, origin);
    await createStore(
      api,
      createSettings(memory(), () => "1"),
    ).load();
    expect(before).toHaveLength(8);
    expect(asked).toEqual(before);
  });

  it("lets nobody ask before who looks is known", async () => {
    const { asked, ahead } = server(session);
    const state = createApi(ahead, origin).session();
    expect(asked).toEqual(["/session"]);
    await state;
    expect(asked).toHaveLength(8);
  });

  it("asks for nothing that who looks may not see", async () => {
    const { person: _nobody, ...rules } = session;
    for (const who of [
      rules,
      { ...session, due: "first" as const },
      { ...session, person: { ...person, role: "auditor" as const } },
    ]) {
      const { asked } = server(who);
      await settled();
      expect(asked).toEqual(["/session"]);
    }
  });

  it("leaves the wall to itself, and waits for who comes in by an address", async () => {
    const wall = server(session, { pathname: "/wall" });
    const entering = server(session, { hash: "#wall=gw_secret" });
    await settled();
    expect(wall.asked).toEqual(["/session"]);
    expect(entering.asked).toEqual([]);
  });

  it("gives an answer once, and none that was asked for before a change", async () => {
    const { asked, ahead } = server(session);
    await settled();
    const api = createApi(ahead, origin);
    await api.campaign();
    expect(asked).toHaveLength(8);
    await api.campaign();
    expect(asked.slice(8)).toEqual(["/campaign"]);
    await api.signIn("shen", "wrong").catch(() => undefined);
    await api.conflicts();
    expect(asked.slice(9)).toEqual(["/session", "/conflicts"]);
  });
});
