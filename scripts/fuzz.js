// 100,000 mutated files through every reader and every pitfall, or as many as are named.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const runs = process.argv[2] ?? "100000";
const started = performance.now();
const { status } = spawnSync(
  process.execPath,
  [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "test/vitest.config.ts",
    "--testTimeout=3600000",
    "test/readers/hostile.test.ts",
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, FUZZ_RUNS: runs } },
);
console.log(`${runs} mutated files: ${((performance.now() - started) / 1000).toFixed(0)} s`);
process.exitCode = status ?? 1;
