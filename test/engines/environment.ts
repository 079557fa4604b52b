import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { exec } from "tinyexec";
import { base, type Layer, type LayerName, layers } from "./matrix.ts";

/** Where environments are kept between runs: outside the tree, for all clones alike. */
export const cacheFolder = (): string =>
  path.join(process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"), "create-train-config", "engines");

/** The suite can't run here; the text says why, and what would help. */
export class NotHere extends Error {}

export type Device = "cpu" | "cuda";

const SECONDS = 1000;

/** The command of a Python 3.11 with venv; null where there is none. */
export async function findPython(): Promise<string | null> {
  for (const command of ["python3.11", "python3", "python"]) {
    try {
      const found = await exec(command, ["-c", "import sys, venv, ensurepip; print(sys.version_info[:2] == (3, 11))"]);
      if (found.stdout.trim() === "True") return command;
    } catch {
      // Not installed under that name.
    }
  }
  return null;
}

const digest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 10);

/** Builds a folder beside its place and moves it there whole, so that an interrupted run leaves nothing half made. */
async function once(place: string, build: (partial: string) => Promise<void>): Promise<string> {
  if (existsSync(place)) return place;
  const partial = `${place}.partial-${process.pid}`;
  mkdirSync(path.dirname(place), { recursive: true });
  for (const left of readdirSync(path.dirname(place))) {
    const [, pid] = /\.partial-(\d+)$/.exec(left) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path.join(path.dirname(place), left), { recursive: true });
  }
  try {
    await build(partial);
    renameSync(partial, place);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  return place;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function pip(python: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  const done = await exec(python, ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", ...args], {
    timeout: 1200 * SECONDS,
    nodeOptions: { env: { ...process.env, ...env } },
  });
  if (done.exitCode !== 0) throw new NotHere(`pip install ${args.join(" ")} failed:\n${done.stderr.slice(-3000)}`);
}

/** Makes environments, each layer once. */
export class Environments {
  readonly #folder: string;
  readonly #system: string;
  readonly #say: (text: string) => void;
  #base: Promise<string> | null = null;
  readonly #layers = new Map<LayerName, Promise<string>>();

  constructor(folder: string, system: string, say: (text: string) => void) {
    this.#folder = folder;
    this.#system = system;
    this.#say = say;
  }

  /** The base environment's interpreter. */
  async python(): Promise<string> {
    this.#base ??= once(path.join(this.#folder, `base-${digest([base, this.#system])}`), async (partial) => {
      this.#say("installing torch");
      const made = await exec(this.#system, ["-m", "venv", partial], { timeout: 120 * SECONDS });
      if (made.exitCode !== 0) throw new NotHere(`python -m venv failed: ${made.stderr.slice(-1000)}`);
      await pip(path.join(partial, "bin", "python"), [...base]);
    });
    return path.join(await this.#base, "bin", "python");
  }

  /** How many GPUs torch sees. */
  async gpus(): Promise<number> {
    const counted = await exec(await this.python(), ["-c", "import torch; print(torch.cuda.device_count())"]);
    return Number(counted.stdout.trim() || 0);
  }

  /** The folder of one layer, installed into it alone. */
  layer(name: LayerName): Promise<string> {
    const known = this.#layers.get(name);
    if (known !== undefined) return known;
    const layer: Layer = layers[name];
    const place = path.join(this.#folder, "layers", `${name.replaceAll(" ", "-")}-${digest([layer, base])}`);
    const made = this.python().then((python) =>
      once(place, async (partial) => {
        this.#say(`installing ${name}`);
        const how = ["--no-deps", "--no-warn-script-location", "--target", partial];
        if (layer.ignoresPython === true) how.push("--ignore-requires-python");
        if (layer.isDeepSpeed !== true) return pip(python, [...how, ...layer.packages]);
        // 0.12 asks for Intel's extension as soon as its accelerator is named; it installs without one.
        const isOld = name === "deepspeed 0.12.6";
        await pip(python, [...how, "--no-build-isolation", ...layer.packages], {
          DS_BUILD_OPS: "0",
          ...(isOld ? {} : { DS_ACCELERATOR: "cpu" }),
        });
      }),
    );
    this.#layers.set(name, made);
    return made;
  }

  /** The variables under which an environment of those layers runs. */
  async variables(names: readonly LayerName[], device: Device): Promise<Readonly<Record<string, string>>> {
    const folders: string[] = [];
    for (const name of names) folders.push(await this.layer(name));
    return {
      PYTHONPATH: folders.join(path.delimiter),
      ...(device === "cpu" ? { DS_ACCELERATOR: "cpu", CUDA_VISIBLE_DEVICES: "" } : { DS_ACCELERATOR: "cuda" }),
      OMP_NUM_THREADS: "1",
      HF_HUB_OFFLINE: "1",
      HF_DATASETS_OFFLINE: "1",
      TRANSFORMERS_NO_ADVISORY_WARNINGS: "1",
      TORCHDYNAMO_DISABLE: "1",
      TOKENIZERS_PARALLELISM: "false",
      // transformers before 4.48 resumes from files that torch 2.6 and later would not read otherwise.
      TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD: "1",
      PYTHONWARNINGS: "ignore::FutureWarning",
    };
  }
}
