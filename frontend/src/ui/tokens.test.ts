// @vitest-environment happy-dom

import { describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";
import type { SessionState, Token, TokenWanted } from "../domain/types";
import { both, session } from "../store/testing";
import { find, setup } from "./testing";
import TokensDialog from "./tokens-dialog.vue";
import WallOver from "./wall-over.vue";

const hall: Token = {
  ...{ id: 7, kind: "wall", name: "一楼大厅", login: "lu", person: "陆某", unit: "honghe" },
  ...{ may_change: false, networks: ["10.12.0.7"], made_at: "2026-11-27T09:00:00+08:00" },
  ...{ made_by: "lu", state: "in_force" },
};

async function opened() {
  const tokens = [hall];
  const wanted: TokenWanted[] = [];
  const revoked: number[] = [];
  const mounted = await setup(TokensDialog, {
    tokens: async () => [...tokens],
    makeToken: async (body) => {
      wanted.push(body);
      return { token: { ...hall, id: 8, kind: "api" }, secret: "guatu_api_SECRET" };
    },
    revokeToken: async (id) => {
      revoked.push(id);
      tokens[0] = { ...hall, state: "revoked", revoked_at: hall.made_at };
    },
    makeEnrolment: async () => ({ code: "guatu_enrol_X", expires_at: hall.made_at }),
  });
  await vi.waitFor(() => find(mounted.page, '[data-test="token-row"]'));
  return { ...mounted, wanted, revoked };
}

describe("tokens and devices", () => {
  it("says what a token is for and where, and revokes it after a word", async () => {
    const { page, revoked } = await opened();
    const row = () => find(page, '[data-test="token-row"]');
    expect(row().textContent).toMatch(/一楼大厅.*大屏.*限 10\.12\.0\.7.*长期有效.*未使用/s);
    find(page, '[data-test="revoke"]').click();
    await nextTick();
    expect(row().textContent).toContain("确定停用“一楼大厅”？");
    expect(revoked).toEqual([]);
    find(page, '[data-test="revoke-sure"]').click();
    await vi.waitFor(() => expect(row().dataset.state).toBe("revoked"));
    expect(revoked).toEqual([7]);
    expect(page.querySelector('[data-test="revoke"]')).toBeNull();
  });

  it("makes a token for a program, and shows its secret this once", async () => {
    const { page, wanted } = await opened();
    find(page, '[data-test="add-api"]').click();
    await nextTick();
    const name = find(page, '[data-test="token-name"]') as HTMLInputElement;
    name.value = "周报";
    name.dispatchEvent(new Event("input"));
    find(page, '[data-test="token-form"]').dispatchEvent(new Event("submit"));
    await vi.waitFor(() =>
      expect(find(page, '[data-test="secret"]').textContent).toBe("guatu_api_SECRET"),
    );
    expect(wanted).toEqual([
      { kind: "api", name: "周报", networks: [], days: 90, may_change: false },
    ]);
    expect(page.textContent).toContain("只显示这一次");
    find(page, '[data-test="add-phone"]').click();
    await vi.waitFor(() => find(page, ".qr path"));
    expect(page.textContent).not.toContain("guatu_api_SECRET");
    expect(find(page, ".qr path").getAttribute("d")).toMatch(/^M\d+ \d+h1v1h-1z/);
  });
});

describe("a screen", () => {
  it("shows its unit and asks nobody to act; revoked, it says so", async () => {
    const { person: _nobody, login: _none, ...rules } = session;
    let now: SessionState = { ...rules, wall: { name: "一楼大厅", unit: "honghe" } };
    const { store } = await setup(WallOver, { session: async () => now });
    expect([store.session.ready.value, store.session.ask()]).toEqual([true, false]);

    now = { ...rules, refused: "wall", refusal: both("此大屏已停用，请联系区整治办") };
    await store.session.check();
    expect(store.session.ready.value).toBe(false);
    const dark = await setup(WallOver, { session: async () => now });
    expect(dark.page.textContent).toContain("此大屏已停用，请联系区整治办");
  });
});
