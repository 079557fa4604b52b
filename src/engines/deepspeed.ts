import { atLeast, type Version } from "../core/version.ts";
import { ok, type Outcome, raises, type Rate } from "./outcome.ts";

/** A `scheduler` block as DeepSpeed reads it: whatever was "auto" has been filled in. */
export interface DeepSpeedBlock {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a block is built on. */
export interface DeepSpeedContext {
  /** The optimizer's own learning rate at the time the scheduler is built. */
  readonly lr: number;
  readonly version: Version;
}

/** One of DeepSpeed's scheduler classes: what it takes, and its value when it has been stepped `j + 1` times. */
interface SchedulerClass {
  readonly params: readonly string[];
  readonly required: readonly string[];
  readonly build: (params: Params, context: DeepSpeedContext) => Outcome<Stepped>;
}

interface Stepped {
  /** The rate before the first step; by parameter group, because some versions set the first group only. */
  readonly initial: (group: number) => number;
  readonly after: (j: number) => number;
}

/**
 * The learning rate of each update under a block that DeepSpeed steps itself. Its schedulers are stepped after the update,
 * so update k uses what step k - 1 left, and the first one what the constructor left: everything is one step late.
 * Source: deepspeedai/DeepSpeed deepspeed/runtime/lr_schedules.py and engine.py (_scheduler_from_config), 0.12 to 0.19.
 */
export function deepSpeedRate(block: DeepSpeedBlock, context: DeepSpeedContext): Outcome<Rate> {
  const found = classes[block.type];
  if (found === undefined) {
    return torchSchedulers.includes(block.type)
      ? raises("TypeError", "is not an Optimizer")
      : raises("AssertionError", `does not recognize LR scheduler ${block.type}`);
  }
  const unknown = Object.keys(block.params).find((name) => !found.params.includes(name));
  if (unknown !== undefined) return raises("TypeError", `unexpected keyword argument '${unknown}'`);
  const missing = found.required.find((name) => !(name in block.params));
  if (missing !== undefined) return raises("TypeError", "required positional argument");
  const built = found.build(new Params(block.params), context);
  if (!built.ok) return built;
  const { initial, after } = built.value;
  return ok((updates, group = 0) => (updates === 0 ? initial(group) : after(updates - 1)));
}

/** torch's own classes, which DeepSpeed hands its wrapper instead of an optimizer. */
const torchSchedulers = [
  "ConstantLR",
  "CosineAnnealingLR",
  "CosineAnnealingWarmRestarts",
  "CyclicLR",
  "ExponentialLR",
  "LambdaLR",
  "LinearLR",
  "MultiStepLR",
  "OneCycleLR",
  "PolynomialLR",
  "StepLR",
];

/** Keyword arguments with their defaults. */
class Params {
  readonly #values: Readonly<Record<string, unknown>>;
  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }
  number(name: string, otherwise: number): number {
    const value = this.#values[name];
    return typeof value === "number" ? value : otherwise;
  }
  numberOrNull(name: string): number | null {
    const value = this.#values[name];
    return typeof value === "number" ? value : null;
  }
  value(name: string): unknown {
    return this.#values[name];
  }
}

/** From 0 to 1 over the warm-up, by the number of steps made since the first. */
function warmupShare(params: Params): { readonly W: number; readonly share: (j: number) => number } {
  const W = Math.max(2, params.number("warmup_num_steps", 1000));
  const share =
    params.value("warmup_type") === "linear"
      ? (j: number): number => j / W
      : (j: number): number => Math.log(j + 1) / Math.log(W);
  return { W, share };
}

/** From 0.19.3 a warm-up of no whole positive number of steps is refused; before, it silently became 2. */
function refusedWarmup(params: Params, version: Version): Outcome<never> | null {
  const steps = params.value("warmup_num_steps") ?? 1000;
  const isPositive = typeof steps === "number" && Number.isInteger(steps) && steps > 0;
  if (isPositive || !atLeast(version, "0.19.3")) return null;
  return raises("ValueError", "warmup_num_steps must be a positive integer");
}

/** Before 0.15.3 the constructor left the optimizer's rate alone: the first update is not warmed up at all. */
const setsFirstRate = (version: Version): boolean => atLeast(version, "0.15.3");

/** WarmupLR and WarmupDecayLR: a warm-up between two absolute rates, then whatever `fall` says. */
function warmup(
  params: Params,
  { lr, version }: DeepSpeedContext,
  max: number,
  fall: (j: number, W: number) => number,
): Outcome<Stepped> {
  const refused = refusedWarmup(params, version);
  if (refused !== null) return refused;
  const min = params.number("warmup_min_lr", 0);
  const { W, share } = warmupShare(params);
  return ok({
    initial: () => (setsFirstRate(version) ? min : lr),
    after: (j) => min + (max - min) * (j < W ? share(j) : fall(j, W)),
  });
}

const warmupParams = ["warmup_min_lr", "warmup_max_lr", "warmup_num_steps", "warmup_type", "last_batch_iteration"];

const classes: Readonly<Record<string, SchedulerClass>> = {
  WarmupLR: {
    params: warmupParams,
    required: [],
    build: (params, context) => {
      // From 0.17.2 the peak is the optimizer's rate unless it is said.
      const usual = atLeast(context.version, "0.17.2") ? context.lr : 1e-3;
      return warmup(params, context, params.number("warmup_max_lr", usual), () => 1);
    },
  },
  WarmupDecayLR: {
    params: [...warmupParams, "total_num_steps"],
    required: ["total_num_steps"],
    build: (params, context) => {
      const total = params.number("total_num_steps", 0);
      return warmup(params, context, params.number("warmup_max_lr", 1e-3), (j, W) =>
        Math.max(0, (total - j) / Math.max(1, total - W)),
      );
    },
  },
  WarmupCosineLR: {
    params: [
      "total_num_steps",
      "warmup_min_ratio",
      "warmup_num_steps",
      "cos_min_ratio",
      "warmup_type",
      "last_batch_iteration",
    ],
    required: ["total_num_steps"],
    build: warmupCosine,
  },
  LRRangeTest: {
    params: [
      "lr_range_test_min_lr",
      "lr_range_test_step_size",
      "lr_range_test_step_rate",
      "lr_range_test_staircase",
      "last_batch_iteration",
    ],
    required: [],
    build: (params) => {
      const min = params.number("lr_range_test_min_lr", 1e-3);
      const size = params.number("lr_range_test_step_size", 2000);
      const rate = params.number("lr_range_test_step_rate", 1);
      const interval = (j: number): number => (j + 1) / size;
      const isStaircase = params.value("lr_range_test_staircase") === true;
      return ok({
        initial: () => min,
        after: (j) => min * (1 + rate * (isStaircase ? Math.floor(interval(j)) : interval(j))),
      });
    },
  },
  OneCycle: {
    params: [
      "cycle_min_lr",
      "cycle_max_lr",
      "decay_lr_rate",
      "cycle_first_step_size",
      "cycle_second_step_size",
      "cycle_first_stair_count",
      "cycle_second_stair_count",
      "decay_step_size",
      "cycle_momentum",
      "cycle_min_mom",
      "cycle_max_mom",
      "decay_mom_rate",
      "last_batch_iteration",
    ],
    required: ["cycle_min_lr", "cycle_max_lr"],
    build: oneCycle,
  },
};

function warmupCosine(params: Params, { lr, version }: DeepSpeedContext): Outcome<Stepped> {
  const refused = refusedWarmup(params, version);
  if (refused !== null) return refused;
  const type = params.value("warmup_type") ?? "log";
  const clamps = atLeast(version, "0.19.3");
  if (!clamps && type !== "log" && type !== "linear") return raises("UnboundLocalError", "'ratio'");
  const total = params.number("total_num_steps", 0);
  const floor = params.number("cos_min_ratio", 1e-4);
  const start = params.number("warmup_min_ratio", 0);
  const { W, share } = warmupShare(params);
  const span = clamps ? Math.max(1, total - W) : total - W;
  const cosine = (j: number): number => {
    const progress = (j - W + 1) / span;
    return (1 + Math.cos(Math.PI * (clamps ? Math.min(1, progress) : progress))) / 2;
  };
  return ok({
    // Up to 0.18 only the first parameter group is set to 0: the others make their first update at the full rate.
    initial: (group) => (!setsFirstRate(version) || (group > 0 && !atLeast(version, "0.19.0")) ? lr : 0),
    after: (j) => lr * (j < W ? start + share(j) * (1 - start) : Math.max(0, floor + (1 - floor) * cosine(j))),
  });
}

function oneCycle(params: Params, { version }: DeepSpeedContext): Outcome<Stepped> {
  const min = params.number("cycle_min_lr", 0);
  const max = params.number("cycle_max_lr", 0);
  const first = params.number("cycle_first_step_size", 2000);
  const second = params.numberOrNull("cycle_second_step_size") ?? first;
  const size = first + second;
  const peakAt = first / size;
  const decayRate = params.number("decay_lr_rate", 0);
  const decayStep = params.number("decay_step_size", 0);
  // Before 0.19.3 the stair counts are read and never used.
  const hasStairs = atLeast(version, "0.19.3");
  const firstStairs = hasStairs ? params.number("cycle_first_stair_count", 0) : 0;
  const secondStairs = hasStairs ? (params.numberOrNull("cycle_second_stair_count") ?? firstStairs) : 0;
  const share = (j: number): number => {
    const at = j + 1;
    const x = 1 + at / size - Math.floor(1 + at / size);
    const rises = x <= peakAt;
    const stairs = rises ? firstStairs : secondStairs;
    if (stairs > 0) {
      const inCycle = at % size;
      const position = inCycle <= first ? (inCycle * stairs) / first : ((size - inCycle) * stairs) / second;
      return Math.floor(position) / stairs;
    }
    return rises ? x / peakAt : (x - 1) / (peakAt - 1);
  };
  const decays = decayRate !== 0 && decayStep !== 0;
  return ok({
    initial: () => min,
    after: (j) => {
      if (j < size) return min + (max - min) * share(j);
      return decays ? min / (1 + (decayRate * (j - size + 1)) / decayStep) : min;
    },
  });
}
