import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";
import { ascii } from "./scripts/ascii-plugin.js";
import { handlebars } from "./scripts/handlebars-plugin.js";
import { licences } from "./scripts/licences-plugin.js";
import { parsedJson } from "./scripts/json-plugin.js";

const stub = fileURLToPath(new URL("scripts/stub.js", import.meta.url));

const inCore = /\/(src\/(core|catalog|engines|messages|targets)|presets|templates|node_modules\/handlebars)\//;
/** zod and what needs it: loaded when there is something to judge. */
const onDemand = /\/(core\/(answers|schema)|catalog\/(model-config|config-schema))\.ts$/;

/** One build for the command and the library; everything is bundled, so that nothing is installed beside it. */
export default defineConfig({
  input: { cli: "src/cli/bin.ts", index: "src/index.ts" },
  platform: "node",
  plugins: [handlebars(), parsedJson(), ascii(), licences()],
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
    minify: true,
    cleanDir: true,
    chunkFileNames: "chunks/[name]-[hash].js",
    codeSplitting: {
      // What a run without questions needs, in one file: every file that is opened costs time.
      groups: [{ name: "core", test: (/** @type {string} */ id) => inCore.test(id) && !onDemand.test(id) }],
    },
  },
});
