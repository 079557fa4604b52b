import { chmodSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { builtinModules } from "node:module";
import { defineConfig } from "rolldown";
import { esmExternalRequirePlugin } from "rolldown/plugins";
import { ascii } from "./scripts/ascii-plugin.js";
import { handlebars } from "./scripts/handlebars-plugin.js";
import { licences } from "./scripts/licences-plugin.js";
import { parsedJson } from "./scripts/json-plugin.js";

const stub = fileURLToPath(new URL("scripts/stub.js", import.meta.url));

const inCore =
  /\/(src\/(core|catalog|engines|messages|targets)\/|src\/(generate|folder|invariants|notes|version)\.ts|presets\/|templates\/|node_modules\/handlebars\/)/;
/** What every run of the command needs beside the core. */
const atStart =
  /\/(src\/cli\/(main|flags|gather|job|unfit|write|format|inputs|digest|errors|misplaced|terminal)\.ts|src\/cli\/(commands\/create|report\/(curve|memory|plan-json|summary))\.ts|node_modules\/yargs-parser\/)/;
/** What judges files that people have: the readers with their parsers, and the pitfalls. */
const inCheck =
  /\/(src\/(readers|jobs|pitfalls)\/|src\/catalog\/names\/|src\/check\.ts|node_modules\/(yaml|jsonc-parser|unbash|@lezer)\/)/;
/** zod and what needs it, and what only `plan` tells: loaded when there is something to judge or to tell. */
const onDemand =
  /\/(core\/(answers|schema|plan\/(?:alternatives|rescale)|plan\/memory\/explain|plan\/time\/\w+)|catalog\/(model-config|config-schema))\.ts$/;

/** The helper that the plugin above makes needless leaves its import behind. */
const withoutLeftovers = {
  name: "without-leftovers",
  generateBundle(/** @type {unknown} */ _options, /** @type {Record<string, { code?: string }>} */ bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.code !== undefined) chunk.code = chunk.code.replace(/^import\s*"node:module";/m, "");
    }
  },
};

/** npm makes a command executable when it links it, but not where it takes the link for made already. */
const executable = {
  name: "executable",
  writeBundle: () => chmodSync(fileURLToPath(new URL("dist/cli.js", import.meta.url)), 0o755),
};

/** One build for the command and the library; everything is bundled, so that nothing is installed beside it. */
export default defineConfig({
  input: { cli: "src/cli/bin.ts", index: "src/index.ts" },
  platform: "node",
  // `require` of a Node module as an import of that file, so that the code shared with the library stays free of Node.
  plugins: [
    esmExternalRequirePlugin({ external: builtinModules.flatMap((name) => [name, `node:${name}`]) }),
    handlebars(),
    parsedJson(),
    ascii(),
    licences(),
    withoutLeftovers,
    executable,
  ],
  resolve: {
    alias: {
      // Templates are compiled by the build; only Handlebars' runtime is shipped.
      handlebars: "handlebars/runtime.js",
      // The build for browsers, which asks for nothing of Node.
      yaml: fileURLToPath(new URL("node_modules/yaml/browser/dist/index.js", import.meta.url)),
      "jsonc-parser": fileURLToPath(new URL("node_modules/jsonc-parser/lib/esm/main.js", import.meta.url)),
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
      groups: [
        {
          name: "core",
          test: (/** @type {string} */ id) => inCore.test(id) && !onDemand.test(id) && !inCheck.test(id),
        },
        { name: "start", test: atStart },
        { name: "check", test: inCheck },
      ],
    },
  },
});
