import type { JobOptions } from "../../../src/index.ts";
import type { Context } from "../proof.ts";

export type Json = Readonly<Record<string, any>>;

/** Something injected, and what the failure has to say for it to have been noticed for its own reason. */
export interface Breakage<Text> {
  readonly name: string;
  readonly change: (sound: Text) => Text;
  readonly sign: RegExp;
}

/** Pieces of an emitted config, replaced by what people write; every one of them has to be noticed. */
export const breakages: readonly Breakage<string>[] = [
  {
    name: "T_max without end",
    change: (text) =>
      withSchedule(
        text,
        `dict(type="LinearLR", start_factor=1e-5, by_epoch=True, begin=0, end=0.06, convert_to_iter_based=True), dict(type="CosineAnnealingLR", eta_min=0.0, by_epoch=True, begin=0.06, T_max=2, convert_to_iter_based=True)`,
      ),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "a warm-up of one iteration in XTuner's own form",
    change: (text) =>
      withSchedule(
        text,
        `dict(type="LinearLR", start_factor=1e-5, by_epoch=False, begin=0, end=1), dict(type="CosineAnnealingLR", eta_min=0.0, by_epoch=False, begin=1, end=80)`,
      ),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "a warm-up of no iteration in XTuner's own form",
    change: (text) =>
      withSchedule(
        text,
        `dict(type="LinearLR", start_factor=1e-5, by_epoch=False, begin=0, end=0), dict(type="CosineAnnealingLR", eta_min=0.0, by_epoch=False, begin=0, end=80)`,
      ),
    sign: /ValueError: end should be larger than begin/,
  },
  {
    name: "by_epoch without conversion",
    change: (text) => withSchedule(text, `dict(type="CosineAnnealingLR", eta_min=0.0, by_epoch=True, begin=0, end=2)`),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "a parameter that no class has",
    change: (text) => text.replace("start_factor=", "start_factors="),
    sign: /TypeError: .*start_factors/,
  },
  {
    name: "a warm-up from 0",
    change: (text) => text.replace("start_factor=1e-8", "start_factor=0"),
    sign: /ZeroDivisionError/,
  },
  {
    name: "not shifted to where the weights are updated",
    change: (text) => text.replace(/begin=\d+/, "begin=0"),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "a loop of another length",
    change: (text) => text.replace(/max_iters=\d+/, "max_iters=40"),
    sign: /20 optimizer steps instead of 40/,
  },
  {
    name: "another rate",
    change: (text) => text.replace(/lr=[\d.e-]+,/, "lr=1.5e-3,"),
    sign: /optimizer step \d+ used/,
  },
  {
    name: "two lengths",
    change: (text) => text.replace(/max_iters=\d+/, "max_iters=80, max_epochs=2"),
    sign: /RuntimeError: Only one of `max_iters` or `max_epochs`/,
  },
  {
    name: "varlen attention beside a batch",
    change: (text) => `${text}\nuse_varlen_attn = True\n`,
    sign: /NotImplementedError: .*varlen/,
  },
  {
    name: "a function that XTuner has not",
    change: (text) => text.replace("template_map_fn_factory,", "template_map_fn_maker,"),
    sign: /NameError: .*template_map_fn_maker/,
  },
];

const withSchedule = (text: string, entries: string): string => `${text}\nparam_scheduler = [${entries}]\n`;

export const small = (xtuner: string): JobOptions["answers"] => ({
  model: "qwen2.5-0.5b",
  gpu: "a100-80",
  gpus: 1,
  xtuner,
  targets: ["xtuner"],
  scheduler: "cosine",
  lr: 2e-3,
  warmupSteps: 2,
  maxSteps: 12,
  microBatch: 2,
  gradAccum: 2,
  globalBatch: 4,
  seqLen: 256,
  packing: false,
  saveSteps: 6,
  zero: 2,
});

export interface Training {
  readonly name: string;
  readonly answers: JobOptions["answers"];
}

export const trainings = (xtuner: string, scope: Context["scope"]): readonly Training[] => {
  const usual = small(xtuner);
  const all: readonly Training[] = [
    { name: "ZeRO-2, accumulation 2", answers: usual },
    {
      name: "ZeRO-1, accumulation 1, linear",
      answers: { ...usual, zero: 1, gradAccum: 1, globalBatch: 2, scheduler: "linear" },
    },
    { name: "ZeRO-3, accumulation 2", answers: { ...usual, zero: 3 } },
    {
      name: "ZeRO-2, accumulation 16, no warm-up",
      answers: { ...usual, gradAccum: 16, globalBatch: 32, warmupSteps: 0 },
    },
    { name: "ZeRO-2, LoRA", answers: { ...usual, method: "lora" } },
    { name: "ZeRO-2, two processes", answers: { ...usual, gpus: 2, globalBatch: 8 } },
    { name: "ZeRO-3, two processes", answers: { ...usual, zero: 3, gpus: 2, globalBatch: 8 } },
  ];
  return scope === "quick" ? all.slice(0, 1) : all;
};

/** DeepSpeed files that people bring along, and what gives them away. */
export const deepspeedBreakages: readonly Breakage<Json>[] = [
  {
    name: "a scheduler of DeepSpeed's own: both write the rate",
    change: (config) => ({
      ...config,
      scheduler: {
        type: "WarmupLR",
        params: { warmup_min_lr: 0, warmup_max_lr: 2e-3, warmup_num_steps: 2, warmup_type: "linear" },
      },
    }),
    sign: /optimizer step 1 used 0,/,
  },
  {
    name: "train_batch_size auto, which nobody fills",
    change: (config) => ({ ...config, train_batch_size: "auto" }),
    sign: /TypeError: '>' not supported/,
  },
  {
    name: "a batch that does not come out",
    change: (config) => ({ ...config, train_batch_size: 6 }),
    sign: /AssertionError: Check batch related parameters/,
  },
  {
    name: "auto in a scheduler of DeepSpeed's own",
    change: (config) => ({
      ...config,
      scheduler: {
        type: "WarmupLR",
        params: { warmup_min_lr: "auto", warmup_max_lr: "auto", warmup_num_steps: "auto" },
      },
    }),
    sign: /TypeError: .*'str' and 'str'/,
  },
];
