import path from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { curveOf, learningRate } from "../../../src/core/plan/schedule.ts";
import { stepsPerEpoch, totalSteps } from "../../../src/core/plan/steps.ts";
import type { Steps } from "../../../src/core/units.ts";
import { type JobOptions, type Plan, resolvePlan } from "../../../src/index.ts";
import { knownSchedulers } from "../../../src/targets/xtuner/schedulers.ts";
import { jobs } from "../../core/arbitrary.ts";
import { mustWrite, type WrittenFolder } from "../folders.ts";
import { checkAll, type Context, type Failure, noticed, type Proof } from "../proof.ts";
import { wordsOfLaunch, wordsOfCommand } from "../words.ts";
import type { Pool } from "../worker.ts";
import { mmengineRows, planFailure } from "./mmengine.ts";

type Json = Readonly<Record<string, any>>;

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

/** Something injected, and what the failure has to say for it to have been noticed for its own reason. */
interface Breakage<Text> {
  readonly name: string;
  readonly change: (sound: Text) => Text;
  readonly sign: RegExp;
}

/** Pieces of an emitted config, replaced by what people write; every one of them has to be noticed. */
const breakages: readonly Breakage<string>[] = [
  {
    name: "T_max without end",
    change: (text) =>
      withSchedule(
        text,
        `dict(type="LinearLR", start_factor=1e-5, by_epoch=True, begin=0, end=0.06, convert_to_iter_based=True), dict(type="CosineAnnealingLR", eta_min=0.0, by_epoch=True, begin=0.06, T_max=2, convert_to_iter_based=True)`,
      ),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "a warm-up of one iteration in XTuner's own form",
    change: (text) =>
      withSchedule(
        text,
        `dict(type="LinearLR", start_factor=1e-5, by_epoch=False, begin=0, end=1), dict(type="CosineAnnealingLR", eta_min=0.0, by_epoch=False, begin=1, end=80)`,
      ),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "a warm-up of no iteration in XTuner's own form",
    change: (text) =>
      withSchedule(
        text,
        `dict(type="LinearLR", start_factor=1e-5, by_epoch=False, begin=0, end=0), dict(type="CosineAnnealingLR", eta_min=0.0, by_epoch=False, begin=0, end=80)`,
      ),
    sign: /ValueError: end should be larger than begin/,
  },
  {
    name: "by_epoch without conversion",
    change: (text) => withSchedule(text, `dict(type="CosineAnnealingLR", eta_min=0.0, by_epoch=True, begin=0, end=2)`),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "a parameter that no class has",
    change: (text) => text.replace("start_factor=", "start_factors="),
    sign: /TypeError: .*start_factors/,
  },
  {
    name: "a warm-up from 0",
    change: (text) => text.replace("start_factor=1e-8", "start_factor=0"),
    sign: /ZeroDivisionError/,
  },
  {
    name: "not shifted to where the weights are updated",
    change: (text) => text.replace(/begin=\d+/, "begin=0"),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "a loop of another length",
    change: (text) => text.replace(/max_iters=\d+/, "max_iters=40"),
    sign: /20 optimizer steps instead of 40/,
  },
  {
    name: "another rate",
    change: (text) => text.replace(/lr=[\d.e-]+,/, "lr=1.5e-3,"),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "two lengths",
    change: (text) => text.replace(/max_iters=\d+/, "max_iters=80, max_epochs=2"),
    sign: /RuntimeError: Only one of `max_iters` or `max_epochs`/,
  },
  {
    name: "varlen attention beside a batch",
    change: (text) => `${text}\nuse_varlen_attn = True\n`,
    sign: /NotImplementedError: .*varlen/,
  },
  {
    name: "a function that XTuner has not",
    change: (text) => text.replace("template_map_fn_factory,", "template_map_fn_maker,"),
    sign: /NameError: .*template_map_fn_maker/,
  },
];

const withSchedule = (text: string, entries: string): string => `${text}\nparam_scheduler = [${entries}]\n`;

const small = (xtuner: string): JobOptions["answers"] => ({
  model: "qwen2.5-0.5b",
  gpu: "a100-80",
  gpus: 1,
  xtuner,
  targets: ["xtuner"],
  scheduler: "cosine",
  lr: 2e-3,
  warmupSteps: 2,
  maxSteps: 12,
  microBatch: 2,
  gradAccum: 2,
  globalBatch: 4,
  seqLen: 256,
  packing: false,
  saveSteps: 6,
  zero: 2,
});

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

interface Training {
  readonly name: string;
  readonly answers: JobOptions["answers"];
}

const trainings = (xtuner: string, scope: Context["scope"]): readonly Training[] => {
  const usual = small(xtuner);
  const all: readonly Training[] = [
    { name: "ZeRO-2, accumulation 2", answers: usual },
    {
      name: "ZeRO-1, accumulation 1, linear",
      answers: { ...usual, zero: 1, gradAccum: 1, globalBatch: 2, scheduler: "linear" },
    },
    { name: "ZeRO-3, accumulation 2", answers: { ...usual, zero: 3 } },
    {
      name: "ZeRO-2, accumulation 16, no warm-up",
      answers: { ...usual, gradAccum: 16, globalBatch: 32, warmupSteps: 0 },
    },
    { name: "ZeRO-2, LoRA", answers: { ...usual, method: "lora" } },
    { name: "ZeRO-2, two processes", answers: { ...usual, gpus: 2, globalBatch: 8 } },
    { name: "ZeRO-3, two processes", answers: { ...usual, zero: 3, gpus: 2, globalBatch: 8 } },
  ];
  return scope === "quick" ? all.slice(0, 1) : all;
};

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

async function proveTraining(context: Context, pool: Pool, where: string): Promise<void> {
  const xtuner = versionOf(where);
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

/** DeepSpeed files that people bring along, and what gives them away. */
const deepspeedBreakages: readonly Breakage<Json>[] = [
  {
    name: "a scheduler of DeepSpeed's own: both write the rate",
    change: (config) => ({
      ...config,
      scheduler: {
        type: "WarmupLR",
        params: { warmup_min_lr: 0, warmup_max_lr: 2e-3, warmup_num_steps: 2, warmup_type: "linear" },
      },
    }),
    sign: /optimizer step 1 used 0,/,
  },
  {
    name: "train_batch_size auto, which nobody fills",
    change: (config) => ({ ...config, train_batch_size: "auto" }),
    sign: /TypeError: '>' not supported/,
  },
  {
    name: "a batch that does not come out",
    change: (config) => ({ ...config, train_batch_size: 6 }),
    sign: /AssertionError: Check batch related parameters/,
  },
  {
    name: "auto in a scheduler of DeepSpeed's own",
    change: (config) => ({
      ...config,
      scheduler: {
        type: "WarmupLR",
        params: { warmup_min_lr: "auto", warmup_max_lr: "auto", warmup_num_steps: "auto" },
      },
    }),
    sign: /TypeError: .*'str' and 'str'/,
  },
];

async function proveDeepSpeedPitfalls(context: Context, pool: Pool, where: string): Promise<void> {
  const xtuner = versionOf(where);
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

/** XTuner: its own reader and checks on what is emitted, and trainings through its own tool. */
export const xtuner: Proof = {
  id: "xtuner",
  async run(context) {
    for (const { where, layers } of context.scope === "quick" ? mmengineRows.slice(0, 1) : mmengineRows) {
      const pool = await context.pool(layers, ["xtuner_probe"]);
      await proveConfigs(context, pool, where);
      await provePitfalls(context, pool, where);
      await proveTraining(context, pool, where);
      await proveDeepSpeedPitfalls(context, pool, where);
      pool.stop();
    }
  },
};
