// Writes the library's type declarations; what TypeScript leaves as `.ts` in their imports is `.js` to those who use them.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = path.join(root, "dist/types");
rmSync(folder, { recursive: true, force: true });
execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.types.json"], {
  cwd: root,
  stdio: "inherit",
});
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (!name.endsWith(".d.ts")) continue;
  const file = path.join(folder, name);
  writeFileSync(
    file,
    readFileSync(file, "utf8").replaceAll(/(from "\.{1,2}\/[^"]+|import\("\.{1,2}\/[^"]+)\.ts"/g, '$1.js"'),
  );
}

/** Only what the library's own declarations reach is shipped; the rest declares what nobody can import. */
const reached = new Set();
const visit = (/** @type {string} */ file) => {
  if (reached.has(file)) return;
  reached.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, from] of text.matchAll(/(?:from "|import\(")(\.{1,2}\/[^"]+)\.js"/g)) {
    visit(path.join(path.dirname(file), `${from}.d.ts`));
  }
};
visit(path.join(folder, "index.d.ts"));
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  const file = path.join(folder, name);
  if (name.endsWith(".d.ts") && !reached.has(file)) rmSync(file);
}
for (const { parentPath, name } of readdirSync(folder, { recursive: true, withFileTypes: true }).toReversed()) {
  const at = path.join(parentPath, name);
  if (!name.endsWith(".d.ts") && readdirSync(at).length === 0) rmSync(at, { recursive: true });
}
