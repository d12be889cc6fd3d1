import type { Plugin } from "vite";

const source = "src/app/ahead.ts";

/** Puts the script that asks ahead before the others of the desk's page: Vite would join them in one, which runs when all of it has come. */
export function aheadScript(): Plugin {
  return {
    name: "ahead-script",
    transformIndexHtml: {
      order: "post",
      handler(_, { path, bundle }) {
        if (path !== "/index.html") return [];
        const chunk = Object.values(bundle ?? {}).find(
          (each) => each.type === "chunk" && each.facadeModuleId?.endsWith(source),
        );
        if (bundle && !chunk) throw new Error(`the build has no ${source}`);
        const src = `/${chunk?.fileName ?? source}`;
        return [
          {
            tag: "script",
            attrs: { type: "module", crossorigin: true, src },
            injectTo: "head-prepend",
          },
        ];
      },
    },
  };
}
