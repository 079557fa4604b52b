import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import parseArguments from "yargs-parser";
import { writeConformance } from "./conformance.ts";
import { cacheFolder, Environments, findPython, NotHere } from "./environment.ts";
import type { Context, Proof } from "./proof.ts";
import { controls } from "./proofs/controls.ts";
import { flagEmbedding } from "./proofs/flagembedding.ts";
import { launched } from "./proofs/launched.ts";
import { mmengine } from "./proofs/mmengine.ts";
import { xtuner } from "./proofs/xtuner.ts";
import { parse } from "./proofs/parse.ts";
import { schedules } from "./proofs/schedules.ts";
import { training } from "./proofs/training.ts";
import { plainTable, Report } from "./report.ts";
import { Pool, Worker } from "./worker.ts";

const proofs: readonly Proof[] = [
  parse,
  schedules,
  training,
  launched,
  controls,
  mmengine,
  xtuner,
  flagEmbedding,
];

const USAGE = `npm run test:engines -- [--quick] [--only PROOF,...] [--seed N] [--device cpu|cuda] [--write]

Installs the engines, each version in an environment of its own under ${cacheFolder()},
and proves on them what is emitted. Proofs: ${proofs.map(({ id }) => id).join(", ")}.
--write puts the table into docs/conformance.md when everything was run.`;

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Two ranks of one job already take both cores of a small machine. */
const WORKERS = 2;

async function main(): Promise<number> {
  const flags = parseArguments(process.argv.slice(2), {
    boolean: ["quick", "write", "help"],
    string: ["only", "device"],
    number: ["seed"],
  });
  if (flags["help"] === true) {
    console.log(USAGE);
    return 0;
  }
  const only = flags["only"] === undefined ? null : String(flags["only"]).split(",");
  const chosen = proofs.filter(({ id }) => only === null || only.includes(id));
  const unknown = only?.find((id) => !proofs.some((proof) => proof.id === id));
  if (unknown !== undefined) {
    console.error(`there is no proof "${unknown}"\n\n${USAGE}`);
    return 2;
  }
  const python = await findPython();
  if (python === null) {
    console.error("The engines need Python 3.11 with venv: none was found, and nothing was proven.");
    return 2;
  }
  const started = Date.now();
  const say = (text: string): void => console.log(`[${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s] ${text}`);
  const scratch = mkdtempSync(path.join(tmpdir(), "engines-"));
  const pools = new Set<Pool>();
  const stop = (): void => {
    for (const pool of pools) pool.stop();
    rmSync(scratch, { recursive: true, force: true });
  };
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    process.once(signal, () => {
      stop();
      process.exit(code);
    });
  }
  const report = new Report(say);
  const seed = Number(flags["seed"] ?? 20_261_125);
  const environments = new Environments(cacheFolder(), python, say);
  const context: Context = {
    scope: flags["quick"] === true ? "quick" : "whole",
    device: flags["device"] === "cuda" ? "cuda" : "cpu",
    seed,
    scratch,
    report,
    environment: async (layers) => ({
      python: await environments.python(),
      variables: await environments.variables(layers),
    }),
    pool: async (layers, modules) => {
      say(layers.join(", "));
      const interpreter = await environments.python();
      const variables = await environments.variables(layers);
      const workers = Array.from({ length: WORKERS }, (_, index) => {
        // Each its own, so that what one compiles or leaves locked does not hold up the other.
        const own = path.join(scratch, "workers", `${layers.join("+").replaceAll(" ", "-")}-${index}`);
        mkdirSync(path.join(own, "extensions"), { recursive: true });
        return new Worker(interpreter, path.join(root, "test", "engines", "python"), modules, {
          ...variables,
          TORCH_EXTENSIONS_DIR: path.join(own, "extensions"),
          TMPDIR: own,
        });
      });
      const pool = new Pool(workers);
      pools.add(pool);
      await Promise.all(workers.map((worker) => worker.ready));
      return pool;
    },
  };
  console.log(`seed ${seed}, ${context.scope}, ${context.device}`);
  try {
    for (const proof of chosen) {
      say(`proof "${proof.id}"`);
      await proof.run(context);
    }
  } finally {
    stop();
  }
  if (flags["write"] === true && only === null && context.scope === "whole") writeConformance(root, report, seed);
  console.log(`\n${plainTable(report.table())}\n`);
  console.log(`${report.checks.length - report.failed} passed, ${report.failed} failed`);
  return report.failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof NotHere)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
