import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";
import { handlebars } from "./scripts/handlebars-plugin.js";

const stub = fileURLToPath(new URL("scripts/stub.js", import.meta.url));

/** Of Prettier's languages we emit Markdown and YAML only; JSON we print ourselves, in the project's style. */
const onlyPluginsInUse = {
  name: "only-prettier-plugins-in-use",
  resolveId(/** @type {string} */ id, /** @type {string | undefined} */ importer) {
    if (!importer?.includes("/prettier/") || !/plugins\/\w+\.mjs$/.test(id)) return null;
    return /(markdown|yaml)\.mjs$/.test(id) ? null : stub;
  },
};

/** One build for the command and the library; everything is bundled, so that nothing is installed beside it. */
export default defineConfig({
  input: { cli: "src/cli/bin.ts", index: "src/index.ts" },
  platform: "node",
  plugins: [handlebars(), onlyPluginsInUse],
  resolve: {
    alias: {
      // Templates are compiled by the build; only Handlebars' runtime is shipped.
      handlebars: "handlebars/runtime.js",
      // A prompt that opens an editor, with 500 kB of character sets, which nobody asks for.
      "@inquirer/editor": stub,
    },
  },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    minify: true,
    chunkFileNames: "chunks/[name]-[hash].js",
  },
});
