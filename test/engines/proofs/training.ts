import path from "node:path";
import { curveOf, learningRate } from "../../../src/core/plan/schedule.ts";
import { steps } from "../../../src/core/units.ts";
import { atLeast, parseVersion, type Version } from "../../../src/core/version.ts";
import type { Rate } from "../../../src/engines/outcome.ts";
import { trainerRunRate } from "../../../src/engines/trainer.ts";
import type { Answers, JobOptions, Plan } from "../../../src/index.ts";
import { hfDeepSpeedConfig } from "../../../src/targets/deepspeed/config.ts";
import { modelFileOf, mustWrite, type WrittenFolder } from "../folders.ts";
import { layersOf, nameOf, type Pair, quickPairs, trainedPairs } from "../matrix.ts";
import { checkAll, type Context, type Failure, type Proof } from "../proof.ts";
import type { Answer, Pool } from "../worker.ts";
import { stepsOf } from "./parse.ts";
import { type RecordedStep, usedFailure } from "./schedules.ts";
import { type TrainingCase, trainingCases } from "./training-cases.ts";

/** What a run of the emitted program did, on one rank. */
export interface Trained {
  readonly steps: readonly RecordedStep[];
  readonly stopped: boolean;
  readonly globalStep: number;
  readonly logs: readonly {
    readonly step: number;
    readonly loss: number | string;
    readonly grad_norm?: number | string | null;
    readonly learning_rate: number;
  }[];
  /** Null of a run that was stopped. */
  readonly saved: { readonly compared: number; readonly different: readonly string[]; readonly extra: readonly string[] } | null;
}

/** What a pair of versions trains on: models and data that its own transformers made. */
export interface Ground {
  readonly models: Readonly<Partial<Record<Family, { readonly path: string; readonly file: NonNullable<JobOptions["modelFile"]> }>>>;
  readonly data: string;
}

const families = ["qwen2", "llama", "mixtral"] as const;
export type Family = (typeof families)[number];

const ROWS = 96;

/** Qwen2 came with transformers 4.37; before it the same cases train a Llama. */
const familiesOf = ({ transformers }: Pair): readonly Family[] =>
  families.filter((family) => family !== "qwen2" || atLeast(parseVersion(transformers) as Version, "4.37"));

/** Makes the models and the data of a pair. */
export async function ground(context: Context, pool: Pool, pair: Pair): Promise<Ground> {
  const place = path.join(context.scratch, "ground", nameOf(pair));
  const made = await Promise.all(
    familiesOf(pair).map(async (family) => {
      const folder = path.join(place, family);
      const { config } = await pool.value<{ readonly config: unknown }>({ call: "tiny.model", args: { folder, family } });
      return [family, { path: folder, file: modelFileOf(config) }] as const;
    }),
  );
  const data = path.join(place, "train.jsonl");
  await pool.value({ call: "tiny.conversations", args: { path: data, rows: ROWS, seed: context.seed } });
  return { models: Object.fromEntries(made) as Ground["models"], data };
}

function fail(): never {
  throw new Error("every pair has a Llama");
}

/** What is the same in every run: small numbers, a rate at which a small model learns, versions, places. */
export function jobOf(each: { readonly family: Family; readonly preset?: string; readonly answers: Answers }, pair: Pair, { models, data }: Ground): JobOptions {
  const { path: model, file } = models[each.family] ?? models.llama ?? fail();
  return {
    modelFile: file,
    name: "run",
    ...(each.preset === undefined ? {} : { preset: each.preset }),
    answers: {
      model,
      gpu: "h100",
      seqLen: 64,
      microBatch: 2,
      ...(each.answers.epochs === undefined ? { maxSteps: 12 } : { samples: ROWS }),
      saveSteps: 6,
      lr: 5e-3,
      targets: ["hf"],
      data,
      outputDir: "output",
      ...pair,
      ...each.answers,
    },
  };
}

/** The emitted program, run as it stands: every rate, every gradient, the weights it leaves, and going on after a stop. */
export const training: Proof = {
  id: "training",
  async run(context) {
    const pairs = context.scope === "quick" ? quickPairs : trainedPairs;
    for (const pair of pairs) {
      const pool = await context.pool(layersOf(pair), ["tiny", "hf_train"]);
      const made = await ground(context, pool, pair);
      const cases = trainingCases(context.scope, pair).filter(({ answers }) => (answers.gpus ?? 1) <= context.processes);
      await checkAll(context, nameOf(pair), "trained", cases, ({ name }) => name, async (each) => {
        const place = path.join(context.scratch, "training", nameOf(pair), each.name.replaceAll(/\W+/g, "-"));
        const folder = mustWrite(place, jobOf(each, pair, made));
        return trainAndJudge(pool, folder, each);
      });
      pool.stop();
    }
  },
};

const trainOnce = (pool: Pool, folder: WrittenFolder, stopAfter: number | null, offload: boolean): Promise<Answer<Trained>> =>
  pool.first<Trained>({
    call: "hf_train.train",
    args: { folder: folder.path, stopAfter, offload },
    processes: folder.plan.batch.world,
    seconds: offload ? 500 : 150,
  });

/** Trains a folder, with a stop on the way where the case asks for one; null when everything is as planned. */
export async function trainAndJudge(pool: Pool, folder: WrittenFolder, each: Pick<TrainingCase, "stopAfter" | "learns">): Promise<Failure> {
  const offload = folder.plan.zero.offload.kind !== "none";
  const parts: Trained[] = [];
  for (const stop of each.stopAfter === null ? [null] : [each.stopAfter, null]) {
    const answer = await trainOnce(pool, folder, stop, offload);
    if ("error" in answer) {
      return `${answer.error.type}: ${answer.error.text}\n${answer.error.trace}\n${answer.log.slice(-1000)}`;
    }
    if (answer.value.stopped !== (stop !== null)) return `the run ${stop === null ? "was stopped" : "was not stopped"}`;
    parts.push(answer.value);
  }
  return trainedFailure(parts, folder.plan, each.learns);
}

/** What a plan says each update uses, whoever owns the schedule. */
export function plannedRate(plan: Plan): Rate {
  const { schedule, versions } = plan;
  const total = stepsOf(plan);
  const curve = curveOf(schedule, steps(total));
  if (schedule.owner.kind === "trainer") return (updates) => learningRate(curve, updates);
  const rate = trainerRunRate({
    learningRate: schedule.peakLr,
    schedulerType: schedule.shape.name,
    schedulerKwargs: {},
    warmup: curve.warmup,
    total,
    optimizerBlock: null,
    schedulerBlock: hfDeepSpeedConfig(plan).scheduler ?? null,
    transformers: versions.transformers,
    deepspeed: versions.deepspeed,
  });
  if (!rate.ok) throw new Error(rate.error.says);
  return rate.value;
}

function trainedFailure(parts: readonly Trained[], plan: Plan, learns: boolean): Failure {
  const last = parts.at(-1) as Trained;
  const recorded = parts.flatMap((part) => part.steps);
  const total = stepsOf(plan);
  if (recorded.length !== total || last.globalStep !== total) {
    return `${recorded.length} optimizer steps, and the Trainer counts ${last.globalStep}, instead of ${total}`;
  }
  const skipped = recorded.filter((step) => step.skipped).length;
  // fp16 may have to halve its scale once or twice; a schedule that stands still longer ends before its time.
  if (skipped > total / 4) return `${skipped} of ${total} optimizer steps were skipped`;
  const rates = usedFailure(recorded, plannedRate(plan), plan.schedule.peakLr);
  if (rates !== null) return rates;
  const dead = recorded.findIndex(({ gradient, skipped }) => !skipped && !(Number(gradient) > 0 && Number.isFinite(Number(gradient))));
  if (dead >= 0) return `the gradient of optimizer step ${dead} is ${recorded[dead]?.gradient}`;
  return lossFailure(last, total, learns) ?? savedFailure(last);
}

function lossFailure(last: Trained, total: number, learns: boolean): Failure {
  // A run that goes on after a stop brings its first part's log along.
  const losses = last.logs.map(({ loss }) => Number(loss));
  if (losses.length !== total) return `${losses.length} losses were logged instead of ${total}`;
  if (!losses.every((loss) => Number.isFinite(loss) && loss > 0)) return `losses ${losses.join(", ")}`;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  if (learns && !(mean(losses.slice(-3)) < mean(losses.slice(0, 3)))) return `the loss does not fall: ${losses.join(", ")}`;
  return null;
}

function savedFailure({ saved }: Trained): Failure {
  if (saved === null) return "nothing was saved";
  if (saved.compared === 0 || saved.different.length > 0 || saved.extra.length > 0) {
    return `of ${saved.compared} weights these differ after a reload: ${saved.different.join(", ")}; more than the model has: ${saved.extra.join(", ")}`;
  }
  return null;
}
