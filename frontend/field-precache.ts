import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const entry = "src/app/field-main.ts";
const worker = "field-worker.js";

/** What a file of the build says of others. */
interface Built {
  readonly type: "asset" | "chunk";
  readonly fileName: string;
  readonly facadeModuleId?: string | null;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> };
}

/** Parts of the desk that the page of the field never asks for, though its client could. */
const never = /\/src\/(api\/(imports|exports)|domain\/words-zh)\.ts$/;

/**
 * Writes into the service worker of the page 现场 which files it keeps: all that the page reads,
 * now or later, and a name for just these.
 */
export function fieldPrecache(): Plugin {
  return {
    name: "field-precache",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const built = bundle as unknown as Record<string, Built>;
        const files = filesOf(built);
        const name = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 16);
        const chunk = bundle[worker];
        if (chunk?.type !== "chunk") throw new Error(`the build has no ${worker}`);
        chunk.code = chunk.code
          .replace(/__FIELD_FILES__/g, JSON.stringify(files))
          .replace(/__FIELD_BUILD__/g, JSON.stringify(name));
      },
    },
  };
}

/** Addresses of the files of the page, in the order of their names. */
function filesOf(bundle: Record<string, Built>): string[] {
  const start = Object.values(bundle).find(({ facadeModuleId }) => facadeModuleId?.endsWith(entry));
  const page = Object.values(bundle).find(({ facadeModuleId }) =>
    facadeModuleId?.endsWith("field.html"),
  );
  const first = start ?? page;
  if (!first) throw new Error(`the build has no ${entry}`);
  const found = new Set<string>(["favicon.svg", "field.webmanifest"]);
  const walk = (name: string): void => {
    const { imports = [], dynamicImports = [], viteMetadata, facadeModuleId } = bundle[name] ?? {};
    if (found.has(name) || never.test(facadeModuleId ?? "")) return;
    found.add(name);
    for (const css of viteMetadata?.importedCss ?? []) found.add(css);
    for (const next of [...imports, ...dynamicImports]) walk(next);
  };
  walk(first.fileName);
  return [...found].sort().map((name) => `/${name}`);
}
