import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import { atLeast, showVersion } from "../version.ts";
import { type BatchHabit, type BatchIntent, explainBatch, readBatch, solveBatch } from "./batch.ts";
import { resolveHardware } from "./hardware.ts";
import { resolveLength } from "./length.ts";
import { resolveLiger } from "./liger.ts";
import { bucketsOf, smallBuckets } from "./memory/buckets.ts";
import { hostMemory } from "./memory/host.ts";
import {
  comfortable,
  estimateMemory,
  hasFusedAttention,
  type MemoryQuestion,
  trainableParameters,
} from "./memory/question.ts";
import { type ModelFile, resolveMethod, resolveModel, resolveTask } from "./model.ts";
import type { Batch, Length, ModelPlan, Plan, Task, Versions, Zero } from "./plan.ts";
import { resolvePrecision } from "./precision.ts";
import { decide, type Findings, noFindings, type Problem, refuse } from "./problem.ts";
import { resolveOptimizer, resolveSchedule } from "./rate.ts";
import { resolveTargets } from "./targets.ts";
import { resolveVersions } from "./versions.ts";
import { explainBuckets, explainZero, type Tried, withinHost, zeroCandidates } from "./zero.ts";
import type { Buckets } from "./memory/job.ts";

/** What a plan is made of besides answers; all of it was read at the border. */
export interface PlanInput {
  readonly answers: Answers;
  /** The run's name: the destination folder's. */
  readonly name?: string;
  /** The preset that some of the answers came from. */
  readonly preset?: string | null;
  /** The model's own config.json, where `answers.model` is a path. */
  readonly modelFile?: ModelFile | null;
}

export type Resolved =
  { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Decides every number of a job once. Pure: the same input gives the same plan.
 * Answers that contradict each other give problems, all of them at once, and no plan.
 */
export function resolvePlan({ answers, name = "train-config", preset = null, modelFile = null }: PlanInput): Resolved {
  const findings = noFindings();
  const model = resolveModel(answers, modelFile, findings);
  if (answers.gpus === undefined)
    refuse(findings, ["gpus"], message("problem.gpusMissing"), message("instead.flag", { flag: "--gpus 8" }));
  const hardware = resolveHardware(answers, findings);
  const precision = resolvePrecision(answers, model, hardware, findings);
  const method = resolveMethod(answers, model, findings);
  const task = resolveTask(answers, model, hardware.gpus, hardware.flashAttention, findings);
  const optimizer = resolveOptimizer(answers, model, findings);
  const scheduler = answers.scheduler ?? (answers.minLrRatio === undefined ? "cosine" : "cosine_with_min_lr");
  const versions = resolveVersions(answers, model, task.kind, scheduler, findings);

  const world = hardware.gpus;
  const intent = readBatch(answers, world, findings);
  const habit = habitOf(task, world);
  const liger = resolveLiger(answers, model, task, versions.transformers, findings);
  const usual = bucketsOf(method.kind, trainableParameters(model, method), model.architecture.hiddenSize);
  const fusedAttention = hasFusedAttention(model, hardware, versions);
  const job = { model, method, precision, task, hardware, fusedAttention, liger };
  const candidates = zeroCandidates(answers, task.kind, method, findings);
  const allowed = withinHost(
    candidates,
    answers,
    (zero) => hostMemory({ ...job, zero, micro: 1, accumulation: 1, buckets: usual }),
    findings,
  );
  const settled = settle(allowed, usual, (zero, buckets) => solve(intent, world, habit, { ...job, zero, buckets }));
  const { batch, at, tried } = settled;
  explainZero(answers, at, tried, findings);
  explainBuckets(at, usual, model.architecture.hiddenSize, findings);
  explainBatch(answers, batch, findings);
  checkNegatives(task, batch, findings);

  const length = resolveLength(answers, task, batch, versions.transformers, findings);
  const schedule = resolveSchedule(answers, model, method, task, length, versions, findings);
  const targets = resolveTargets(
    answers,
    { model, task, method, precision, batch, length, schedule, versions, liger },
    findings,
  );
  if (targets.includes("hf")) checkExperts(model, at.zero, versions, findings);
  const saveSteps = answers.saveSteps ?? usualSaveSteps(length);
  if (answers.saveSteps === undefined) decide(findings, "saveSteps", saveSteps, message("because.saveSteps"));

  // Versions of engines that no file is written for are of no interest.
  const unused: readonly string[] = (["xtuner", "flagembedding"] as const).filter(
    (engine) => !targets.includes(engine),
  );
  const decisions = findings.decisions.filter(({ key }) => !unused.includes(key));
  if (findings.problems.length > 0) return { ok: false, problems: findings.problems };
  return {
    ok: true,
    plan: {
      name,
      preset,
      model,
      task,
      hardware,
      precision,
      method,
      zero: at.zero,
      buckets: at.buckets,
      liger,
      batch,
      length,
      schedule,
      optimizer,
      targets,
      launcher: answers.launcher ?? "torchrun",
      versions,
      memory: at.memory,
      data: answers.data ?? "data/train.jsonl",
      outputDir: answers.outputDir ?? `output/${name}`,
      seed: answers.seed ?? 42,
      saveSteps,
      decisions,
      notes: findings.notes,
    },
  };
}

const habitOf = (task: Task, world: number): { global: number; largestMicro: number } =>
  task.kind === "embedding" ? { global: 32 * world, largestMicro: 32 } : { global: 128, largestMicro: 8 };

interface Solved {
  readonly batch: Batch;
  readonly at: Tried;
}

/** The batch for one placement: the largest usual micro batch that fits there. */
function solve(
  intent: BatchIntent,
  world: number,
  habit: BatchHabit,
  job: Omit<MemoryQuestion, "micro" | "accumulation">,
): Solved {
  // Accumulation holds gradients between micro steps; whether there are two of them or more does not matter.
  const batch = solveBatch(intent, world, habit, comfortable({ ...job, accumulation: 2 }));
  const { zero, buckets } = job;
  const memory = estimateMemory({ ...job, micro: batch.micro, accumulation: batch.accumulation });
  return { batch, at: { zero, buckets, memory } };
}

/** The first placement that fits, with the usual buckets or with small ones; where none does, the one that needs least. */
function settle(
  placements: readonly Zero[],
  usual: Buckets,
  solved: (zero: Zero, buckets: Buckets) => Solved,
): Solved & { readonly tried: readonly Tried[] } {
  const tried: Tried[] = [];
  let least: Solved | null = null;
  for (const zero of placements) {
    for (const buckets of zero.stage === 0 ? [usual] : [usual, smallBuckets(usual)]) {
      const one = solved(zero, buckets);
      if (buckets === usual) tried.push(one.at);
      if (one.at.memory.verdict === "fits") return { ...one, tried };
      if (least === null || one.at.memory.needed < least.at.memory.needed) least = one;
    }
  }
  return { ...(least as Solved), tried };
}

/** Experts under ZeRO-3 are gathered as one leaf, which DeepSpeed can be told from 0.13 on; without it a rank waits for ever. */
function checkExperts(model: ModelPlan, { stage }: Zero, { deepspeed }: Versions, findings: Findings): void {
  if (stage !== 3 || model.family.moeBlocks.length === 0 || atLeast(deepspeed, "0.13")) return;
  refuse(
    findings,
    ["deepspeed", "zero"],
    message("problem.expertsOld", { version: showVersion(deepspeed) }),
    message("instead.flag", { flag: "--deepspeed 0.14.5" }),
  );
}

/** An embedding run always has something to compare a query with. */
function checkNegatives(task: Task, batch: Batch, findings: Findings): void {
  if (task.kind !== "embedding") return;
  const compared = task.trainGroupSize * batch.micro * (task.negativesCrossDevice ? batch.world : 1);
  if (compared < 2)
    refuse(
      findings,
      ["trainGroupSize", "microBatch"],
      message("problem.noNegatives"),
      message("instead.flag", { flag: "--train-group-size 8" }),
    );
}

/** A checkpoint every 500 steps, and at least five over a run whose length is known. */
const usualSaveSteps = (length: Length): number =>
  length.kind === "epochs" ? 500 : Math.max(1, Math.min(500, Math.ceil(length.total / 5)));
