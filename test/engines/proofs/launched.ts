import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exec } from "tinyexec";
import type { Answers } from "../../../src/index.ts";
import { mustWrite } from "../folders.ts";
import { layersOf, nameOf, type Pair } from "../matrix.ts";
import { checkAll, type Context, curveFailure, type Failure, type Proof } from "../proof.ts";
import { ground, jobOf, plannedRate } from "./training.ts";

/** The commands that a launch.sh may run, and the module behind each: layers are not installed as commands. */
const commands = {
  torchrun: "torch.distributed.run",
  deepspeed: "deepspeed.launcher.runner",
  accelerate: "accelerate.commands.accelerate_cli",
} as const;

const newest: Pair = { transformers: "5.18.0", deepspeed: "0.19.6" };
const SECONDS = 1000;

/** The emitted launch.sh as a person runs it: the launcher itself, its processes, the files in their places. */
export const launched: Proof = {
  id: "launched",
  async run(context) {
    // launch.sh starts two processes.
    if (context.processes < 2) return;
    const launchers = context.scope === "quick" ? (["torchrun"] as const) : (["torchrun", "accelerate", "deepspeed"] as const);
    const pool = await context.pool(layersOf(newest), ["tiny"]);
    const made = await ground(context, pool, newest);
    pool.stop();
    const { python, variables } = await context.environment(layersOf(newest));
    const bin = path.join(context.scratch, "bin");
    mkdirSync(bin, { recursive: true });
    for (const [name, module] of Object.entries(commands)) {
      writeFileSync(path.join(bin, name), `#!/bin/sh\nexec "${python}" -m ${module} "$@"\n`);
      chmodSync(path.join(bin, name), 0o755);
    }
    const env = {
      ...process.env,
      ...variables,
      TORCH_EXTENSIONS_DIR: path.join(context.scratch, "launched-extensions"),
      PATH: [bin, path.dirname(python), process.env["PATH"] ?? ""].join(path.delimiter),
      PYTHONPATH: [probesFolder(context), variables["PYTHONPATH"]].join(path.delimiter),
    };
    await checkAll(context, nameOf(newest), "launched", launchers, (launcher) => `launch.sh with ${launcher}, two processes`, (launcher) =>
      launch(context, env, made, { launcher, gpus: 2, zero: 2, precision: "bf16", globalBatch: 8, warmupSteps: 3 }),
    );
  },
};

/** A folder with what every process of the launcher imports at its start: what DeepSpeed needs on a CPU. */
function probesFolder({ scratch }: Context): string {
  const folder = path.join(scratch, "site");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "sitecustomize.py"),
    "import deepspeed, deepspeed.ops\ndeepspeed.ops.__compatible_ops__['deepspeed_shm_comm'] = False\n",
  );
  return folder;
}

async function launch(context: Context, env: NodeJS.ProcessEnv, made: Awaited<ReturnType<typeof ground>>, answers: Answers): Promise<Failure> {
  const place = path.join(context.scratch, "launched", answers.launcher ?? "torchrun");
  const { plan } = mustWrite(place, jobOf({ family: "qwen2", answers }, newest, made));
  const port = String(29_500 + (process.pid % 1000) + (answers.launcher ?? "").length);
  const done = await exec("bash", ["launch.sh", ...(context.device === "cpu" ? ["--use_cpu=true"] : [])], {
    timeout: 240 * SECONDS,
    nodeOptions: { cwd: place, env: { ...env, MASTER_PORT: port } },
  });
  if (done.exitCode !== 0) return `exit ${done.exitCode}\n${done.stdout.slice(-1500)}\n${done.stderr.slice(-2500)}`;
  const state = JSON.parse(readFileSync(path.join(place, "output", "trainer_state.json"), "utf8")) as {
    readonly log_history: readonly { readonly loss?: number; readonly learning_rate?: number }[];
  };
  const rates = state.log_history.filter(({ loss }) => loss !== undefined).map((entry) => entry.learning_rate ?? Number.NaN);
  const rate = plannedRate(plan);
  if (!existsSync(path.join(place, "output", "model.safetensors"))) return "no weights were written";
  return curveFailure(rates, Array.from({ length: 12 }, (_, k) => rate(k)), plan.schedule.peakLr);
}
