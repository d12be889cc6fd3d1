// A real provider of OpenID Connect (internal/oidctest) beside the program under test.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What oidctest gives the program and the people as their secrets. */
const client = { GUATU_OIDC_CLIENT: "guatu", GUATU_OIDC_SECRET: "s3cret" };
const password = "verysecure";

/** A provider that knows `people` and sends browsers back to the program at `url`. */
export async function startProvider(url, ...people) {
  const folder = mkdtempSync(join(tmpdir(), "guatu-provider-"));
  const binary = join(folder, "provider");
  execFileSync("go", ["build", "-trimpath", "-o", binary, "./internal/oidctest/provider"], {
    cwd: root,
    env: { ...process.env, CGO_ENABLED: "0" },
  });
  const child = spawn(binary, [`${url}/sign-in/back`, ...people], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const [issuer] = await once(createInterface(child.stdout), "line");
  return {
    issuer,
    settings: { ...client, GUATU_OIDC_ISSUER: issuer, GUATU_URL: url },
    /** Fills the provider's form in, on which the browser stands. */
    async signIn(page, name) {
      await page.locator("#username").fill(name);
      await page.locator("#password").fill(password);
      await page.locator("button[type=submit]").click();
    },
    async stop() {
      child.stdin.end();
      await once(child, "exit");
      rmSync(folder, { recursive: true });
    },
  };
}
