import { describe, expect, it } from "vitest";
import type { Text } from "../domain/types";
import { attentive } from "./attentive";

const problem = (code: string) => ({ code, detail: "请先登录", detail_en: "please sign in" });

function asking(status: number, body: unknown) {
  const asked: Request[] = [];
  const heard: (Text | undefined)[] = [];
  const fetch = attentive(
    async (input, init) => {
      asked.push(new Request(input, init));
      return new Response(JSON.stringify(body), { status });
    },
    { quiet: () => 61.7, unsent: () => 3, unsigned: (why) => heard.push(why) },
  );
  return { fetch, asked, heard };
}

describe("attentive fetch", () => {
  it("says how long the user has been quiet, what is not sent, and keeps the other headers", async () => {
    const { fetch, asked } = asking(200, {});
    await fetch("http://server.test/a", { headers: { accept: "text/event-stream" } });
    await fetch(new Request("http://server.test/b", { headers: { accept: "text/html" } }));
    expect(asked.map(({ headers }) => headers.get("guatu-quiet"))).toEqual(["61", "61"]);
    expect(asked.map(({ headers }) => headers.get("guatu-unsent"))).toEqual(["3", "3"]);
    expect(asked.map(({ headers }) => headers.get("accept"))).toEqual([
      "text/event-stream",
      "text/html",
    ]);
  });

  it("hears of a session that is over and leaves the answer to who asked", async () => {
    const { fetch, heard } = asking(401, problem("session_over"));
    const response = await fetch("http://server.test/a");
    expect(await response.json()).toEqual(problem("session_over"));
    expect(heard).toEqual([{ zh: "请先登录", en: "please sign in" }]);
    const gone = asking(401, problem("not_signed_in"));
    await gone.fetch("http://server.test/a");
    expect(gone.heard).toEqual([undefined]);
  });

  it("takes a wrong password for no end", async () => {
    for (const [status, code] of [
      [401, "sign_in_wrong"],
      [403, "session_over"],
    ] as const) {
      const { fetch, heard } = asking(status, problem(code));
      await fetch("http://server.test/a");
      expect(heard).toEqual([]);
    }
  });
});
