import { readFile } from "node:fs/promises";
import Handlebars from "handlebars";

/**
 * Turns `import template from "./x.hbs"` into a precompiled template, so that only Handlebars' runtime is shipped.
 * `strict`: a name that the context lacks is an error. `noEscape`: Python and shell are quoted by helpers, not as HTML.
 */
export function handlebars() {
  return {
    name: "handlebars",
    async load(/** @type {string} */ id) {
      if (!id.endsWith(".hbs")) return null;
      const source = await readFile(id, "utf8");
      const spec = Handlebars.precompile(source, {
        strict: true,
        noEscape: true,
        knownHelpers: { py: true, comment: true, t: true, sh: true, md: true, code: true, fence: true },
      });
      return { code: `export default ${spec};`, moduleType: "js" };
    },
  };
}
