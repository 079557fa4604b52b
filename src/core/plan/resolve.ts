import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import { explainBatch, readBatch, solveBatch } from "./batch.ts";
import { resolveHardware } from "./hardware.ts";
import { resolveLength } from "./length.ts";
import { estimateMemory, hostMemory } from "./memory.ts";
import { type ModelFile, resolveMethod, resolveModel, resolveTask } from "./model.ts";
import type { Batch, Length, Plan, Task } from "./plan.ts";
import { resolvePrecision } from "./precision.ts";
import { decide, type Findings, noFindings, type Problem, refuse } from "./problem.ts";
import { resolveOptimizer, resolveSchedule } from "./rate.ts";
import { resolveTargets } from "./targets.ts";
import { resolveVersions } from "./versions.ts";
import { explainZero, type Tried, withinHost, zeroCandidates } from "./zero.ts";

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
  const bucket = bucketElements(method.kind);
  const tried: Tried[] = [];
  let solved: { batch: Batch; at: Tried } | null = null;
  const candidates = zeroCandidates(answers, task.kind, method, findings);
  for (const zero of withinHost(
    candidates,
    answers,
    (at) => hostMemory({ model, method, precision, task, hardware, zero: at, micro: 1, bucket }),
    findings,
  )) {
    const memoryAt = (micro: number): Tried["memory"] =>
      estimateMemory({ model, method, precision, task, hardware, zero, micro, bucket });
    const batch = solveBatch(intent, world, habit, (micro) => memoryAt(micro).verdict === "fits");
    const at = { zero, memory: memoryAt(batch.micro) };
    tried.push(at);
    if (solved === null || at.memory.needed < solved.at.memory.needed) solved = { batch, at };
    if (at.memory.verdict === "fits") {
      solved = { batch, at };
      break;
    }
  }
  const { batch, at } = solved as { batch: Batch; at: Tried };
  explainZero(answers, at, tried, findings);
  explainBatch(answers, batch, findings);
  checkNegatives(task, batch, findings);

  const length = resolveLength(answers, task, batch, versions.transformers, findings);
  const schedule = resolveSchedule(answers, model, method, task, length, versions, findings);
  const targets = resolveTargets(
    answers,
    { model, task, method, precision, batch, length, schedule, versions },
    findings,
  );
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

/** DeepSpeed allocates its buckets in full even for a small LoRA. */
export const bucketElements = (method: "full" | "lora" | "qlora"): number =>
  method === "full" ? 200_000_000 : 50_000_000;

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
