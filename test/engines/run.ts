import { fileURLToPath } from "node:url";
import parseArguments from "yargs-parser";
import { writeConformance } from "./conformance.ts";
import { cacheFolder, findPython, NotHere } from "./environment.ts";
import type { Proof } from "./proof.ts";
import { controls } from "./proofs/controls.ts";
import { flagEmbedding } from "./proofs/flagembedding.ts";
import { launched } from "./proofs/launched.ts";
import { mmengine } from "./proofs/mmengine.ts";
import { parse } from "./proofs/parse.ts";
import { schedules } from "./proofs/schedules.ts";
import { training } from "./proofs/training.ts";
import { xtuner } from "./proofs/xtuner.ts";
import { keep, recall } from "./kept.ts";
import { plainTable, tableOf } from "./report.ts";
import { openSession, type Request } from "./session.ts";

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
--write puts the table into docs/conformance.md, once every proof has been run whole with that seed: at once, or with
--only one after the other.`;

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A command line that says nothing this suite knows. */
class BadUsage extends Error {}

interface Wanted extends Request {
  readonly proofs: readonly Proof[];
  readonly isWritten: boolean;
}

const FLAGS = ["quick", "only", "seed", "device", "write", "help"];

/** Reads the command line; null where help was asked for. Throws BadUsage. */
function readFlags(words: readonly string[]): Wanted | null {
  const flags = parseArguments([...words], { boolean: ["quick", "write", "help"], string: ["only", "device", "seed"] });
  if (flags["help"] === true) return null;
  const stray = [...Object.keys(flags).filter((name) => name !== "_" && !FLAGS.includes(name)), ...flags._.map(String)];
  if (stray.length > 0) throw new BadUsage(`there is no ${stray.join(", ")}`);
  const only = flags["only"] === undefined ? null : String(flags["only"]).split(",");
  const unknown = only?.find((id) => !proofs.some((proof) => proof.id === id));
  if (unknown !== undefined) throw new BadUsage(`there is no proof "${unknown}"`);
  const device = flags["device"] ?? "cpu";
  if (device !== "cpu" && device !== "cuda") throw new BadUsage(`--device is cpu or cuda, not ${device}`);
  const seed = Number(flags["seed"] ?? 20_261_125);
  if (!Number.isSafeInteger(seed)) throw new BadUsage(`--seed is a whole number, not ${flags["seed"]}`);
  const scope = flags["quick"] === true ? "quick" : "whole";
  const isWritten = flags["write"] === true;
  if (isWritten && scope === "quick") throw new BadUsage("--write needs whole proofs: leave out --quick");
  return { scope, device, seed, root, isWritten, proofs: proofs.filter(({ id }) => only === null || only.includes(id)) };
}

/** Writes the page from what has been proven, or says what is missing. */
function writePage(seed: number, say: (text: string) => void): void {
  const kept = proofs.map(({ id }) => ({ id, checks: recall(root, seed, id) }));
  const missing = kept.filter(({ checks }) => checks === null || checks.some(({ failure }) => failure !== null));
  if (missing.length === 0) return writeConformance(root, tableOf(kept.flatMap(({ checks }) => checks ?? [])), seed);
  say(`docs/conformance.md is not written: not proven yet with seed ${seed}: ${missing.map(({ id }) => id).join(", ")}`);
}

async function main(): Promise<number> {
  const wanted = readFlags(process.argv.slice(2));
  if (wanted === null) {
    console.log(USAGE);
    return 0;
  }
  const python = await findPython();
  if (python === null) throw new NotHere("The engines need Python 3.11 with venv: none was found, and nothing was proven.");
  const { context, report, say, stop } = await openSession(python, wanted);
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    process.once(signal, () => {
      stop();
      process.exit(code);
    });
  }
  console.log(`seed ${wanted.seed}, ${wanted.scope}, ${wanted.device}`);
  try {
    for (const proof of wanted.proofs) {
      say(`proof "${proof.id}"`);
      const before = report.checks.length;
      await proof.run(context);
      if (wanted.scope === "whole") keep(root, wanted.seed, proof.id, report.checks.slice(before));
    }
  } finally {
    stop();
  }
  if (wanted.isWritten) writePage(wanted.seed, say);
  console.log(`\n${plainTable(tableOf(report.checks))}\n`);
  console.log(`${report.checks.length - report.failed} passed, ${report.failed} failed`);
  return report.failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof NotHere || error instanceof BadUsage)) throw error;
  console.error(error instanceof BadUsage ? `${error.message}\n\n${USAGE}` : error.message);
  process.exitCode = 2;
}
