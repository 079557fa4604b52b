import { fileURLToPath } from "node:url";
import { defineConfig } from "rolldown";
import { handlebars } from "../../scripts/handlebars-plugin.js";

/** The suite imports the sources of the product and of its tests, so it is bundled as they are. */
export default defineConfig({
  input: fileURLToPath(new URL("run.ts", import.meta.url)),
  platform: "node",
  plugins: [handlebars()],
  resolve: {
    alias: {
      handlebars: "handlebars/runtime.js",
      // As in the product's own build: its main file can't be bundled.
      "jsonc-parser": fileURLToPath(new URL("../../node_modules/jsonc-parser/lib/esm/main.js", import.meta.url)),
    },
  },
  // Two folders below the root, as the source is.
  output: { file: fileURLToPath(new URL("../../.cache/engines/run.js", import.meta.url)) },
  external: [/^node:/],
});
