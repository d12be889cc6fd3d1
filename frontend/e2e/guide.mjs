// Takes the pictures of the user guide from a running demo: node e2e/guide.mjs FOLDER
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { apiClient } from "./api.mjs";
import { atRest, launch, openPage } from "./browser.mjs";
import { startServer } from "./server.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("usage: node e2e/guide.mjs FOLDER");
mkdirSync(folder, { recursive: true });

const size = [1440, 900];
const server = await startServer();
const browser = await launch();

/** Opens an address, does what is to be done, and keeps the picture under the name. */
async function picture(name, hash, { person, ready, act = async () => {} } = {}) {
  const { page, context } = await openPage(browser, server.url, { size, hash, person, ready });
  await act(page);
  await atRest(page.locator("#app"));
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
  process.stdout.write(`${name}.png\n`);
}

try {
  const api = apiClient(server.url);
  const [late] = (await api.read("/cases?track=rectify&late=true&sort=-late&limit=1")).items;
  const accepted = (await api.read("/cases?metric=recovered&sort=-recovered&limit=1")).items[0];
  const map = { ready: ".page-map" };

  await picture("sign-in", "", { person: null });
  await picture("todo", "#page=todo");
  await picture("progress", "#page=progress", { ready: ".page-progress" });
  await picture("list", "#page=ledger", {
    act: async (page) => {
      await page.keyboard.press("Alt+1");
      await page.locator(".page-todo table a, .page-todo table button").nth(3).click();
      await page.locator('[data-test="list"] [data-key]').first().waitFor();
    },
  });
  await picture("map", "#page=map", map);
  await picture("map-lamps", "#page=map&theme=lamp", map);
  await picture("card", `#page=map&case=${late.code}`, { ready: '[data-test="card"]' });
  await picture("case", `#page=case&case=${accepted.code}`, { ready: ".page-case" });
  await picture("replay", "#page=map&day=2020-08-31", map);
  await picture("compare", "#page=map&from=2020-08-31", map);
  await picture("import", "#page=map", {
    act: async (page) => {
      await page.locator('[data-test="import"]').click();
      await page.locator("dialog").waitFor();
    },
  });
  await picture("dark", "#page=map", {
    act: (page) => page.locator('[data-test="theme"]').click(),
  });
} finally {
  await browser.close();
  await server.stop();
}
