import { atLeast, type Version } from "../core/version.ts";
import { deepSpeedRate } from "./deepspeed.ts";
import { ok, type Outcome, raises, type Rate } from "./outcome.ts";
import { hasSchedule, noSchedule, trainerRate } from "./transformers.ts";

/** A block of a DeepSpeed config as it was written: values may be "auto". */
export interface WrittenBlock {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What decides the learning rate of a Trainer run under DeepSpeed: both files, and the steps that the Trainer counted. */
export interface TrainerRun {
  readonly learningRate: number;
  readonly schedulerType: string;
  readonly schedulerKwargs: Readonly<Record<string, unknown>>;
  /** Warm-up and length in optimizer steps, as TrainingArguments give them. */
  readonly warmup: number;
  readonly total: number;
  readonly optimizerBlock: WrittenBlock | null;
  readonly schedulerBlock: WrittenBlock | null;
  readonly transformers: Version;
  readonly deepspeed: Version;
}

/** torch's and DeepSpeed's Adam without an `lr`. */
const OPTIMIZER_LR = 1e-3;

/**
 * The learning rate of each update of a Trainer run under DeepSpeed. A `scheduler` block beats `lr_scheduler_type` without
 * a word; "auto" is filled in where transformers knows a value, another value is compared and must be the same, and what is
 * missing stays at DeepSpeed's default. Source: huggingface/transformers src/transformers/integrations/deepspeed.py
 * (trainer_config_process, trainer_config_finalize, deepspeed_optim_sched), 4.36 to 5.18.
 */
export function trainerRunRate(run: TrainerRun): Outcome<Rate> {
  if (!hasSchedule(run.schedulerType, run.transformers)) return noSchedule(run.schedulerType);
  const filled = fillIn(run);
  if (!filled.ok) return filled;
  const { optimizer, scheduler } = filled.value;
  const stated = optimizer === null ? run.learningRate : optimizer.params["lr"];
  const lr = typeof stated === "number" ? stated : OPTIMIZER_LR;
  if (scheduler !== null) return deepSpeedRate(scheduler, { lr, version: run.deepspeed });
  return trainerRate({
    name: run.schedulerType,
    kwargs: run.schedulerKwargs,
    lr,
    warmup: run.warmup,
    total: run.total,
    // With DeepSpeed's own optimizer the schedule is built on the bare one, before it is wrapped.
    deepspeed: optimizer === null,
    version: run.transformers,
  });
}

interface Filled {
  readonly optimizer: WrittenBlock | null;
  readonly scheduler: WrittenBlock | null;
}

/** What transformers fills in for "auto", by key; a value of `null` is filled in but never compared. */
interface Source {
  readonly value: number;
  readonly compared: boolean;
}

/** Puts in what transformers fills in, and finds what it refuses: values that differ, and "auto" that nobody fills. */
function fillIn(run: TrainerRun): Outcome<Filled> {
  const leastWarmup = atLeast(run.transformers, "5.18") ? 1 : 0;
  const optimizer = fillBlock(run.optimizerBlock, "optimizer", {
    lr: { value: run.learningRate, compared: true },
  });
  const scheduler = fillBlock(run.schedulerBlock, "scheduler", {
    warmup_min_lr: { value: 0, compared: false },
    warmup_max_lr: { value: run.learningRate, compared: true },
    total_num_steps: { value: run.total, compared: true },
    warmup_num_steps: { value: Math.max(leastWarmup, run.warmup), compared: true },
  });
  const [mismatch] = [...optimizer.mismatches, ...scheduler.mismatches];
  if (mismatch !== undefined) return raises("ValueError", mismatch);
  const [left] = [...optimizer.left, ...scheduler.left];
  if (left !== undefined) return raises("ValueError", `\`${left}\` not found in kwargs`);
  return ok({ optimizer: optimizer.block, scheduler: scheduler.block });
}

interface FilledBlock {
  readonly block: WrittenBlock | null;
  readonly mismatches: readonly string[];
  readonly left: readonly string[];
}

/** Other values of an optimizer block, which say nothing of the learning rate. */
const OTHERS = ["betas", "eps", "weight_decay"];

function fillBlock(
  block: WrittenBlock | null,
  name: "optimizer" | "scheduler",
  sources: Readonly<Record<string, Source>>,
): FilledBlock {
  if (block === null) return { block, mismatches: [], left: [] };
  const params: Record<string, unknown> = {};
  const mismatches: string[] = [];
  const left: string[] = [];
  for (const [key, value] of Object.entries(block.params)) {
    const source = sources[key];
    params[key] = value === "auto" && source !== undefined ? source.value : value;
    if (value === "auto" && source === undefined && !OTHERS.includes(key)) left.push(`${name}.params.${key}`);
    const differs = value !== "auto" && value !== null && source?.compared === true && value !== source.value;
    if (differs) mismatches.push(`ds ${name}.params.${key}=${pythonOf(value)}`);
  }
  return { block: { type: block.type, params }, mismatches, left };
}

/** A value as Python prints it in that message. */
function pythonOf(value: unknown): string {
  if (typeof value !== "number" || Number.isInteger(value) || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/-(\d)$/, "-0$1");
}
