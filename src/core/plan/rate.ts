import { message } from "../../messages/message.ts";
import type { Answers } from "../questions/table.ts";
import { type Steps, steps } from "../units.ts";
import { atLeast, showVersion, type Version } from "../version.ts";
import type { Length, Method, ModelPlan, Optimizer, Task, Versions } from "./plan.ts";
import { decide, type Findings, refuse } from "./problem.ts";
import {
  type DeepSpeedScheduler,
  type Owner,
  type Schedule,
  type Shape,
  type ShapeName,
  type Warmup,
  warmupSteps,
} from "./schedule.ts";

/** `lr_end` of transformers' polynomial schedule when nobody says otherwise. */
const POLYNOMIAL_END = 1e-7;

export function resolveSchedule(
  answers: Answers,
  model: ModelPlan,
  method: Method,
  task: Task,
  length: Length,
  versions: Versions,
  findings: Findings,
): Schedule {
  const peakLr = resolvePeak(answers, model, method, task, findings);
  const shape = resolveShape(answers, peakLr, versions.transformers, findings);
  const warmup = resolveWarmup(answers, shape, task, model, length, findings);
  if (shape.name === "warmup_stable_decay" && length.kind === "epochs") {
    refuse(findings, ["scheduler"], message("problem.wsdNeedsLength"), message("instead.lengthKnown"));
  }
  if (shape.name === "inverse_sqrt" && warmup.kind === "none" && !atLeast(versions.transformers, "4.39")) {
    refuse(
      findings,
      ["scheduler", "transformers"],
      message("problem.inverseSqrtWarmup", { version: showVersion(versions.transformers) }),
      message("instead.flag", { flag: "--scheduler linear" }),
    );
  }
  const owner = resolveOwner(answers, shape, warmup, length, versions, findings);
  return { peakLr, shape, warmup, owner };
}

function resolvePeak(answers: Answers, model: ModelPlan, method: Method, task: Task, findings: Findings): number {
  if (answers.lr !== undefined) {
    if (task.kind === "embedding") {
      const [low, high] = task.embedder.learningRateRange;
      if (answers.lr > high * 10) {
        refuse(
          findings,
          ["lr"],
          message("problem.embeddingLr", { lr: answers.lr, low, high }),
          message("instead.flag", { flag: `--lr ${task.embedder.learningRate}` }),
        );
      } else if (answers.lr < low || answers.lr > high) {
        findings.notes.push(message("note.embeddingLr", { lr: answers.lr, low, high }));
      }
    } else if (method.kind === "full" && answers.lr > 1e-4) {
      findings.notes.push(message("note.fullLr", { lr: answers.lr }));
    }
    return answers.lr;
  }
  const lr = task.kind === "embedding" ? task.embedder.learningRate : method.kind === "full" ? 1e-5 : 2e-4;
  decide(
    findings,
    "lr",
    lr,
    task.kind === "embedding"
      ? message("because.lrEmbedding", { model: model.label })
      : message(method.kind === "full" ? "because.lrFull" : "because.lrLora"),
    task.kind === "embedding"
      ? task.embedder.source
      : method.kind === "full"
        ? "QwenLM/Qwen finetune/finetune_ds.sh"
        : "InternLM/xtuner xtuner/configs (v0.2.0)",
  );
  return lr;
}

function resolveShape(answers: Answers, peakLr: number, transformers: Version, findings: Findings): Shape {
  const floor = answers.minLrRatio;
  const name: ShapeName = answers.scheduler ?? (floor === undefined ? "cosine" : "cosine_with_min_lr");
  if (answers.scheduler === undefined) {
    decide(findings, "scheduler", name, message(floor === undefined ? "because.cosine" : "because.cosineMin"));
  }
  const takesFloor = name === "cosine_with_min_lr" || name === "polynomial" || name === "warmup_stable_decay";
  if (floor !== undefined && !takesFloor) {
    refuse(
      findings,
      ["minLrRatio", "scheduler"],
      message("problem.noFloor", { scheduler: name }),
      message("instead.flag", { flag: "--scheduler cosine_with_min_lr" }),
    );
  }
  if (answers.numCycles !== undefined && name !== "cosine_with_restarts") {
    refuse(
      findings,
      ["numCycles"],
      message("problem.onlyFor", { flag: "--num-cycles", scheduler: "cosine_with_restarts" }),
    );
  }
  if (answers.decayRatio !== undefined && name !== "warmup_stable_decay") {
    refuse(
      findings,
      ["decayRatio"],
      message("problem.onlyFor", { flag: "--decay-ratio", scheduler: "warmup_stable_decay" }),
    );
  }
  switch (name) {
    case "cosine_with_min_lr":
      if (floor === undefined) {
        refuse(
          findings,
          ["scheduler"],
          message("problem.floorMissing"),
          message("instead.flag", { flag: "--min-lr-ratio 0.1" }),
        );
      }
      return { name, minLrRatio: floor ?? 0.1 };
    case "cosine_with_restarts": {
      const cycles = answers.numCycles ?? 2;
      if (answers.numCycles === undefined) decide(findings, "numCycles", cycles, message("because.numCycles"));
      return { name, cycles };
    }
    case "polynomial": {
      const endLr = floor === undefined ? POLYNOMIAL_END : floor * peakLr;
      if (endLr >= peakLr) {
        refuse(
          findings,
          floor === undefined ? ["lr"] : ["minLrRatio"],
          message("problem.polynomialEnd", { end: endLr, lr: peakLr }),
          message("instead.flag", { flag: "--min-lr-ratio 0.1" }),
        );
      }
      return { name, power: 1, endLr };
    }
    case "warmup_stable_decay": {
      const decayRatio = answers.decayRatio ?? 0.1;
      if (answers.decayRatio === undefined) decide(findings, "decayRatio", decayRatio, message("because.decayRatio"));
      return { name, minLrRatio: floor ?? 0, decayRatio, startRatio: atLeast(transformers, "4.49") ? (floor ?? 0) : 0 };
    }
    default:
      return { name };
  }
}

function resolveWarmup(
  answers: Answers,
  shape: Shape,
  task: Task,
  model: ModelPlan,
  length: Length,
  findings: Findings,
): Warmup {
  const { warmupRatio: ratio, warmupSteps: count } = answers;
  if (ratio !== undefined && count !== undefined) {
    refuse(findings, ["warmupRatio", "warmupSteps"], message("problem.twoWarmups"), message("instead.oneWarmup"));
  }
  if (shape.name === "constant") {
    if ((ratio ?? 0) > 0 || (count ?? 0) > 0) {
      refuse(
        findings,
        ["scheduler", ratio === undefined ? "warmupSteps" : "warmupRatio"],
        message("problem.constantWarmup"),
        message("instead.flag", { flag: "--scheduler constant_with_warmup" }),
      );
    }
    return { kind: "none" };
  }
  const asked = askedWarmup(answers);
  const total = length.kind === "epochs" ? null : length.total;
  if (asked !== null) {
    const long = asked.kind === "ratio" ? asked.ratio >= 1 : false;
    if (long || (total !== null && warmupSteps(asked, total) >= total)) {
      refuse(
        findings,
        [ratio === undefined ? "warmupSteps" : "warmupRatio"],
        total === null
          ? message("problem.warmupRatioOne")
          : message("problem.warmupTooLong", { warmup: warmupSteps(asked, total), total }),
        message("instead.flag", { flag: total === 1 ? "--warmup-steps 0" : "--warmup-ratio 0.03" }),
      );
    }
    return asked;
  }
  const usual =
    task.kind === "embedding" ? task.embedder.warmupRatio : model.family.id.startsWith("qwen") ? 0.01 : 0.03;
  if (total !== null && warmupSteps({ kind: "ratio", ratio: usual }, total) >= total) {
    decide(findings, "warmupRatio", 0, message("because.noRoomForWarmup", { total }));
    return { kind: "none" };
  }
  decide(findings, "warmupRatio", usual, message("because.warmupRatio"));
  return { kind: "ratio", ratio: usual };
}

function askedWarmup({ warmupRatio, warmupSteps: count }: Answers): Warmup | null {
  if (count !== undefined) return count === 0 ? { kind: "none" } : { kind: "steps", steps: steps(count) };
  if (warmupRatio !== undefined) return warmupRatio === 0 ? { kind: "none" } : { kind: "ratio", ratio: warmupRatio };
  return null;
}

const deepSpeedSchedulers: Partial<Record<ShapeName, DeepSpeedScheduler>> = {
  constant_with_warmup: "WarmupLR",
  linear: "WarmupDecayLR",
  cosine: "WarmupCosineLR",
  cosine_with_min_lr: "WarmupCosineLR",
};

/**
 * The first DeepSpeed whose scheduler of that name warms up from the first update on, in every parameter group. Before
 * 0.15.3 none does; until 0.19.0 WarmupCosineLR lets biases and norms make theirs at the full rate. Measured; source:
 * deepspeedai/DeepSpeed deepspeed/runtime/lr_schedules.py.
 */
const warmsUpFromTheStart: Readonly<Record<DeepSpeedScheduler, string>> = {
  WarmupLR: "0.15.3",
  WarmupDecayLR: "0.15.3",
  WarmupCosineLR: "0.19.0",
};

function resolveOwner(
  answers: Answers,
  shape: Shape,
  warmup: Warmup,
  length: Length,
  versions: Versions,
  findings: Findings,
): Owner {
  if (answers.schedulerOwner !== "deepspeed") return { kind: "trainer" };
  const trainer = message("instead.flag", { flag: "--scheduler-owner trainer" });
  const type = deepSpeedSchedulers[shape.name];
  if (type === undefined) {
    const possible = Object.keys(deepSpeedSchedulers).join(", ");
    refuse(
      findings,
      ["schedulerOwner", "scheduler"],
      message("problem.deepspeedShape", { scheduler: shape.name, possible }),
      trainer,
    );
    return { kind: "trainer" };
  }
  const since = warmsUpFromTheStart[type];
  if (!atLeast(versions.deepspeed, since)) {
    refuse(
      findings,
      ["schedulerOwner", "deepspeed"],
      message("problem.deepspeedOld", { version: showVersion(versions.deepspeed), type, since }),
      message("instead.either", { first: `--deepspeed ${since}`, second: "--scheduler-owner trainer" }),
    );
  }
  const known: Steps | null = length.kind === "epochs" ? null : length.total;
  const count =
    warmup.kind === "ratio"
      ? known === null
        ? null
        : warmupSteps(warmup, known)
      : warmup.kind === "none"
        ? 0
        : warmup.steps;
  if (count !== null && count < 2) {
    refuse(findings, ["schedulerOwner"], message("problem.deepspeedWarmup", { warmup: count }), trainer);
  }
  return { kind: "deepspeed", type };
}

export function resolveOptimizer(answers: Answers, model: ModelPlan, findings: Findings): Optimizer {
  const { embedder } = model.family;
  const qwen = model.family.id.startsWith("qwen");
  const beta2 = answers.adamBeta2 ?? (qwen ? 0.95 : 0.999);
  if (answers.adamBeta2 === undefined) {
    decide(
      findings,
      "adamBeta2",
      beta2,
      message(qwen ? "because.beta2Qwen" : "because.beta2"),
      qwen ? "QwenLM/Qwen finetune/finetune_ds.sh" : "torch.optim.AdamW",
    );
  }
  const weightDecay = answers.weightDecay ?? embedder?.weightDecay ?? (qwen ? 0.1 : 0.01);
  if (answers.weightDecay === undefined) decide(findings, "weightDecay", weightDecay, message("because.weightDecay"));
  const maxGradNorm = answers.maxGradNorm ?? 1;
  if (answers.maxGradNorm === undefined) decide(findings, "maxGradNorm", maxGradNorm, message("because.maxGradNorm"));
  return { beta1: 0.9, beta2, epsilon: 1e-8, weightDecay, maxGradNorm };
}
