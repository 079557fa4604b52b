import { atLeast, type Version } from "../core/version.ts";
import { ok, type Outcome, raises, type Rate } from "./outcome.ts";

/** A schedule as TrainingArguments state it, after the Trainer has counted the steps. */
export interface TrainerSchedule {
  /** `lr_scheduler_type`. */
  readonly name: string;
  /** `lr_scheduler_kwargs`. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** The optimizer's learning rate, which the schedule multiplies. */
  readonly lr: number;
  /** Warm-up and length in optimizer steps. */
  readonly warmup: number;
  readonly total: number;
  /** Whether DeepSpeed's wrapper stands between the schedule and the optimizer. */
  readonly deepspeed: boolean;
  readonly version: Version;
}

interface Kind {
  readonly since?: string;
  readonly kwargs: (version: Version) => readonly string[];
  readonly build: (schedule: TrainerSchedule) => Outcome<(k: number) => number>;
}

/**
 * The learning rate of each update under a schedule that the Trainer steps. Source: huggingface/transformers
 * src/transformers/optimization.py (get_scheduler and the functions that it names), 4.36 to 5.18.
 */
export function trainerRate(schedule: TrainerSchedule): Outcome<Rate> {
  const kind = kinds[schedule.name];
  if (kind === undefined || !hasSchedule(schedule.name, schedule.version)) return noSchedule(schedule.name);
  const known = kind.kwargs(schedule.version);
  const unknown = Object.keys(schedule.kwargs).find((name) => known !== ANY && !known.includes(name));
  if (unknown !== undefined) return raises("TypeError", `unexpected keyword argument '${unknown}'`);
  const built = kind.build(schedule);
  return built.ok ? ok((updates) => schedule.lr * built.value(updates)) : built;
}

/** Whether a version has an `lr_scheduler_type` of that name. TrainingArguments refuse another one, whoever owns the schedule. */
export function hasSchedule(name: string, version: Version): boolean {
  const kind = kinds[name];
  return kind !== undefined && (kind.since === undefined || atLeast(version, kind.since));
}

/** What that refusal says. */
export const noSchedule = (name: string): Outcome<never> =>
  raises("ValueError", `${name} is not a valid SchedulerType`);

/** Keyword arguments that are thrown away unread. */
const ANY: readonly string[] = [];
const none = (): readonly string[] => ["last_epoch"];
const halfCosine = (progress: number, cycles = 0.5): number => 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * progress));

const numberOf = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);

/** Every schedule but `constant` begins like this. */
const afterWarmup =
  ({ warmup }: TrainerSchedule, rest: (k: number) => number) =>
  (k: number): number =>
    k < warmup ? k / Math.max(1, warmup) : rest(k);

const progressOf =
  ({ warmup, total }: TrainerSchedule) =>
  (k: number): number =>
    (k - warmup) / Math.max(1, total - warmup);

/** From transformers 5.1 on the schedule is made after DeepSpeed has wrapped the optimizer, and the wrapper has no `defaults`. */
const readsDefaults = ({ deepspeed, version }: TrainerSchedule): Outcome<never> | null =>
  deepspeed && atLeast(version, "5.1") ? raises("AttributeError", "'defaults'") : null;

function minimumRate(schedule: TrainerSchedule): Outcome<number> {
  const { min_lr: absolute, min_lr_rate: share } = schedule.kwargs;
  if (absolute != null && share != null) return raises("ValueError", "Only one of min_lr or min_lr_rate should be set");
  if (absolute != null) return readsDefaults(schedule) ?? ok(numberOf(absolute, 0) / schedule.lr);
  if (share == null) return raises("ValueError", "One of min_lr or min_lr_rate should be set");
  return ok(numberOf(share, 0));
}

const kinds: Readonly<Record<string, Kind>> = {
  constant: { kwargs: () => ANY, build: () => ok(() => 1) },
  constant_with_warmup: { kwargs: () => ANY, build: (schedule) => ok(afterWarmup(schedule, () => 1)) },
  linear: {
    kwargs: none,
    build: (schedule) => {
      const { warmup, total } = schedule;
      return ok(afterWarmup(schedule, (k) => Math.max(0, (total - k) / Math.max(1, total - warmup))));
    },
  },
  cosine: {
    kwargs: () => ["num_cycles", "last_epoch"],
    build: (schedule) => {
      const progress = progressOf(schedule);
      const cycles = numberOf(schedule.kwargs["num_cycles"], 0.5);
      return ok(afterWarmup(schedule, (k) => Math.max(0, halfCosine(progress(k), cycles))));
    },
  },
  cosine_with_restarts: {
    kwargs: () => ["num_cycles", "last_epoch"],
    build: (schedule) => {
      const progress = progressOf(schedule);
      const cycles = numberOf(schedule.kwargs["num_cycles"], 1);
      return ok(
        afterWarmup(schedule, (k) => (progress(k) >= 1 ? 0 : Math.max(0, halfCosine((cycles * progress(k)) % 1)))),
      );
    },
  },
  polynomial: {
    kwargs: () => ["lr_end", "power", "last_epoch"],
    build: (schedule) => {
      const { lr, warmup, total, kwargs } = schedule;
      const end = numberOf(kwargs["lr_end"], 1e-7);
      const power = numberOf(kwargs["power"], 1);
      const broken = readsDefaults(schedule);
      if (broken !== null) return broken;
      if (!(lr > end)) return raises("ValueError", "must be");
      // The engine divides by what is left after warm-up without a guard.
      if (total === warmup) return raises("ZeroDivisionError", "division by zero");
      return ok(
        afterWarmup(schedule, (k) =>
          k > total ? end / lr : ((lr - end) * (1 - (k - warmup) / (total - warmup)) ** power + end) / lr,
        ),
      );
    },
  },
  inverse_sqrt: {
    kwargs: (version) => (atLeast(version, "5.4") ? ["timescale", "last_epoch"] : ANY),
    build: (schedule) => {
      const { warmup, version } = schedule;
      const asked = atLeast(version, "5.4") ? schedule.kwargs["timescale"] : undefined;
      const timescale = numberOf(asked, warmup || (atLeast(version, "4.39") ? 10_000 : 0));
      if (timescale === 0) return raises("ZeroDivisionError", "division by zero");
      return ok(afterWarmup(schedule, (k) => 1 / Math.sqrt((k + timescale - warmup) / timescale)));
    },
  },
  cosine_with_min_lr: {
    since: "4.40",
    kwargs: () => ["num_cycles", "min_lr", "min_lr_rate", "last_epoch"],
    build: (schedule) => {
      const minimum = minimumRate(schedule);
      if (!minimum.ok) return minimum;
      const progress = progressOf(schedule);
      const cycles = numberOf(schedule.kwargs["num_cycles"], 0.5);
      const r = minimum.value;
      return ok(afterWarmup(schedule, (k) => Math.max(0, halfCosine(progress(k), cycles) * (1 - r) + r)));
    },
  },
  cosine_warmup_with_min_lr: {
    since: "4.54",
    kwargs: () => ["num_cycles", "min_lr", "min_lr_rate", "warmup_lr_rate", "last_epoch"],
    build: (schedule) => {
      const minimum = minimumRate(schedule);
      if (!minimum.ok) return minimum;
      const { warmup, total, kwargs } = schedule;
      const cycles = numberOf(kwargs["num_cycles"], 0.5);
      const start = kwargs["warmup_lr_rate"];
      const r = minimum.value;
      return ok((k) => {
        if (k < warmup) {
          if (typeof start !== "number") return (k + 1) / Math.max(1, warmup);
          return start + ((1 - start) * k) / Math.max(1, warmup - 1);
        }
        const progress = (k - warmup + 1) / Math.max(1, total - warmup);
        return Math.max(0, halfCosine(progress, cycles) * (1 - r) + r);
      });
    },
  },
  warmup_stable_decay: {
    since: "4.41",
    kwargs: (version) => [
      "num_decay_steps",
      "num_stable_steps",
      "min_lr_ratio",
      "num_cycles",
      "last_epoch",
      ...(atLeast(version, "4.49") ? ["warmup_type", "decay_type"] : []),
    ],
    build: stableDecay,
  },
};

type Form = "linear" | "cosine" | "1-sqrt";
const forms: readonly unknown[] = ["linear", "cosine", "1-sqrt"];

/** Rises from 0 to 1 over `progress` in 0..1. */
const rise: Readonly<Record<Form, (progress: number) => number>> = {
  linear: (progress) => progress,
  cosine: (progress) => 0.5 * (1 - Math.cos(Math.PI * progress)),
  "1-sqrt": (progress) => 1 - Math.sqrt(1 - progress),
};

function stableDecay({ kwargs, warmup, total, version }: TrainerSchedule): Outcome<(k: number) => number> {
  const current = atLeast(version, "4.49");
  const { num_decay_steps: decay, num_stable_steps: given } = kwargs;
  const missing =
    typeof decay !== "number" ? "num_decay_steps" : !current && given === undefined ? "num_stable_steps" : null;
  if (typeof decay !== "number" || missing !== null) return raises("TypeError", `required positional argument`);
  const warmupType = (kwargs["warmup_type"] ?? "linear") as Form;
  const decayType = (kwargs["decay_type"] ?? "cosine") as Form;
  if (!forms.includes(warmupType)) return raises("ValueError", "Unknown warmup type");
  if (!forms.includes(decayType)) return raises("ValueError", "Unknown decay type");
  const stable = numberOf(given, total - warmup - decay);
  const m = numberOf(kwargs["min_lr_ratio"], 0);
  const cycles = numberOf(kwargs["num_cycles"], 0.5);
  const fall = (progress: number): number => {
    if (decayType === "linear") return 1 - progress;
    return decayType === "cosine" ? halfCosine(progress, cycles) : 1 - Math.sqrt(progress);
  };
  return ok((k) => {
    if (k < warmup) {
      const progress = k / Math.max(1, warmup);
      return current ? Math.max(0, rise[warmupType](progress) * (1 - m) + m) : progress;
    }
    if (k < warmup + stable) return 1;
    if (k >= warmup + stable + decay) return m;
    return Math.max(0, fall((k - warmup - stable) / Math.max(1, decay)) * (1 - m) + m);
  });
}
