import type { Context } from "../../core/print/render.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { curveOf } from "../../core/plan/schedule.ts";
import type { LRConfig } from "../../engines/xtuner.ts";
import type { Language } from "../../messages/message.ts";

const KEEP_CHECKPOINTS = 3;

/** The `LRConfig` of XTuner 1.x that runs the plan's curve. `lr_min` is written out: its default of 1e-6 is absolute. */
export function lrConfig({ schedule, length }: Plan): LRConfig {
  const { shape, peakLr, warmup } = schedule;
  // A ratio of 1 or more counts steps, so a known length needs no ratio at all.
  const steps =
    length.kind !== "epochs" ? curveOf(schedule, length.total).warmup : warmup.kind === "steps" ? warmup.steps : null;
  const warmup_ratio = steps ?? (warmup.kind === "ratio" && shape.name !== "constant" ? warmup.ratio : 0);
  switch (shape.name) {
    case "cosine":
      return { lr_type: "cosine", warmup_ratio, lr_min: 0 };
    case "cosine_with_min_lr":
      return { lr_type: "cosine", warmup_ratio, lr_min: shape.minLrRatio * peakLr };
    case "linear":
      return { lr_type: "linear", warmup_ratio, lr_min: 0 };
    case "constant":
      return { lr_type: "constant", warmup_ratio: 0, lr_min: 0 };
    case "constant_with_warmup":
      return { lr_type: "constant", warmup_ratio, lr_min: 0 };
    default:
      throw new Error(`XTuner 1.x has no ${shape.name}; the plan refuses this target`);
  }
}

/** The values of `templates/xtuner/config-v1.py.hbs`. */
export function xtunerV1Context(plan: Plan, language: Language, header: string): Context {
  const { batch, length, model, optimizer, schedule, task, zero } = plan;
  if (task.kind !== "sft") throw new Error("XTuner is written for SFT; the plan refuses this target");
  const lr = lrConfig(plan);
  return {
    language,
    header,
    model: { path: model.path },
    data: plan.data,
    chatTemplate: model.architecture.modelType === "deepseek_v3" ? "deepseek-v3" : "qwen3",
    seqLen: task.seqLen,
    packing: task.packing,
    globalBatch: batch.global,
    lr: schedule.peakLr,
    betas: [optimizer.beta1, optimizer.beta2],
    optimizerEps: optimizer.epsilon,
    weightDecay: optimizer.weightDecay,
    maxGradNorm: optimizer.maxGradNorm,
    lrType: lr.lr_type,
    warmup: lr.warmup_ratio,
    lrMin: lr.lr_min,
    dtype: "bfloat16",
    cpuOffload: zero.offload.kind !== "none",
    gradientCheckpointing: true,
    totalSteps: length.kind === "epochs" ? null : length.total,
    epochs: length.kind === "epochs" ? length.epochs : null,
    outputDir: plan.outputDir,
    saveSteps: plan.saveSteps,
    keepCheckpoints: KEEP_CHECKPOINTS,
    seed: plan.seed,
  };
}
