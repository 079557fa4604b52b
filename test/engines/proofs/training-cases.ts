import { atLeast, parseVersion, type Version } from "../../../src/core/version.ts";
import type { Answers } from "../../../src/index.ts";
import type { Pair } from "../matrix.ts";
import type { Family } from "./training.ts";

/** A job that is trained in full: what differs from the usual small run. */
export interface TrainingCase {
  readonly name: string;
  readonly family: Family;
  readonly preset?: string;
  readonly answers: Answers;
  /** The run is ended at the first checkpoint from this step on, and started again; null for a run in one piece. */
  readonly stopAfter: number | null;
  /** Whether a dozen steps are enough to see the loss fall. */
  readonly learns: boolean;
}

const training = (name: string, answers: Answers, more: Partial<TrainingCase> = {}): TrainingCase => ({
  name,
  family: "qwen2",
  stopAfter: null,
  learns: true,
  ...more,
  answers: { gpus: 1, zero: 2, precision: "bf16", globalBatch: 8, warmupSteps: 3, ...answers },
});

/** All nine schedules, dealt out over the cases: each version trains each of them. */
const shapes = (pair: Pair): readonly Answers[] => {
  const has = (least: string): boolean => atLeast(parseVersion(pair.transformers) as Version, least);
  return [
    { scheduler: "cosine" },
    { scheduler: "linear" },
    { scheduler: "constant_with_warmup" },
    { scheduler: "inverse_sqrt" },
    { scheduler: "cosine_with_restarts", numCycles: 3 },
    { scheduler: "constant", warmupSteps: 0 },
    ...(has("5.0") ? [] : [{ scheduler: "polynomial" } as const]),
    ...(has("4.41") ? [{ minLrRatio: 0.1 }, { scheduler: "warmup_stable_decay", decayRatio: 0.3, minLrRatio: 0.05 } as const] : []),
  ];
};

const stages = ["0", "1", "2", "3"] as const;

/** Every stage with one process and with two, in every precision. */
function grid(pair: Pair): readonly TrainingCase[] {
  const dealt = shapes(pair);
  let next = 0;
  return stages.flatMap((zero) =>
    [1, 2].flatMap((gpus) =>
      (["bf16", "fp32", "fp16"] as const).map((precision) => {
        const shape = dealt[next++ % dealt.length] as Answers;
        const name = shape.scheduler ?? "cosine with a minimum";
        return training(`ZeRO-${zero}, ${precision}, ${gpus} process${gpus === 1 ? "" : "es"}, ${name}`, {
          zero: Number(zero) as 0 | 1 | 2 | 3,
          gpus,
          precision,
          ...shape,
        });
      }),
    ),
  );
}

const adapters = { method: "lora", loraRank: 4, lr: 2e-2 } as const;

const resumed: readonly TrainingCase[] = [
  training("stopped and resumed, ZeRO-2, one process", {}, { stopAfter: 6 }),
  training("stopped and resumed, ZeRO-3, two processes", { zero: 3, gpus: 2, globalBatch: 8, scheduler: "linear" }, { stopAfter: 6 }),
  training("stopped and resumed, ZeRO-0, fp32", { zero: 0, precision: "fp32" }, { stopAfter: 6 }),
  training("stopped and resumed, LoRA", adapters, { stopAfter: 6, learns: false }),
];

const shaped: readonly TrainingCase[] = [
  training("LoRA, ZeRO-2", adapters, { learns: false }),
  training("LoRA, ZeRO-3, two processes", { ...adapters, zero: 3, gpus: 2 }, { learns: false }),
  training("weights that are not tied, ZeRO-3", { zero: 3 }, { family: "llama" }),
  training("experts, ZeRO-3, two processes", { zero: 3, gpus: 2 }, { family: "mixtral" }),
  training("one step of warm-up", { warmupSteps: 1 }),
  training("no warm-up, an epoch over counted samples", { warmupSteps: 0, epochs: 1 }),
  training("the preset qwen2-72b, small", { gpus: 2, nodes: 1, zero: 3 }, { preset: "qwen2-72b" }),
  training("the preset qwen-7b, small", { gpus: 2, zero: 2 }, { preset: "qwen-7b" }),
];

const owned = (pair: Pair): readonly TrainingCase[] => {
  const can = (least: string): boolean => atLeast(parseVersion(pair.deepspeed) as Version, least);
  return [
    ...(can("0.15.3")
      ? [
          training("DeepSpeed owns a linear decay", { schedulerOwner: "deepspeed", scheduler: "linear" }),
          training("DeepSpeed owns a constant rate, two processes", { schedulerOwner: "deepspeed", scheduler: "constant_with_warmup", gpus: 2 }),
        ]
      : []),
    ...(can("0.19.0") ? [training("DeepSpeed owns a cosine, ZeRO-3", { schedulerOwner: "deepspeed", zero: 3 })] : []),
  ];
};

/** On a CPU the optimizer of DeepSpeed that offloading uses is compiled first, which takes minutes: the newest does it. */
const offloaded = (pair: Pair): readonly TrainingCase[] =>
  pair.deepspeed === "0.19.6" && pair.transformers === "5.18.0"
    ? [
        training("the optimizer in host memory, ZeRO-2", { offload: "optimizer" }),
        training("everything in host memory, ZeRO-3", { offload: "all", zero: 3 }),
      ]
    : [];

/** Everything, or a dozen runs of which each has a reason to break alone. */
export function trainingCases(scope: "quick" | "whole", pair: Pair): readonly TrainingCase[] {
  // DeepSpeed 0.12 can't reduce gradients of a CPU without ZeRO.
  // Nor can it gather experts as one, and the plan refuses them.
  const isTrainable = ({ answers, family }: TrainingCase): boolean =>
    (answers.zero !== 0 && family !== "mixtral") || atLeast(parseVersion(pair.deepspeed) as Version, "0.13");
  if (scope === "whole") return [...grid(pair), ...resumed, ...shaped, ...owned(pair), ...offloaded(pair)].filter(isTrainable);
  const quickly = ["ZeRO-0, bf16, 1", "ZeRO-1, bf16, 2", "ZeRO-2, fp32, 1", "ZeRO-3, bf16, 2", "ZeRO-2, fp16, 1"];
  return [
    ...grid(pair).filter(({ name }) => quickly.some((start) => name.startsWith(start))),
    ...resumed.filter(({ name }) => name.includes("ZeRO-3")),
    ...shaped.filter(({ name }) => /^LoRA, ZeRO-3|^experts|^the preset qwen2-72b/.test(name)),
    ...owned(pair).slice(-1),
  ];
}
