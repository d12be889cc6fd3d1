// Fails when src/api/schema.d.ts is not what openapi-typescript makes of the contract today.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "guatu-schema-"));
const fresh = join(folder, "schema.d.ts");
try {
  execFileSync(
    join(root, "node_modules/.bin/openapi-typescript"),
    ["../internal/httpapi/openapi.yaml", "-o", fresh],
    { cwd: root, stdio: "pipe" },
  );
  if (readFileSync(fresh, "utf8") !== readFileSync(join(root, "src/api/schema.d.ts"), "utf8")) {
    process.stderr.write("src/api/schema.d.ts is out of date: run npm run gen\n");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
