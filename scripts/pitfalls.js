// Writes the list of the pitfalls from the files in src/pitfalls; with `docs`, their pages as well (needs a build).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = path.join(root, "src/pitfalls");

/** A file that is a pitfall says so; everything else in the folder is its tools. */
const names = readdirSync(folder)
  .filter(
    (name) =>
      name.endsWith(".ts") && /^export const pitfall: Pitfall = /m.test(readFileSync(path.join(folder, name), "utf8")),
  )
  .map((name) => name.slice(0, -3))
  .sort();
const variable = (/** @type {string} */ name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const text = [
  "// Written by scripts/pitfalls.js from the files of this folder.",
  ...names.map((name) => `import { pitfall as ${variable(name)} } from "./${name}.ts";`),
  'import type { Pitfall } from "./pitfall.ts";',
  "",
  "export const pitfalls: readonly Pitfall[] = [",
  ...names.map((name) => `  ${variable(name)},`),
  "];",
  "",
].join("\n");
writeFileSync(path.join(folder, "all.ts"), text);
if (process.argv[2] === "docs") {
  const { pitfallPages } = await import("../dist/index.js");
  const docs = path.join(root, "docs/pitfalls");
  rmSync(docs, { recursive: true, force: true });
  mkdirSync(docs, { recursive: true });
  for (const { path: name, text: page } of pitfallPages()) writeFileSync(path.join(docs, name), page);
}
