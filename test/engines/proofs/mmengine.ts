import fc from "fast-check";
import { curveOf, learningRate } from "../../../src/core/plan/schedule.ts";
import { type Steps, steps } from "../../../src/core/units.ts";
import { type MmRun, mmengineRun, updateIterations } from "../../../src/engines/mmengine.ts";
import { type JobOptions, type Plan, resolvePlan } from "../../../src/index.ts";
import { knownSchedulers } from "../../../src/targets/xtuner/schedulers.ts";
import type { LayerName } from "../matrix.ts";
import { checkAll, type Context, type Failure, type Proof, TOLERANCE } from "../proof.ts";
import type { Pool } from "../worker.ts";
import { knownForms } from "./mmengine-forms.ts";
import { anyCases, type Case } from "./mmengine-jobs.ts";

/** What the engine did with a case; rates that are no numbers for JSON come as words. */
interface Told {
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly rates: readonly (number | string)[];
  readonly updates: readonly (number | string)[];
}

type Runner = "Runner" | "FlexibleRunner";

/** mmengine with the XTuner that brings its `TrainLoop`. */
export const mmengineRows: readonly { readonly where: string; readonly layers: readonly LayerName[] }[] = [
  {
    where: "XTuner 0.2.0, mmengine 0.10.6",
    layers: ["xtuner 0.2.0", "mmengine 0.10.6", "data", "xtuner-deepspeed 0.16.2"],
  },
  { where: "XTuner 0.1.23, mmengine 0.10.7", layers: ["xtuner 0.1.23", "mmengine 0.10.7", "data", "deepspeed 0.15.4"] },
];

/** Cases for the runner, as it is told of them. */
const wire = ({ lr, param_scheduler, train_cfg, epochLength, accumulation }: Case) => ({
  schedulers: param_scheduler,
  train_cfg,
  base_lr: lr,
  epoch_length: epochLength,
  accumulation,
});

const BATCH = 150;

/** The cases through mmengine's own runner, a batch a call. */
async function runAll(pool: Pool, runner: Runner, cases: readonly Case[]): Promise<readonly Told[]> {
  const batches = Array.from({ length: Math.ceil(cases.length / BATCH) }, (_, index) =>
    cases.slice(index * BATCH, (index + 1) * BATCH),
  );
  const runs = await Promise.all(
    batches.map((batch) =>
      pool.value<{ readonly runs: readonly Told[] }>({
        call: "xtuner_probe.schedules",
        args: { runner, cases: batch.map(wire) },
        seconds: 300,
      }),
    ),
  );
  return runs.flatMap((each) => each.runs);
}

const numberOf = (rate: number | string): number =>
  typeof rate === "number"
    ? rate
    : (({ inf: Infinity, "-inf": -Infinity } as Readonly<Record<string, number>>)[rate] ?? NaN);

/** Where the model of mmengine says another thing than mmengine does. */
function modelFailure(each: Case, told: Told): Failure {
  const model: MmRun = mmengineRun(each);
  const { failure } = model;
  if (
    failure === null
      ? told.error !== null
      : told.error?.type !== failure.error.raises || !told.error.message.includes(failure.error.says)
  ) {
    return `the engine ${told.error === null ? "runs" : `raises ${told.error.type}: ${told.error.message}`}, the model ${failure === null ? "runs" : `raises ${failure.error.raises}: ${failure.error.says}`}`;
  }
  if (told.rates.length !== model.rates.length)
    return `${told.rates.length} iterations, the model ${model.rates.length}`;
  const real = told.rates.map(numberOf);
  const finite = real.filter(Number.isFinite).map(Math.abs);
  const peak = Math.max(each.lr, ...finite);
  const at = real.findIndex((rate, iteration) => {
    const predicted = model.rates[iteration] as number;
    return !(Object.is(rate, predicted) || rate === predicted || Math.abs(rate - predicted) <= TOLERANCE * peak);
  });
  if (at >= 0) return `iteration ${at}: the engine has ${told.rates[at]}, the model ${model.rates[at]}`;
  if (failure !== null) return null;
  const updates = updateIterations(real.length, each.accumulation, "mmengine").map(
    (iteration) => told.rates[iteration],
  );
  return JSON.stringify(updates) === JSON.stringify(told.updates)
    ? null
    : `updates at ${told.updates.length} iterations, the model at ${updates.length}`;
}

async function proveModel(context: Context, pool: Pool, where: string, isFirst: boolean): Promise<void> {
  const count = context.scope === "quick" || !isFirst ? 600 : 12_000;
  for (const runner of ["Runner", "FlexibleRunner"] as const) {
    const share = runner === "Runner" ? count : Math.ceil(count / 4);
    const random = fc.sample(anyCases, { numRuns: share, seed: context.seed });
    const cases = [...knownForms.map(({ job }) => job), ...random];
    const told = await runAll(pool, runner, cases);
    await checkAll(
      context,
      where,
      "schedule predicted",
      cases.map((_, index) => index),
      (index) => `${runner}, case ${index} of seed ${context.seed}: ${JSON.stringify(cases[index])}`,
      async (index) => modelFailure(cases[index] as Case, told[index] as Told),
    );
    if (runner === "FlexibleRunner") continue;
    // The documented pitfalls: what the engine does has to depart from what was meant, in the way that is documented.
    await checkAll(
      context,
      where,
      "pitfall caught",
      knownForms.map((_, index) => index),
      (index) => knownForms[index]?.name ?? "",
      async (index) => {
        const form = knownForms[index] as (typeof knownForms)[number];
        const { error, rates } = told[index] as Told;
        return form.symptom({ error: error?.type ?? null, rates: rates.map(numberOf) })
          ? null
          : `not seen: ${form.name}`;
      },
    );
  }
}

/** An emitted schedule, its length, and the name of it. */
interface Planned {
  readonly plan: Plan;
  readonly total: Steps;
  readonly name: string;
}

const RATIOS = [0, 0.01, 0.02, 0.03];
const ACCUMULATIONS = [1, 2, 16];
const ITERATIONS = 1000;

/** The plan of a LoRA run under XTuner; null where the product refuses it, such as restarts that don't come out even. */
function planFor(answers: JobOptions["answers"]): Plan | null {
  const resolved = resolvePlan({
    answers: {
      model: "qwen2-7b",
      gpu: "a100-80",
      gpus: 8,
      method: "lora",
      xtuner: "0.2.0",
      targets: ["xtuner"],
      microBatch: 1,
      ...answers,
    },
  });
  return resolved.ok ? resolved.plan : null;
}

/** Every number of optimizer steps whose iterations are at most a thousand; of `quick` runs, a few from each end. */
function lengthsFor(accumulation: number, scope: Context["scope"]): readonly number[] {
  const most = Math.floor(ITERATIONS / accumulation);
  const all = Array.from({ length: most }, (_, index) => index + 1);
  return scope === "whole" ? all : all.filter((total) => total <= 4 || [12, 33, 34, 62, 100, 101, 300].includes(total));
}

function planned(scope: Context["scope"]): readonly Planned[] {
  const shapes = [
    { scheduler: "cosine" },
    { scheduler: "linear" },
    { scheduler: "constant" },
    { scheduler: "constant_with_warmup" },
    { scheduler: "polynomial", minLrRatio: 0.05 },
    { scheduler: "cosine_with_restarts", numCycles: 2 },
    { scheduler: "cosine_with_min_lr", minLrRatio: 0.1 },
    { scheduler: "warmup_stable_decay", minLrRatio: 0.1, decayRatio: 0.2 },
  ] as const;
  const all = ACCUMULATIONS.flatMap((gradAccum) =>
    lengthsFor(gradAccum, scope).map((maxSteps) => ({ gradAccum, maxSteps })),
  );
  return all.flatMap((length) =>
    RATIOS.flatMap((warmupRatio) =>
      shapes
        // All shapes at one length in ten; the default, cosine, at every one.
        .filter(({ scheduler }) => scheduler === "cosine" || length.maxSteps % 10 === 2)
        .flatMap((shape) => {
          const plan = planFor({ ...length, warmupRatio, ...shape });
          const name = `${shape.scheduler}, ${length.maxSteps} steps of ${length.gradAccum}, warm-up ${warmupRatio}`;
          return plan === null ? [] : [{ plan, total: steps(length.maxSteps), name }];
        }),
    ),
  );
}

/** mmengine can't begin a warm-up at 0: its first factor is this, and what is left of it shrinks to nothing on the way. */
const START_FACTOR = 1e-8;

/** Where the engine's rate at an optimizer step is not the plan's. */
export function planFailure({ plan, total }: Pick<Planned, "plan" | "total">, updates: readonly number[]): Failure {
  const curve = curveOf(plan.schedule, total);
  if (updates.length !== total) return `${updates.length} optimizer steps instead of ${total}`;
  const at = updates.findIndex((rate, k) => {
    const left = k < curve.warmup ? START_FACTOR * (1 - k / curve.warmup) : 0;
    return !(Math.abs(rate - learningRate(curve, k)) <= (TOLERANCE + left) * curve.peakLr);
  });
  return at < 0 ? null : `optimizer step ${at} used ${updates[at]}, the plan has ${learningRate(curve, at)}`;
}

async function provePlans(context: Context, pool: Pool, where: string, isFirst: boolean): Promise<void> {
  const all = planned(isFirst ? context.scope : "quick");
  const cases = all.map(({ plan, total }): Case => ({
    lr: plan.schedule.peakLr,
    param_scheduler: knownSchedulers(plan, total).map((scheduler) => ({ ...scheduler, by_epoch: false })),
    train_cfg: { type: "TrainLoop", max_iters: total * plan.batch.accumulation },
    epochLength: 7,
    accumulation: plan.batch.accumulation,
  }));
  const told = await runAll(pool, "FlexibleRunner", cases);
  await checkAll(
    context,
    where,
    "plan followed",
    all.map((_, index) => index),
    (index) => all[index]?.name ?? "",
    async (index) => {
      const { error, updates } = told[index] as Told;
      return error === null
        ? planFailure(all[index] as Planned, updates.map(numberOf))
        : `${error.type}: ${error.message}`;
    },
  );
}

/** mmengine's schedules: the model of them, and the plan's on the engine's own loop. */
export const mmengine: Proof = {
  id: "mmengine",
  async run(context) {
    for (const [index, { where, layers }] of (context.scope === "quick"
      ? mmengineRows.slice(0, 1)
      : mmengineRows
    ).entries()) {
      const pool = await context.pool(layers, ["xtuner_probe"]);
      // mmengine's schedulers and loops are the same text in both versions: the whole grid is run once.
      await proveModel(context, pool, where, index === 0);
      await provePlans(context, pool, where, index === 0);
      pool.stop();
    }
  },
};
