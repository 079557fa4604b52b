import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Collects the licences of everything that was bundled, as they ask for. */
export function licences() {
  const roots = new Set();
  return {
    name: "licences",
    /** @this {{ emitFile: (file: object) => void }} */
    generateBundle(
      /** @type {unknown} */ _options,
      /** @type {Record<string, { modules?: Record<string, unknown> }>} */ bundle,
    ) {
      for (const chunk of Object.values(bundle)) {
        for (const id of Object.keys(chunk.modules ?? {})) {
          const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id);
          if (match !== null) roots.add(match[1]);
        }
      }
      const texts = [...roots].sort().map((root) => {
        const { name, version, license } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
        const file = readdirSync(root).find((each) => /^licen[cs]e/i.test(each));
        const text = file === undefined ? String(license) : readFileSync(path.join(root, file), "utf8").trim();
        return `${name} ${version}\n\n${text}\n`;
      });
      this.emitFile({
        type: "asset",
        fileName: "THIRD-PARTY-LICENSES.txt",
        source: texts.join(`\n${"-".repeat(72)}\n\n`),
      });
    },
  };
}
