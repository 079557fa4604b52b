import type { Plan } from "../../core/plan/plan.ts";
import { curveOf, decaySteps, type Schedule, type Shape } from "../../core/plan/schedule.ts";
import { atLeast } from "../../core/version.ts";

type Value = string | number | boolean | readonly string[] | { readonly [key: string]: string | number | boolean };

/** What `HfArgumentParser` reads into TrainingArguments: the names and types of the chosen version, and no others. */
export type TrainingArguments = Readonly<Record<string, Value>>;

/**
 * `training_args.json`. Source of the names by version: huggingface/transformers src/transformers/training_args.py, every
 * minor release from 4.36 to 5.18.
 */
export function trainingArguments(plan: Plan): TrainingArguments {
  const { batch, optimizer, precision, schedule, versions } = plan;
  return {
    output_dir: plan.outputDir,
    run_name: plan.name,
    deepspeed: "ds_config.json",
    per_device_train_batch_size: batch.micro,
    gradient_accumulation_steps: batch.accumulation,
    ...(plan.length.kind === "max-steps" ? { max_steps: plan.length.total } : { num_train_epochs: plan.length.epochs }),
    learning_rate: schedule.peakLr,
    ...schedulerArguments(plan),
    ...warmupArguments(plan),
    optim: "adamw_torch",
    adam_beta1: optimizer.beta1,
    adam_beta2: optimizer.beta2,
    adam_epsilon: optimizer.epsilon,
    weight_decay: optimizer.weightDecay,
    max_grad_norm: optimizer.maxGradNorm,
    ...(precision.kind === "fp32" ? {} : { [precision.kind]: true }),
    gradient_checkpointing: true,
    // Reentrant checkpointing loses the gradients of LoRA adapters and runs encoders into DDP's "marked ready twice".
    gradient_checkpointing_kwargs: { use_reentrant: needsReentrant(plan) },
    ...(plan.liger ? { use_liger_kernel: true } : {}),
    logging_steps: 1,
    // With the default (true) a NaN is logged as loss 0.0.
    logging_nan_inf_filter: false,
    [atLeast(versions.transformers, "4.41") ? "eval_strategy" : "evaluation_strategy"]: "no",
    save_strategy: "steps",
    save_steps: plan.saveSteps,
    save_total_limit: 3,
    seed: plan.seed,
    report_to: "none",
    remove_unused_columns: false,
  };
}

/**
 * Frozen weights under ZeRO-3 raise a CheckpointError without re-entering, until DeepSpeed 0.19.3; measured from 0.14.5 to
 * 0.19.6. See huggingface/transformers#47254.
 */
const needsReentrant = ({ method, zero, versions }: Plan): boolean =>
  method.kind !== "full" && zero.stage === 3 && !atLeast(versions.deepspeed, "0.19.3");

function schedulerArguments({ schedule, length, versions }: Plan): TrainingArguments {
  const total = length.kind === "epochs" ? null : length.total;
  const settings = schedulerSettings(schedule, total, atLeast(versions.transformers, "4.49"));
  return {
    lr_scheduler_type: schedule.shape.name,
    ...(Object.keys(settings).length > 0 ? { lr_scheduler_kwargs: settings } : {}),
  };
}

/** `lr_scheduler_kwargs`, by shape. Rates rather than absolute values: transformers 5 can't take an absolute `min_lr` under DeepSpeed. */
function schedulerSettings(
  schedule: Schedule,
  total: number | null,
  countsStableSteps: boolean,
): Readonly<Record<string, number>> {
  const shape: Shape = schedule.shape;
  switch (shape.name) {
    case "cosine_with_min_lr":
      return { min_lr_rate: shape.minLrRatio };
    case "cosine_with_restarts":
      return { num_cycles: shape.cycles };
    case "polynomial":
      return { lr_end: shape.endLr, power: shape.power };
    case "warmup_stable_decay": {
      // The plan refuses this shape while the total is unknown.
      const curve = curveOf(schedule, (total ?? 1) as Parameters<typeof curveOf>[1]);
      const decay = decaySteps(shape.decayRatio, curve.warmup, curve.total);
      const stable = curve.total - curve.warmup - decay;
      return {
        num_decay_steps: decay,
        min_lr_ratio: shape.minLrRatio,
        // Before 4.49 the stable part is not worked out from the total.
        ...(countsStableSteps ? {} : { num_stable_steps: stable }),
      };
    }
    default:
      return {};
  }
}

/** transformers 5 takes a ratio in `warmup_steps`; before, a fraction there meant almost no warm-up, or was an error. */
function warmupArguments({ schedule: { warmup }, versions }: Plan): TrainingArguments {
  switch (warmup.kind) {
    case "none":
      return { warmup_steps: 0 };
    case "steps":
      return { warmup_steps: warmup.steps };
    case "ratio":
      return { [versions.transformers[0] >= 5 ? "warmup_steps" : "warmup_ratio"]: warmup.ratio };
  }
}
