import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cacheFolder, type Device, Environments, NotHere } from "./environment.ts";
import type { Context } from "./proof.ts";
import { Report } from "./report.ts";
import { Pool, Worker } from "./worker.ts";

/** Two ranks of one job already take both cores of a small machine. */
const WORKERS = 2;

/** What a run was asked for. */
export interface Request {
  readonly scope: Context["scope"];
  readonly device: Device;
  readonly seed: number;
  /** The repository's root, where the probes stand. */
  readonly root: string;
}

/** A run of the suite: what the proofs work with, and how to end all of it. */
export interface Session {
  readonly context: Context;
  readonly report: Report;
  readonly say: (text: string) => void;
  /** Ends every process that was started and removes every file of this run. */
  readonly stop: () => void;
}

/** Opens a run. Throws NotHere where there is no GPU for one that was asked to run on GPUs. */
export async function openSession(python: string, { scope, device, seed, root }: Request): Promise<Session> {
  const started = Date.now();
  const say = (text: string): void => console.log(`[${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s] ${text}`);
  const environments = new Environments(cacheFolder(), python, say);
  const processes = device === "cpu" ? 2 : await environments.gpus();
  if (processes === 0) throw new NotHere("torch sees no CUDA GPU here; leave out --device cuda");
  const scratch = mkdtempSync(path.join(tmpdir(), "engines-"));
  const report = new Report(say);
  const pools = new Set<Pool>();
  const probes = path.join(root, "test", "engines", "python");
  const environment: Context["environment"] = async (layers) => ({
    python: await environments.python(),
    variables: await environments.variables(layers, device),
  });
  const pool: Context["pool"] = async (layers, modules) => {
    say(layers.join(", "));
    const { python: interpreter, variables } = await environment(layers);
    const workers = Array.from({ length: WORKERS }, (_, index) => {
      // Each its own, so that what one compiles or leaves locked does not hold up the other.
      const own = path.join(scratch, "workers", `${layers.join("+").replaceAll(" ", "-")}-${index}`);
      mkdirSync(path.join(own, "extensions"), { recursive: true });
      const places = { TORCH_EXTENSIONS_DIR: path.join(own, "extensions"), TMPDIR: own };
      return new Worker(interpreter, probes, modules, { ...variables, ...places });
    });
    const made = new Pool(workers);
    pools.add(made);
    await Promise.all(workers.map((worker) => worker.ready));
    return made;
  };
  const stop = (): void => {
    for (const each of pools) each.stop();
    rmSync(scratch, { recursive: true, force: true });
  };
  return { context: { scope, device, processes, seed, scratch, report, pool, environment }, report, say, stop };
}
