import { atLeast, parseVersion, type Version } from "../../../src/core/version.ts";
import { deepSpeedRate } from "../../../src/engines/deepspeed.ts";
import { type Outcome, overRun, type Rate } from "../../../src/engines/outcome.ts";
import { type TrainerRun, trainerRunRate } from "../../../src/engines/trainer.ts";
import { trainerRate } from "../../../src/engines/transformers.ts";
import { layersOf, nameOf, type Pair, quickPairs, trainedPairs } from "../matrix.ts";
import { checkAll, type Context, curveFailure, type Failure, type Proof } from "../proof.ts";
import type { Answer, Pool } from "../worker.ts";
import { deepspeedRows, type RunCase, runCases, trainerRows } from "./schedule-cases.ts";

/** The rates of both parameter groups at each step, or what the class raised. */
type Followed =
  { readonly rates: readonly (readonly number[])[] } | { readonly error: { readonly type: string; readonly text: string } };

/** One optimizer step of a recorded run. */
export interface RecordedStep {
  /** By parameter group, before the step. */
  readonly rates: readonly number[];
  /** Group and rate at each update of weights in it. */
  readonly used: readonly (readonly [number, number])[];
  readonly skipped: boolean;
  readonly gradient: number | string;
}

const version = (text: string): Version => parseVersion(text) as Version;

/** The engines' models against the engines: classes over many lengths, real runs over every way to own a schedule. */
export const schedules: Proof = {
  id: "schedules",
  async run(context) {
    const pairs = context.scope === "quick" ? quickPairs : trainedPairs;
    for (const pair of pairs) {
      const pool = await context.pool(layersOf(pair), ["schedules"]);
      await Promise.all([trainerClasses(context, pool, pair), deepspeedClasses(context, pool, pair)]);
      await runs(context, pool, pair);
      pool.stop();
    }
  },
};

async function trainerClasses(context: Context, pool: Pool, pair: Pair): Promise<void> {
  const rows = trainerRows();
  const answers = await pool.value<readonly Followed[]>({ call: "schedules.trainer_classes", args: { rows } });
  await checkAll(
    context,
    nameOf(pair),
    "schedule predicted",
    rows.map((row, index) => ({ row, answer: answers[index] as Followed })),
    ({ row }) => JSON.stringify(row),
    async ({ row, answer }) => {
      const rate = trainerRate({ ...row, deepspeed: false, version: version(pair.transformers) });
      return followedFailure(answer, rate, row.steps, row.lr);
    },
  );
}

async function deepspeedClasses(context: Context, pool: Pool, pair: Pair): Promise<void> {
  const rows = deepspeedRows();
  const answers = await pool.value<readonly Followed[]>({ call: "schedules.deepspeed_classes", args: { rows } });
  await checkAll(
    context,
    nameOf(pair),
    "schedule predicted",
    rows.map((row, index) => ({ row, answer: answers[index] as Followed })),
    ({ row }) => JSON.stringify(row),
    async ({ row, answer }) => {
      const rate = deepSpeedRate(row, { lr: row.lr, version: version(pair.deepspeed) });
      return followedFailure(answer, rate, row.steps, row.lr);
    },
  );
}

/** What an engine raised against what its model says it raises; null where both raise the same, or neither does. */
function raisedFailure(error: { readonly type: string; readonly text: string } | null, model: Outcome<unknown>): Failure {
  if (model.ok) return error === null ? null : `the engine raised ${error.type}: ${error.text}; the model goes on`;
  const { raises, says } = model.error;
  if (error === null) return `the engine goes on; the model raises ${raises}: ${says}`;
  if (error.type === raises && error.text.includes(says)) return null;
  return `the engine raised ${error.type}: ${error.text}; the model raises ${raises}: ${says}`;
}

function followedFailure(answer: Followed, model: Outcome<Rate>, steps: number, peak: number): Failure {
  const raised = raisedFailure("error" in answer ? answer.error : null, model);
  if (raised !== null || "error" in answer || !model.ok) return raised;
  for (const group of [0, 1]) {
    const expected = Array.from({ length: steps }, (_, k) => model.value(k, group));
    const failure = curveFailure(
      answer.rates.map((rates) => rates[group] as number),
      expected,
      peak,
    );
    if (failure !== null) return `group ${group}: ${failure}`;
  }
  return null;
}

async function runs(context: Context, pool: Pool, pair: Pair): Promise<void> {
  await checkAll(context, nameOf(pair), "schedule predicted", runCases(context.scope).filter(({ processes }) => processes <= context.processes), ({ name }) => name, async (each) => {
    const answer = await pool.first<{ readonly steps: readonly RecordedStep[] }>({
      call: "schedules.trainer_run",
      args: { config: trainable(each.config, pair), arguments: each.arguments, nanFrom: null },
      processes: each.processes,
    });
    return runFailure(answer, each, pair);
  });
}

/** DeepSpeed 0.12 can't reduce gradients of a CPU without ZeRO; the stage decides nothing of a schedule. */
const trainable = (config: RunCase["config"], { deepspeed }: Pair): RunCase["config"] =>
  atLeast(version(deepspeed), "0.13") || config.zero_optimization.stage > 0
    ? config
    : { ...config, zero_optimization: { ...config.zero_optimization, stage: 1 } };

/** The model's input, from what a run was told. */
const runOf = ({ arguments: told, config }: RunCase, pair: Pair): TrainerRun => ({
  learningRate: told.learning_rate,
  schedulerType: told.lr_scheduler_type,
  schedulerKwargs: told.lr_scheduler_kwargs ?? {},
  warmup: told.warmup_steps,
  total: told.max_steps,
  optimizerBlock: config.optimizer ?? null,
  schedulerBlock: config.scheduler ?? null,
  transformers: version(pair.transformers),
  deepspeed: version(pair.deepspeed),
});

function runFailure(answer: Answer<{ readonly steps: readonly RecordedStep[] }>, each: RunCase, pair: Pair): Failure {
  const model = trainerRunRate(runOf(each, pair));
  const raised = raisedFailure("error" in answer ? answer.error : null, model);
  if (raised !== null || "error" in answer || !model.ok) return raised;
  const { steps } = answer.value;
  if (steps.length !== each.arguments.max_steps) return `${steps.length} optimizer steps`;
  const skipped = steps.map((step) => step.skipped);
  const count = skipped.filter(Boolean).length;
  if (each.overflows ? count < 2 || count > steps.length - 2 : count > 0) return `${count} steps were skipped`;
  return usedFailure(steps, model.value, each.peak);
}

/** Every rate that an update used, in every parameter group, against the model. */
export function usedFailure(steps: readonly RecordedStep[], rate: Rate, peak: number): Failure {
  const skipped = steps.map((step) => step.skipped);
  const expected = [0, 1].map((group) => overRun(rate, skipped, group));
  for (const [k, step] of steps.entries()) {
    for (const [group, real] of step.rates.entries()) {
      const failure = curveFailure([real], [expected[Math.min(group, 1)]?.[k] as number], peak);
      if (failure !== null) return failure.replace("optimizer step 0", `optimizer step ${k}, group ${group}`);
    }
    if (step.skipped && step.used.length > 0) return `optimizer step ${k} was skipped, and weights were updated`;
    if (!step.skipped && step.used.length === 0) return `optimizer step ${k} updated nothing`;
    for (const [, used] of step.used) {
      if (!step.rates.includes(used)) return `optimizer step ${k} updated weights at ${used}, not ${step.rates.join(" or ")}`;
    }
  }
  return null;
}
