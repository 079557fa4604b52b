import { message, type Message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import type { Batch, Length, Method, ModelPlan, Precision, Target, Task, Versions } from "./plan.ts";
import { decide, type Findings, refuse } from "./problem.ts";
import { type Steps, steps } from "../units.ts";
import { curveOf, type Schedule } from "./schedule.ts";

/** What the targets are judged by: the plan before it is known which files come of it. */
export interface Job {
  readonly model: ModelPlan;
  readonly task: Task;
  readonly method: Method;
  readonly precision: Precision;
  readonly batch: Batch;
  readonly length: Length;
  readonly schedule: Schedule;
  readonly versions: Versions;
  readonly liger: boolean;
}

/**
 * The trainers to write for. One that was asked for and can't do the job is refused with the reason; one that nobody asked
 * for is left out, and a note says so.
 */
export function resolveTargets(answers: Answers, job: Job, findings: Findings): readonly Target[] {
  const asked = answers.targets;
  if (asked === undefined) {
    const usual: readonly Target[] = job.task.kind === "embedding" ? ["flagembedding"] : ["hf", "xtuner"];
    const kept = usual.filter((target) => {
      const obstacle = obstacleOf(target, job);
      if (obstacle !== null) findings.notes.push(message("note.targetLeftOut", { target, why: obstacle.why }));
      return obstacle === null;
    });
    decide(findings, "targets", kept.join(", "), message("because.targets"));
    if (kept.includes("xtuner")) noteXTuner(job, findings);
    return kept;
  }
  if (asked.includes("xtuner")) noteXTuner(job, findings);
  for (const target of asked) {
    const obstacle = obstacleOf(target, job);
    if (obstacle === null) continue;
    refuse(
      findings,
      ["targets", ...obstacle.at],
      message("problem.target", { target, why: obstacle.why }),
      obstacle.instead ??
        message("instead.otherTargets", { targets: job.task.kind === "embedding" ? "flagembedding" : "hf" }),
    );
  }
  return [...new Set(asked)];
}

/** What XTuner does that its users are not told. */
function noteXTuner({ model, versions }: Job, findings: Findings): void {
  const [major, minor] = versions.xtuner;
  if (major >= 1) findings.notes.push(message("note.xtuner1Blank"));
  const { loading } = model.family;
  if (major === 0 && minor === 2 && loading.kind === "remote-code" && loading.until !== null) {
    findings.notes.push(message("note.xtunerRemoteCode", { model: model.label, until: loading.until }));
  }
}

interface Obstacle {
  readonly why: Message;
  readonly at: readonly (keyof Answers)[];
  readonly instead?: Message;
}

function obstacleOf(target: Target, job: Job): Obstacle | null {
  if ((target === "flagembedding") !== (job.task.kind === "embedding")) {
    return {
      why: message(target === "flagembedding" ? "obstacle.notEmbedding" : "obstacle.embedding", { target }),
      at: ["model"],
    };
  }
  if (target !== "xtuner") return null;
  if (job.liger) return { why: message("obstacle.liger"), at: ["liger"] };
  return job.versions.xtuner[0] === 0 ? legacyObstacle(job) : modernObstacle(job);
}

/** What `--max-steps` takes at most. */
const LONGEST_RUN = 1e9;

/** XTuner 0.1 and 0.2: mmengine's schedulers, in whole iterations. */
function legacyObstacle({ schedule, length, task, batch, precision }: Job): Obstacle | null {
  const { shape } = schedule;
  if (precision.kind === "fp32") return { why: message("obstacle.xtunerPrecision"), at: ["precision"] };
  if (shape.name === "inverse_sqrt") return { why: message("obstacle.inverseSqrt"), at: ["scheduler"] };
  if (length.kind === "epochs" && task.kind === "sft" && task.packing) {
    return { why: message("obstacle.packedLength"), at: ["packing"], instead: message("instead.maxSteps") };
  }
  if (shape.name === "cosine_with_restarts") {
    if (length.kind === "epochs") {
      return { why: message("obstacle.restartsLength"), at: ["scheduler"], instead: message("instead.lengthKnown") };
    }
    const { cycles } = shape;
    const isEven = (total: Steps): boolean =>
      ((total - curveOf(schedule, total).warmup) * batch.accumulation) % cycles === 0;
    if (!isEven(length.total)) {
      // A single step has no room for the warm-up that any longer run would get.
      const next =
        length.total === 1
          ? undefined
          : Array.from({ length: 4 * cycles }, (_, more) => steps(length.total + more + 1))
              .filter((total) => total <= LONGEST_RUN)
              .find(isEven);
      return {
        why: message("obstacle.restartsUneven", {
          cycles,
          rest: length.total - curveOf(schedule, length.total).warmup,
        }),
        at: ["numCycles"],
        instead: message("instead.flag", { flag: next === undefined ? "--targets hf" : `--max-steps ${next}` }),
      };
    }
  }
  return null;
}

/** Model types that `get_model_config_from_hf` of XTuner 1.0.1 knows. Source: InternLM/xtuner xtuner/v1/model/__init__.py. */
const XTUNER1_MODEL_TYPES = ["qwen2", "qwen3", "qwen3_moe", "deepseek_v3"];

/** XTuner 1.x: FSDP in bf16, three shapes, and a config class per model. */
function modernObstacle({ schedule, method, precision, model, length }: Job): Obstacle | null {
  const { name } = schedule.shape;
  const { modelType, headDim } = model.architecture;
  // XTuner's Qwen2 has heads of 128 and no other.
  const known = XTUNER1_MODEL_TYPES.includes(modelType) && (modelType !== "qwen2" || headDim === 128);
  if (!["cosine", "linear", "constant", "constant_with_warmup", "cosine_with_min_lr"].includes(name)) {
    return { why: message("obstacle.xtuner1Shape", { scheduler: name }), at: ["scheduler"] };
  }
  if (length.kind === "epochs" && !Number.isInteger(length.epochs)) {
    return { why: message("obstacle.xtuner1Epochs"), at: ["epochs"], instead: message("instead.lengthKnown") };
  }
  if (method.kind !== "full") return { why: message("obstacle.xtuner1Method"), at: ["method"] };
  if (precision.kind !== "bf16") return { why: message("obstacle.xtuner1Precision"), at: ["precision"] };
  return known ? null : { why: message("obstacle.xtuner1Model", { model: model.label }), at: ["model"] };
}
