import path from "node:path";
import fc from "fast-check";
import { curveOf } from "../../../src/core/plan/schedule.ts";
import { stepsPerEpoch, totalSteps } from "../../../src/core/plan/steps.ts";
import type { Steps } from "../../../src/core/units.ts";
import { type JobOptions, type Plan, resolvePlan } from "../../../src/index.ts";
import { knownSchedulers } from "../../../src/targets/xtuner/schedulers.ts";
import { jobs } from "../../core/arbitrary.ts";
import { mustWrite, type WrittenFolder } from "../folders.ts";
import { checkAll, type Context, type Failure, noticed, type Proof } from "../proof.ts";
import type { Pool } from "../worker.ts";
import { mmengineRows, planFailure } from "./mmengine.ts";
import { breakages, type Json, small } from "./xtuner-cases.ts";
import { proveDeepSpeedPitfalls, proveTraining } from "./xtuner-training.ts";

/** What XTuner's own reader and checks, and its loop, made of a config. */
interface Told {
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly values: Json;
  readonly run: {
    readonly error: { readonly type: string; readonly message: string } | null;
    readonly updates: readonly number[];
  } | null;
}

interface Subject {
  readonly name: string;
  readonly plan: Plan;
  readonly text: string;
  /** Rows of the data file; the length of the run follows from them where the plan does not say it. */
  readonly rows: number;
  readonly total: Steps;
  readonly world: number;
}

const VALUES = [
  "optim_wrapper",
  "param_scheduler",
  "train_cfg",
  "train_dataloader",
  "model",
  "tokenizer",
  "default_hooks",
  "custom_hooks",
];
/** Longer schedules are compared as they are written; that such entries are followed is proven on shorter ones. */
const LONGEST = 2000;
const BATCH = 20;
/** Batches of the dataloader, for entries that count epochs: ours don't. */
const EPOCH = 40;

const versionOf = (where: string): string => /XTuner (\S+),/.exec(where)?.[1] ?? "";

/** The run's length beside so many rows. */
function totalFor({ length, batch, versions }: Plan, rows: number): Steps {
  return length.kind === "epochs"
    ? totalSteps(length.epochs, stepsPerEpoch(rows, batch, versions.transformers, false))
    : length.total;
}

const subjectOf = (name: string, { plan, files }: Pick<WrittenFolder, "plan" | "files">, rows: number): Subject => ({
  name: `${name}, ${rows} rows`,
  plan,
  text: files.find((file) => file.path === "xtuner_config.py")?.text ?? "",
  rows,
  total: totalFor(plan, rows),
  world: plan.batch.world,
});

/** The configs through XTuner, a batch a call. */
async function read(pool: Pool, subjects: readonly Subject[]): Promise<readonly Told[]> {
  const batches = Array.from({ length: Math.ceil(subjects.length / BATCH) }, (_, index) =>
    subjects.slice(index * BATCH, (index + 1) * BATCH),
  );
  const told = await Promise.all(
    batches.map((batch) =>
      pool.value<{ readonly configs: readonly Told[] }>({
        call: "xtuner_probe.configs",
        args: {
          cases: batch.map(({ text, plan, rows, world, total }) => ({
            text,
            data: plan.data,
            rows: [rows],
            world,
            arguments: ["--deepspeed", "ds_config.xtuner.json", "--launcher", "pytorch"],
            values: VALUES,
            runner: "FlexibleRunner",
            epoch_length: EPOCH,
            schedule: total * plan.batch.accumulation <= LONGEST,
          })),
        },
        seconds: 300,
      }),
    ),
  );
  return told.flatMap(({ configs }) => configs);
}

/** Where what XTuner has read is not the plan. */
function configFailure({ plan, total }: Subject, { error, values, run }: Told): Failure {
  if (error !== null) return `${error.type}: ${error.message}`;
  const { batch, optimizer, schedule, model } = plan;
  const { optimizer: engine, accumulative_counts, clip_grad } = values["optim_wrapper"] as Json;
  const left = curveOf(schedule, total).warmup >= total;
  const expected = knownSchedulers(plan, total)
    // A run as short as its warm-up has nothing left to decay over.
    .filter(({ type }) => !left || type === "LinearLR")
    .map((scheduler) => ({ ...scheduler, by_epoch: false }));
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["rate", engine.lr, schedule.peakLr],
    ["betas", engine.betas, [optimizer.beta1, optimizer.beta2]],
    ["epsilon", engine.eps, optimizer.epsilon],
    ["weight decay", engine.weight_decay, optimizer.weightDecay],
    ["accumulation", accumulative_counts, batch.accumulation],
    ["clipping", clip_grad.max_norm, optimizer.maxGradNorm],
    ["micro batch", values["train_dataloader"].batch_size, batch.micro],
    ["loop", values["train_cfg"], { type: "TrainLoop", max_iters: total * batch.accumulation }],
    ["schedule", sorted(values["param_scheduler"]), sorted(expected)],
    ["model", values["model"].llm.pretrained_model_name_or_path, model.path],
    ["map", values["train_dataloader"].dataset.dataset_map_fn !== null, true],
  ];
  const wrong = pairs.find(([, has, wants]) => JSON.stringify(has) !== JSON.stringify(wants));
  if (wrong !== undefined)
    return `${wrong[0]}: the engine has ${JSON.stringify(wrong[1])}, the plan ${JSON.stringify(wrong[2])}`;
  if (run === null) return null;
  if (run.error !== null) return `${run.error.type}: ${run.error.message}`;
  // Such a run ends before its warm-up does.
  return left ? null : planFailure({ plan, total }, run.updates);
}

/** What the loop itself shows of it, whatever the config says. */
function runFailure({ plan, total }: Subject, { error, run }: Told): Failure {
  const stopped = error ?? run?.error ?? null;
  if (stopped !== null) return `${stopped.type}: ${stopped.message}`;
  return run === null ? null : planFailure({ plan, total }, run.updates);
}

const sorted = (entries: readonly Json[]): unknown =>
  entries.map((entry) => Object.fromEntries(Object.entries(entry).toSorted(([a], [b]) => (a < b ? -1 : 1))));

/** Rates at the end of what a float can hold: the first of a warm-up is 0 there, and whatever is multiplied stays 0. */
const LEAST_RATE = 1e-290;

function isOffered(job: JobOptions): boolean {
  const resolved = resolvePlan(job);
  return resolved.ok && resolved.plan.schedule.peakLr >= LEAST_RATE;
}

const presetJobs = (xtuner: string): readonly (readonly [string, JobOptions])[] => [
  ["qwen-7b", { preset: "qwen-7b", answers: { xtuner } }],
  ["qwen-7b, LoRA", { preset: "qwen-7b", answers: { xtuner, method: "lora" } }],
  ["qwen-7b, QLoRA", { preset: "qwen-7b", answers: { xtuner, method: "qlora" } }],
  ["qwen2-72b", { preset: "qwen2-72b", answers: { xtuner } }],
];

async function proveConfigs(context: Context, pool: Pool, where: string): Promise<void> {
  const xtuner = versionOf(where);
  const random = fc.sample(
    jobs
      .map((job): JobOptions => ({
        ...job,
        answers: { ...job.answers, xtuner, targets: ["hf", "xtuner"], data: `data/it's "the" $(set).jsonl` },
      }))
      .filter(isOffered),
    { numRuns: context.scope === "quick" ? 40 : 300, seed: context.seed },
  );
  const named = [
    ...presetJobs(xtuner),
    ...random.map((job, index) => [`answers ${index} of seed ${context.seed}`, job] as const),
  ];
  const subjects = named.flatMap(([name, job], index) => {
    const folder = mustWrite(path.join(context.scratch, "xtuner", xtuner, String(index)), job);
    return (folder.plan.length.kind === "epochs" ? [1, 63, 1000] : [7]).map((rows) => subjectOf(name, folder, rows));
  });
  const told = await read(pool, subjects);
  const numbers = subjects.map((_, index) => index);
  await checkAll(
    context,
    where,
    "read",
    numbers,
    (index) => subjects[index]?.name ?? "",
    async (index) => configFailure(subjects[index] as Subject, told[index] as Told),
  );
}

async function provePitfalls(context: Context, pool: Pool, where: string): Promise<void> {
  const job: JobOptions = { answers: { ...small(versionOf(where)), maxSteps: 40 } };
  const sound = subjectOf("sound", mustWrite(path.join(context.scratch, "xtuner-broken", versionOf(where)), job), 7);
  const broken = breakages.map(({ name, change }): Subject => ({ ...sound, name, text: change(sound.text) }));
  const all = [...broken, { ...sound, name: "another number of processes", world: 3 }, sound];
  const signs = [...breakages.map(({ sign }) => sign), /SystemExit: .*written for 1 processes/];
  const told = await read(pool, all);
  await checkAll(
    context,
    where,
    "pitfall caught",
    all.map((_, index) => index),
    (index) => all[index]?.name ?? "",
    async (index) => {
      const subject = all[index] as Subject;
      const failure = runFailure(subject, told[index] as Told) ?? configFailure(subject, told[index] as Told);
      if (subject === sound) return failure;
      if (subject.text === sound.text && subject.world === sound.world) return "the injection changes nothing";
      return noticed(failure, signs[index] as RegExp);
    },
  );
}

/** XTuner: its own reader and checks on what is emitted, and trainings through its own tool. */
export const xtuner: Proof = {
  id: "xtuner",
  async run(context) {
    for (const { where, layers } of context.scope === "quick" ? mmengineRows.slice(0, 1) : mmengineRows) {
      const pool = await context.pool(layers, ["xtuner_probe"]);
      await proveConfigs(context, pool, where);
      await provePitfalls(context, pool, where);
      await proveTraining(context, pool, where, versionOf(where));
      await proveDeepSpeedPitfalls(context, pool, where, versionOf(where));
      pool.stop();
    }
  },
};
