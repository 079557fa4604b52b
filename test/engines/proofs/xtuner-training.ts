import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { curveOf, learningRate } from "../../../src/core/plan/schedule.ts";
import type { JobOptions } from "../../../src/index.ts";
import { mustWrite, type WrittenFolder } from "../folders.ts";
import { checkAll, type Context, type Failure, noticed } from "../proof.ts";
import { wordsOfCommand, wordsOfLaunch } from "../words.ts";
import type { Pool } from "../worker.ts";
import { planFailure } from "./mmengine.ts";
import { deepspeedBreakages, type Json, small, type Training, trainings } from "./xtuner-cases.ts";

/** What a training did, by rank 0. */
interface Trained {
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly losses: readonly number[];
  readonly steps: readonly {
    readonly rates: readonly number[];
    readonly used: readonly (readonly [number, number])[];
    readonly gradient: number;
  }[];
  readonly checkpoint: string | null;
}

/** Passed on by launch.sh: no GPUs here, and no processes of their own for a few rows. */
const HERE = ["--cfg-options", "env_cfg.dist_cfg.backend=gloo", "train_dataloader.dataset.map_num_proc=None"];

async function trainFolder(
  pool: Pool,
  folder: WrittenFolder,
  more: readonly string[] = [],
  mayFail = false,
): Promise<Trained> {
  const words = wordsOfLaunch(path.join(folder.path, "launch.sh"));
  const start = words.indexOf("xtuner.tools.train") + 1;
  return pool.value<Trained>({
    call: "xtuner_probe.train",
    args: {
      folder: folder.path,
      output: folder.plan.outputDir,
      arguments: [...words.slice(start), ...HERE, ...more],
      mayFail,
    },
    processes: folder.plan.batch.world,
    seconds: 300,
  });
}

async function madeFolder(
  pool: Pool,
  place: string,
  answers: JobOptions["answers"],
  rows: number,
): Promise<WrittenFolder> {
  const folder = mustWrite(place, { answers, name: "tiny" });
  await pool.value({
    call: "xtuner_probe.make",
    args: { folder: folder.path, model: folder.plan.model.path, data: folder.plan.data, rows },
  });
  return folder;
}

/** The rate that every update used; all parameter groups have the same. */
const usedBy = (trained: Trained): readonly number[] =>
  trained.steps.map(({ used, rates }) =>
    used.every(([, rate]) => rate === used[0]?.[1]) ? (used[0]?.[1] ?? rates[0] ?? NaN) : NaN,
  );

function trainingFailure({ plan }: WrittenFolder, trained: Trained): Failure {
  const { length, batch } = plan;
  if (length.kind === "epochs") return "the length is not known";
  if (trained.error !== null) return `${trained.error.type}: ${trained.error.message}`;
  if (trained.losses.length !== length.total * batch.accumulation) return `${trained.losses.length} iterations`;
  if (!trained.losses.every(Number.isFinite)) return `losses ${trained.losses.join(", ")}`;
  const [first, last] = [mean(trained.losses.slice(0, 4)), mean(trained.losses.slice(-4))];
  if (!(last < first)) return `the loss went from ${first} to ${last}`;
  const still = trained.steps.find(({ gradient }) => !(gradient > 0 && Number.isFinite(gradient)));
  if (still !== undefined) return `a gradient of ${still.gradient}`;
  if (trained.checkpoint === null) return "no checkpoint was left";
  return planFailure({ plan, total: length.total }, usedBy(trained));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Trains, converts what was saved by the command of the README, and resumes from the middle. */
async function trainAndReload(pool: Pool, place: string, { answers }: Training): Promise<Failure> {
  const folder = await madeFolder(pool, place, answers, 80 * folderRows(answers));
  const trained = await trainFolder(pool, folder);
  const failure = trainingFailure(folder, trained);
  if (failure !== null) return failure;
  if (answers.method !== "lora") {
    const words = wordsOfCommand(
      readFileSync(path.join(folder.path, "README.md"), "utf8"),
      "xtuner convert",
      folder.path,
    );
    const [, , , , checkpoint = "", saved = ""] = words;
    const told = await pool.value<{
      readonly compared: number;
      readonly different: readonly string[];
      readonly moved: number;
    }>({
      call: "xtuner_probe.convert",
      args: { folder: folder.path, arguments: words.slice(3), checkpoint, saved, start: folder.plan.model.path },
      seconds: 300,
    });
    if (told.compared === 0 || told.different.length > 0)
      return `${told.different.length} of ${told.compared} converted weights differ from the trained ones`;
    if (told.moved === 0) return "no weight has moved";
  }
  return resumeFailure(pool, folder);
}

const folderRows = ({ globalBatch = 4 }: JobOptions["answers"]): number => Math.max(1, Number(globalBatch) / 4);

async function resumeFailure(pool: Pool, folder: WrittenFolder): Promise<Failure> {
  const { saveSteps, batch, length, outputDir, schedule } = folder.plan;
  const resumed = await trainFolder(pool, folder, [
    "--resume",
    path.join(outputDir, `iter_${saveSteps * batch.accumulation}.pth`),
  ]);
  if (length.kind === "epochs") return "the length is not known";
  const used = usedBy(resumed);
  if (used.length !== length.total - saveSteps)
    return `resumed at step ${saveSteps}, ${used.length} steps were made instead of ${length.total - saveSteps}`;
  const curve = curveOf(schedule, length.total);
  const before = Array.from({ length: saveSteps }, (_, k) => learningRate(curve, k));
  return planFailure({ plan: folder.plan, total: length.total }, [...before, ...used]);
}

/** Trainings through XTuner's own tool. */
export async function proveTraining(context: Context, pool: Pool, where: string, xtuner: string): Promise<void> {
  const list = trainings(xtuner, context.scope);
  await checkAll(
    context,
    where,
    "trained",
    list,
    ({ name }) => name,
    (training) =>
      trainAndReload(
        pool,
        path.join(context.scratch, "xtuner-train", xtuner, training.name.replace(/\W+/g, "-")),
        training,
      ),
  );
}

/** The same with a DeepSpeed file that somebody has spoilt. */
export async function proveDeepSpeedPitfalls(
  context: Context,
  pool: Pool,
  where: string,
  xtuner: string,
): Promise<void> {
  const list = context.scope === "quick" ? deepspeedBreakages.slice(0, 1) : deepspeedBreakages;
  await checkAll(
    context,
    where,
    "pitfall caught",
    list,
    ({ name }) => name,
    async ({ name, change, sign }) => {
      const folder = await madeFolder(
        pool,
        path.join(context.scratch, "xtuner-ds", xtuner, name.replace(/\W+/g, "-")),
        small(xtuner),
        80,
      );
      const file = path.join(folder.path, "ds_config.xtuner.json");
      writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8")) as Json)));
      const failure = trainingFailure(folder, await trainFolder(pool, folder, [], true));
      return noticed(failure, sign);
    },
  );
}
