import type { WrittenBlock } from "../../../src/engines/trainer.ts";

export interface TrainerRow {
  readonly name: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly lr: number;
  readonly warmup: number;
  readonly total: number;
  readonly steps: number;
}

const PEAK = 2e-5;

/** A warm-up of none, one, two and many steps, up to the whole run and past it. */
const warmupsOf = (total: number): readonly number[] => [...new Set([0, 1, 2, Math.ceil(total / 3), total - 1, total, total + 5])];

const totals = [1, 2, 3, 10, 37, 100, 400];

/** Every schedule of transformers with settings that tell its parts apart, and settings that it refuses. */
const trainerKinds: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["linear", {}],
  ["linear", { num_cycles: 2 }],
  ["cosine", {}],
  ["cosine", { num_cycles: 1.5 }],
  ["cosine", { min_lr: 1e-6 }],
  ["constant", {}],
  ["constant", { anything: 1 }],
  ["constant_with_warmup", {}],
  ["inverse_sqrt", {}],
  ["inverse_sqrt", { timescale: 50 }],
  ["polynomial", {}],
  ["polynomial", { lr_end: 1e-6, power: 2 }],
  ["polynomial", { lr_end: 1 }],
  ["cosine_with_restarts", {}],
  ["cosine_with_restarts", { num_cycles: 3 }],
  ["cosine_with_min_lr", { min_lr_rate: 0.1 }],
  ["cosine_with_min_lr", { min_lr: 1e-6 }],
  ["cosine_with_min_lr", {}],
  ["cosine_with_min_lr", { min_lr: 1e-6, min_lr_rate: 0.1 }],
  ["cosine_warmup_with_min_lr", { min_lr_rate: 0.1 }],
  ["cosine_warmup_with_min_lr", { min_lr_rate: 0.1, warmup_lr_rate: 0.2 }],
  ["warmup_stable_decay", { num_decay_steps: 3 }],
  ["warmup_stable_decay", { num_decay_steps: 3, min_lr_ratio: 0.1 }],
  ["warmup_stable_decay", { num_decay_steps: 3, num_stable_steps: 4, min_lr_ratio: 0.1 }],
  ["warmup_stable_decay", { num_decay_steps: 3, num_stable_steps: 4, decay_type: "linear" }],
  ["warmup_stable_decay", { num_decay_steps: 3, num_stable_steps: 4, decay_type: "1-sqrt", warmup_type: "cosine" }],
  ["warmup_stable_decay", { num_decay_steps: 3, num_stable_steps: 4, decay_type: "exponential" }],
  ["warmup_stable_decay", {}],
  ["warmup_cosine", {}],
];

export const trainerRows = (): readonly TrainerRow[] =>
  trainerKinds.flatMap(([name, kwargs]) =>
    totals.flatMap((total) =>
      // Past its end a schedule is never used by a run, but it is defined there.
      warmupsOf(total).map((warmup) => ({ name, kwargs, lr: PEAK, warmup, total, steps: total + 3 })),
    ),
  );

export interface DeepSpeedRow {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly lr: number;
  readonly steps: number;
}

/** Every scheduler class of DeepSpeed with what people write into its block, and what they leave out. */
export function deepspeedRows(): readonly DeepSpeedRow[] {
  const rows: DeepSpeedRow[] = [];
  const add = (type: string, params: Readonly<Record<string, unknown>>, steps: number): void => {
    rows.push({ type, params, lr: PEAK, steps });
  };
  const types = [{}, { warmup_type: "linear" }, { warmup_type: "log" }, { warmup_type: "cosine" }];
  for (const total of totals) {
    for (const warmup of [0, 1, 2, Math.ceil(total / 3), total, total + 5]) {
      for (const type of types) {
        const common = { warmup_num_steps: warmup, ...type };
        add("WarmupLR", common, total + 3);
        add("WarmupLR", { ...common, warmup_min_lr: 1e-6, warmup_max_lr: 3e-5 }, total + 3);
        add("WarmupDecayLR", { ...common, total_num_steps: total }, total + 3);
        add("WarmupDecayLR", { ...common, total_num_steps: total, warmup_min_lr: 1e-6, warmup_max_lr: PEAK }, total + 3);
        // Before 0.19.3 equal lengths divide by zero after the warm-up.
        if (Math.max(2, warmup) !== total) {
          add("WarmupCosineLR", { ...common, total_num_steps: total }, total + 3);
          add("WarmupCosineLR", { ...common, total_num_steps: total, warmup_min_ratio: 0.1, cos_min_ratio: 0 }, total + 3);
        }
      }
    }
  }
  add("WarmupLR", {}, 30);
  add("WarmupDecayLR", {}, 30);
  add("WarmupDecayLR", { total_num_steps: 30 }, 30);
  add("WarmupCosineLR", {}, 30);
  add("WarmupCosineLR", { total_num_steps: 30, warmup_max_lr: PEAK }, 30);
  add("WarmupLR", { warmup_steps: 10 }, 30);
  add("OneCycle", { cycle_min_lr: 1e-6, cycle_max_lr: 1e-4 }, 50);
  add("OneCycle", { cycle_min_lr: 1e-6, cycle_max_lr: 1e-4, cycle_first_step_size: 7 }, 50);
  add("OneCycle", { cycle_min_lr: 1e-6, cycle_max_lr: 1e-4, cycle_first_step_size: 7, cycle_second_step_size: 11 }, 50);
  add(
    "OneCycle",
    { cycle_min_lr: 1e-6, cycle_max_lr: 1e-4, cycle_first_step_size: 8, cycle_first_stair_count: 4, decay_step_size: 5, decay_lr_rate: 0.3 },
    50,
  );
  add("OneCycle", { cycle_max_lr: 1e-4 }, 50);
  add("LRRangeTest", {}, 50);
  add("LRRangeTest", { lr_range_test_min_lr: 1e-6, lr_range_test_step_size: 5, lr_range_test_step_rate: 2 }, 50);
  add("LRRangeTest", { lr_range_test_min_lr: 1e-6, lr_range_test_step_size: 5, lr_range_test_staircase: true }, 50);
  return rows;
}

interface RunArguments {
  readonly learning_rate: number;
  readonly lr_scheduler_type: string;
  readonly lr_scheduler_kwargs?: Readonly<Record<string, unknown>>;
  readonly warmup_steps: number;
  readonly max_steps: number;
  readonly [more: string]: unknown;
}

interface RunConfig {
  readonly zero_optimization: { readonly stage: number; readonly [more: string]: unknown };
  readonly optimizer?: WrittenBlock;
  readonly scheduler?: WrittenBlock;
  readonly [more: string]: unknown;
}

/** A real run of the Trainer under DeepSpeed: its arguments and its config, as somebody could have written them. */
export interface RunCase {
  readonly name: string;
  readonly arguments: RunArguments;
  readonly config: RunConfig;
  readonly processes: number;
  /** fp16 with a loss scale that overflows first: some steps are skipped, not all. */
  readonly overflows: boolean;
  /** What rates are compared relative to. */
  readonly peak: number;
}

const config = (stage: number, more: Readonly<Record<string, unknown>> = {}): RunConfig => ({
  train_micro_batch_size_per_gpu: "auto",
  gradient_accumulation_steps: "auto",
  train_batch_size: "auto",
  gradient_clipping: "auto",
  fp16: { enabled: "auto" },
  bf16: { enabled: "auto" },
  // The default buckets are a GB each, which some versions fill.
  zero_optimization: stage === 0 ? { stage } : { stage, reduce_bucket_size: 100_000, allgather_bucket_size: 100_000 },
  ...more,
});

const told = (type: string, warmup: number, more: Readonly<Record<string, unknown>> = {}): RunArguments => ({
  learning_rate: 1e-3,
  lr_scheduler_type: type,
  warmup_steps: warmup,
  max_steps: 14,
  per_device_train_batch_size: 2,
  gradient_accumulation_steps: 2,
  bf16: true,
  ...more,
});

const run = (name: string, args: RunArguments, ds: RunConfig, more: Partial<RunCase> = {}): RunCase => ({
  name,
  arguments: args,
  config: ds,
  processes: 1,
  overflows: false,
  peak: 1e-3,
  ...more,
});

/** All nine intents under the Trainer, by a warm-up of none, one, two and many. */
const intents: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["cosine", {}],
  ["linear", {}],
  ["constant", {}],
  ["constant_with_warmup", {}],
  ["polynomial", { lr_end: 1e-7, power: 1 }],
  ["cosine_with_restarts", { num_cycles: 2 }],
  ["cosine_with_min_lr", { min_lr_rate: 0.1 }],
  ["inverse_sqrt", {}],
  ["warmup_stable_decay", { num_decay_steps: 4, min_lr_ratio: 0.1 }],
  ["warmup_stable_decay", { num_decay_steps: 4, num_stable_steps: 5, min_lr_ratio: 0.1 }],
];

const scheduler = (type: string, params: Readonly<Record<string, unknown>>): Pick<RunConfig, "scheduler"> & object => ({ scheduler: { type, params } });
const auto = { warmup_min_lr: "auto", warmup_max_lr: "auto", warmup_num_steps: "auto" };
const cosineAuto = { warmup_num_steps: "auto", total_num_steps: "auto", warmup_type: "linear", cos_min_ratio: 0 };
const adam = { torch_adam: true, betas: "auto", eps: "auto", weight_decay: "auto" };

/** One owner or the other, complete blocks and broken ones. */
const owned: readonly RunCase[] = [
  ...[0, 1, 2, 5].flatMap((warmup) => [
    run(`WarmupLR, linear warm-up of ${warmup}`, told("constant_with_warmup", warmup), { ...config(2), ...scheduler("WarmupLR", { ...auto, warmup_type: "linear" }) }),
    run(`WarmupDecayLR, linear warm-up of ${warmup}`, told("linear", warmup), { ...config(2), ...scheduler("WarmupDecayLR", { ...auto, total_num_steps: "auto", warmup_type: "linear" }) }),
    run(`WarmupCosineLR, linear warm-up of ${warmup}`, told("cosine", warmup), { ...config(2), ...scheduler("WarmupCosineLR", cosineAuto) }),
  ]),
  run("WarmupCosineLR with a minimum", told("cosine_with_min_lr", 3, { lr_scheduler_kwargs: { min_lr_rate: 0.1 } }), { ...config(2), ...scheduler("WarmupCosineLR", { ...cosineAuto, cos_min_ratio: 0.1 }) }),
  run("a WarmupLR block under a cosine", told("cosine", 3), { ...config(2), ...scheduler("WarmupLR", auto) }),
  run("the same, two processes, ZeRO-3", told("cosine", 3), { ...config(3), ...scheduler("WarmupLR", auto) }, { processes: 2 }),
  run("a logarithmic warm-up of many steps", told("cosine", 9), { ...config(1), ...scheduler("WarmupLR", auto) }),
  run("WarmupDecayLR without warmup_max_lr", told("linear", 3, { learning_rate: 2e-5 }), { ...config(2), ...scheduler("WarmupDecayLR", { warmup_num_steps: "auto", total_num_steps: "auto" }) }),
  run("WarmupLR without warmup_max_lr", told("linear", 3, { learning_rate: 2e-5 }), { ...config(2), ...scheduler("WarmupLR", { warmup_num_steps: "auto" }) }),
  run("WarmupLR without warmup_num_steps", told("linear", 3), { ...config(2), ...scheduler("WarmupLR", { warmup_max_lr: "auto" }) }),
  run("WarmupDecayLR without total_num_steps", told("linear", 3), { ...config(2), ...scheduler("WarmupDecayLR", auto) }),
  run("WarmupCosineLR with warmup_max_lr", told("cosine", 3), { ...config(2), ...scheduler("WarmupCosineLR", { ...cosineAuto, warmup_max_lr: "auto" }) }),
  run("WarmupCosineLR without cos_min_ratio and warmup_type", told("cosine", 3), { ...config(2), ...scheduler("WarmupCosineLR", { warmup_num_steps: "auto", total_num_steps: "auto" }) }),
  run("a literal total_num_steps that differs", told("linear", 3), { ...config(2), ...scheduler("WarmupDecayLR", { ...auto, total_num_steps: 1000 }) }),
  run("a literal total_num_steps that agrees", told("linear", 3), { ...config(2), ...scheduler("WarmupDecayLR", { ...auto, total_num_steps: 14 }) }),
  run("literal rates and warm-up that differ", told("linear", 3), { ...config(2), ...scheduler("WarmupLR", { warmup_max_lr: 2e-5, warmup_num_steps: 50 }) }),
  run("a parameter that is auto and that nobody fills", told("cosine", 3), { ...config(2), ...scheduler("WarmupCosineLR", { ...cosineAuto, cos_min_ratio: "auto" }) }),
  run("a scheduler that DeepSpeed has not", told("cosine", 3), { ...config(2), ...scheduler("cosine", {}) }),
  run("a scheduler of torch", told("cosine", 3), { ...config(2), ...scheduler("CosineAnnealingLR", { T_max: 14 }) }),
  run("OneCycle", told("cosine", 3), { ...config(2), ...scheduler("OneCycle", { cycle_min_lr: 1e-5, cycle_max_lr: 1e-3, cycle_first_step_size: 4 }) }),
  run("LRRangeTest", told("cosine", 3), { ...config(0), ...scheduler("LRRangeTest", { lr_range_test_min_lr: 1e-5, lr_range_test_step_size: 4 }) }),
  run("an optimizer block, the Trainer's schedule", told("cosine", 3), config(2, { optimizer: { type: "AdamW", params: { lr: "auto", ...adam } } })),
  run("an optimizer block without lr", told("cosine", 3, { learning_rate: 2e-5 }), config(2, { optimizer: { type: "AdamW", params: adam } })),
  run("an optimizer block whose lr differs", told("cosine", 3), config(2, { optimizer: { type: "AdamW", params: { ...adam, lr: 2e-5 } } })),
  run("both blocks", told("cosine", 3), config(2, { optimizer: { type: "AdamW", params: { lr: "auto", ...adam } }, ...scheduler("WarmupLR", auto) })),
  run("the Trainer's polynomial under DeepSpeed's optimizer", told("polynomial", 3), config(2, { optimizer: { type: "AdamW", params: { lr: "auto", ...adam } } })),
  run("an absolute min_lr", told("cosine_with_min_lr", 3, { lr_scheduler_kwargs: { min_lr: 1e-4 } }), config(2)),
  run("a schedule without its minimum", told("cosine_with_min_lr", 3), config(2)),
];

/** The loss scale is halved at each overflow, every second time with hysteresis 2. */
const scaled = (stage: number, power: number, more: Readonly<Record<string, unknown>> = {}): RunConfig =>
  config(stage, { fp16: { enabled: "auto", loss_scale: 0, initial_scale_power: power, hysteresis: 1, loss_scale_window: 1000, min_loss_scale: 1 }, ...more });
const half = { bf16: false, fp16: true };

const overflowing: readonly RunCase[] = [
  run("fp16 overflow, the Trainer's cosine, ZeRO-2", told("cosine", 3, half), scaled(2, 22), { overflows: true }),
  run("fp16 overflow, the Trainer's cosine, ZeRO-3", told("cosine", 3, half), scaled(3, 22), { overflows: true }),
  run("fp16 overflow, the Trainer's cosine, two processes", told("cosine", 3, half), scaled(1, 22), { overflows: true, processes: 2 }),
  run("fp16 overflow, WarmupLR", told("cosine", 3, half), scaled(2, 22, scheduler("WarmupLR", auto)), { overflows: true }),
  run("fp16 overflow, WarmupDecayLR", told("linear", 3, half), scaled(2, 22, scheduler("WarmupDecayLR", { ...auto, total_num_steps: "auto" })), { overflows: true }),
  run("fp16 overflow, OneCycle", told("linear", 3, half), scaled(2, 22, scheduler("OneCycle", { cycle_min_lr: 1e-5, cycle_max_lr: 1e-3, cycle_first_step_size: 4 })), { overflows: true }),
  run("fp16 without overflow", told("cosine", 3, half), scaled(2, 8)),
];

const trainerOwned = (warmups: readonly number[]): readonly RunCase[] =>
  intents.flatMap(([name, kwargs], index) =>
    warmups.map((warmup) =>
      run(
        `${name} ${JSON.stringify(kwargs)}, warm-up of ${warmup}`,
        told(name, warmup, { lr_scheduler_kwargs: kwargs }),
        config([0, 1, 2, 3][index % 4] as number),
      ),
    ),
  );

/** Fewer for a quick run: each intent and each way to break a block once. */
export function runCases(scope: "quick" | "whole"): readonly RunCase[] {
  if (scope === "whole") return [...trainerOwned([0, 1, 2, 5]), ...owned, ...overflowing];
  const isQuick = ({ name }: RunCase): boolean => !/warm-up of [015]$/.test(name) && !name.includes("two processes");
  return [...trainerOwned([2]), ...owned.filter(isQuick), ...overflowing.filter(isQuick)];
}
