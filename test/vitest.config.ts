import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { handlebars } from "../scripts/handlebars-plugin.js";

const root = new URL("..", import.meta.url).pathname;

/** Tests that have Python read what was written; without one they are left out, and named. */
function withoutPython(): readonly string[] {
  if (spawnSync("python3", ["-c", ""]).status === 0) return [];
  const needs = /run\("python3"|import \{[^}]*\bpython\b[^}]*\} from "\.\/hostile\.ts"/;
  const left = readdirSync(`${root}test`, { recursive: true, encoding: "utf8" })
    .map((file) => `test/${file}`)
    .filter((file) => file.endsWith(".test.ts") && needs.test(readFileSync(root + file, "utf8")));
  console.warn(`python3 was not found, so these were left out:\n  ${left.join("\n  ")}`);
  return left;
}

export default defineConfig({
  root,
  plugins: [handlebars()],
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...withoutPython()],
    // Whole processes and pseudo-terminals are started here, on machines with two busy cores.
    testTimeout: 60_000,
  },
});
