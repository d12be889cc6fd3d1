// Phones without a screen: the page's own outbox (src/sync), its API and its photo sender as they are, over a way that loses,
// doubles and breaks off, in tabs that are killed. For the proofs of scripts/proof.sh.
import { createHash, randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";
import { accountOf } from "../e2e/accounts.mjs";

/** A way on which nothing is lost. */
export const calm = { lost: 0, unheard: 0, doubled: 0 };

/** Modules of the page, compiled as the page's build does. */
export async function pageModules() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const vite = await createServer({
    ...{ root, configFile: false, appType: "custom", logLevel: "error" },
    server: { middlewareMode: true, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  const load = (path) => vite.ssrLoadModule(path);
  const [box, outbox, client, photos] = await Promise.all(
    ["sync/box", "sync/outbox", "api/client", "api/photos"].map((at) => load(`/src/${at}.ts`)),
  );
  return {
    boxInMemory: box.boxInMemory,
    createOutbox: outbox.createOutbox,
    createApi: client.createApi,
    createPhotoApi: photos.createPhotoApi,
    close: () => vite.close(),
  };
}

/** The session of a person, for all phones that are theirs. */
export async function signIn(url, person) {
  const response = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(accountOf(url, person)),
  });
  if (!response.ok) throw new Error(`${person}: ${response.status}`);
  return response.headers.get("set-cookie").split(";")[0];
}

/** A picture of its own: the smallest JPEG that is one, and noise behind its end. */
export function picture(least = 3000, most = 30_000) {
  const noise = randomBytes(least + Math.floor(Math.random() * (most - least)));
  const bytes = Buffer.concat([smallest, noise]);
  return {
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: new Uint8Array(bytes).buffer,
  };
}

const smallest = Buffer.from(
  "ffd8ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00fbd0ffd9",
  "hex",
);

/** Asks as the browser of a person; `way` says how much is lost, not heard of, and sent twice; a dead tab hears nothing. */
function faulty(url, cookie, way, tab, counts) {
  return async (input, init) => {
    const asked = input instanceof Request ? input : new Request(new URL(input, url), init);
    const body = ["GET", "HEAD"].includes(asked.method) ? undefined : await asked.arrayBuffer();
    const headers = { ...Object.fromEntries(asked.headers), cookie };
    const send = () => fetch(asked.url, { method: asked.method, headers, body });
    counts.requests++;
    if (tab.dead || chance(way.lost, counts, "lost")) throw new TypeError("lost on its way");
    if (chance(way.doubled, counts, "doubled")) void send().catch(() => {});
    const response = await send();
    const whole = await response.arrayBuffer();
    if (tab.dead || chance(way.unheard, counts, "unheard")) throw new TypeError("no answer came");
    const empty = [204, 304].includes(response.status);
    return new Response(empty ? null : whole, response);
  };
}

function chance(probability, counts, name) {
  const happens = Math.random() < probability;
  if (happens) counts[name]++;
  return happens;
}

/** Counts of what befell the way. */
export const noCounts = () => ({ requests: 0, lost: 0, unheard: 0, doubled: 0, tabs: 0 });

/** A phone of a person: one box, and a tab that can be killed and opened anew. */
export function createPhone(modules, { url, cookie, person, device, way, counts, ahead }) {
  const box = modules.boxInMemory();
  let tab = open();

  function open() {
    const state = { dead: false };
    const asked = faulty(url, cookie, way, state, counts);
    const api = modules.createApi(asked, url);
    const outbox = modules.createOutbox({
      ...{ box, api, device, person: () => person },
      photos: modules.createPhotoApi(asked, `${url}/api/v1`),
      clock: () => {
        const now = Date.now();
        const [at, savedAt] = [now + ahead, now].map((ms) => new Date(ms).toISOString());
        return { at, savedAt };
      },
      // Without locks, as in some in-app browsers: tabs that were killed may still be sending.
      ...{ alone: (work) => work(), told: () => {}, count: () => {}, entered: () => {} },
    });
    return { state, api, outbox };
  }

  return {
    ...{ box, person, device, cookie },
    api: () => tab.api,
    async save(draft, files = []) {
      for (const file of files) await box.putFile(file);
      return tab.outbox.save(draft);
    },
    undo: (id) => tab.outbox.undo(id),
    run: () => tab.outbox.run().catch(() => {}),
    restore: () => tab.outbox.restore(),
    line: () => tab.outbox.line.value,
    /** The browser ends the page wherever it is; the next one finds the box. */
    async killTab() {
      counts.tabs++;
      tab.state.dead = true;
      tab = open();
      await tab.outbox.restore();
    },
    async unsent() {
      const deeds = await box.deeds();
      return deeds.filter(
        ({ answer, undone, photos }) =>
          (!answer && !undone) ||
          (!undone && photos.some((each) => !each.storedAt && !each.refused)),
      ).length;
    },
  };
}

/** Waits until something is so. */
export async function until(is, what, limit = 300_000) {
  for (const end = Date.now() + limit; Date.now() < end; await wait(50)) if (await is()) return;
  throw new Error(`waited in vain: ${what}`);
}
