import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";
import { aheadScript } from "./ahead-script";
import { chunkNames } from "./chunks";
import { fieldPrecache } from "./field-precache";
import { rootUnit } from "./root-unit";

// The address of a running server for `npm run dev`.
const server = process.env.GUATU_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [vue(), aheadScript(), fieldPrecache()],
  css: { postcss: { plugins: [rootUnit()] } },
  define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false" },
  build: {
    // Older office browsers trail Chromium by years.
    target: "es2020",
    outDir: "dist",
    // scripts/bundle-size.mjs reads who imports whom; "npm run build" takes it out of what is embedded.
    manifest: true,
    emptyOutDir: true,
    // Nothing inline: the content security policy then needs no exception.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The map of the campaign, the page of the field, and the worker that opens that without a network.
      input: {
        ...{ ahead: "src/app/ahead.ts", main: "index.html" },
        ...{ field: "field.html", worker: "src/app/field-worker.ts" },
      },
      output: {
        // A service worker reaches no farther than its address, and has one that stays.
        entryFileNames: ({ name }) =>
          name === "worker" ? "field-worker.js" : "assets/[name]-[hash].js",
        // The page's first script lists all others: their names are a part of its first load. (Go embeds no file whose name begins with "_".)
        chunkFileNames: "assets/c-[hash].js",
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: chunkNames(import.meta.dirname) }],
        },
      },
    },
  },
  server: { proxy: { "/api": { target: server, changeOrigin: true } } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    environment: "node",
    setupFiles: ["test/words-setup.ts"],
  },
});
