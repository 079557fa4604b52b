import type { EmbedderFacts, Family } from "../../catalog/families.ts";
import type { Gpu } from "../../catalog/gpus.ts";
import type { Architecture } from "../../catalog/models.ts";
import type { Message } from "../../messages/message.ts";
import type { Bytes, Steps } from "../units.ts";
import type { Version } from "../version.ts";
import type { Buckets } from "./memory/job.ts";
import type { Decision } from "./problem.ts";
import type { Schedule } from "./schedule.ts";

/** The model as every file names it, and what is known of it. */
export interface ModelPlan {
  /** What `from_pretrained` gets: a hub id or a path, as the person wrote it. */
  readonly path: string;
  readonly label: string;
  readonly family: Family;
  readonly architecture: Architecture;
  readonly params: number;
  readonly embeddingParams: number;
  /** How sure `params` is: a catalog row or a config file is exact, a size is an assumption. */
  readonly certainty: "exact" | "assumed";
}

export interface Hardware {
  readonly card: { readonly kind: "listed"; readonly gpu: Gpu } | { readonly kind: "by-memory" };
  /** What the framework can see of one card. */
  readonly memory: Bytes;
  readonly bf16: boolean;
  readonly flashAttention: boolean;
  readonly gpus: number;
  readonly nodes: number;
  readonly gpusPerNode: number;
}

export type Precision =
  { readonly kind: "bf16" } | { readonly kind: "fp16"; readonly initialScalePower: number } | { readonly kind: "fp32" };

export interface Adapters {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly targets: readonly string[];
}

export type Method = { readonly kind: "full" } | ({ readonly kind: "lora" | "qlora" } & Adapters);

export type Offload =
  | { readonly kind: "none" }
  | { readonly kind: "optimizer" }
  | { readonly kind: "all" }
  | { readonly kind: "nvme"; readonly path: string };

export interface Zero {
  readonly stage: 0 | 1 | 2 | 3;
  readonly offload: Offload;
}

/** `global = micro * accumulation * world`, by construction. */
export interface Batch {
  readonly micro: number;
  readonly accumulation: number;
  readonly world: number;
  readonly global: number;
}

/** How long the run is. Only with `epochs` alone is the number of optimizer steps left to the data. */
export type Length =
  | { readonly kind: "max-steps"; readonly total: Steps }
  | {
      readonly kind: "counted";
      readonly epochs: number;
      readonly samples: number;
      readonly stepsPerEpoch: Steps;
      readonly total: Steps;
    }
  | { readonly kind: "epochs"; readonly epochs: number };

export type Task =
  | { readonly kind: "sft"; readonly seqLen: number; readonly packing: boolean }
  | {
      readonly kind: "embedding";
      readonly embedder: EmbedderFacts;
      readonly queryMaxLen: number;
      readonly passageMaxLen: number;
      readonly trainGroupSize: number;
      /** Null for rerankers, whose loss has none. */
      readonly temperature: number | null;
      readonly negativesCrossDevice: boolean;
    };

export interface Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly maxGradNorm: number;
}

export type Target = "hf" | "xtuner" | "flagembedding";
export type Launcher = "torchrun" | "deepspeed" | "accelerate";

export interface Versions {
  readonly transformers: Version;
  readonly deepspeed: Version;
  readonly xtuner: Version;
  readonly flagembedding: Version;
}

/** Moments of an optimizer step at which memory may peak. */
export type Moment = "forwardEnd" | "backwardStart" | "backwardEnd" | "optimizerStep";

/** What the bytes of a GPU are for. */
export type Part =
  "weights" | "gradients" | "optimizer" | "master" | "buffers" | "activations" | "logits" | "step" | "context";

/** What one GPU needs at its worst moment, against what the card has. Bytes. */
export interface MemoryEstimate {
  /** What has to be free for the job to run. */
  readonly needed: Bytes;
  readonly available: Bytes;
  /** Up to 92 % of the card it fits, up to the whole card it is tight. */
  readonly verdict: "fits" | "tight" | "does-not-fit";
  readonly gpu: {
    /** `torch.cuda.max_memory_allocated`. */
    readonly allocated: Bytes;
    /** `torch.cuda.max_memory_reserved`. */
    readonly reserved: Bytes;
    /** What `nvidia-smi` shows. */
    readonly device: Bytes;
    readonly moments: Readonly<Record<Moment, Bytes>>;
    /** The moment that needs most; `parts` are those of it. */
    readonly binding: Moment;
    readonly parts: Readonly<Record<Part, Bytes>>;
  };
}

/** Everything that was decided, once. Every file is a function of this and of nothing else. */
export interface Plan {
  readonly name: string;
  readonly preset: string | null;
  readonly model: ModelPlan;
  readonly task: Task;
  readonly hardware: Hardware;
  readonly precision: Precision;
  readonly method: Method;
  readonly zero: Zero;
  readonly buckets: Buckets;
  /** Whether Liger's kernels stand in for the model's own. */
  readonly liger: boolean;
  readonly batch: Batch;
  readonly length: Length;
  readonly schedule: Schedule;
  readonly optimizer: Optimizer;
  readonly targets: readonly Target[];
  readonly launcher: Launcher;
  readonly versions: Versions;
  readonly memory: MemoryEstimate;
  readonly data: string;
  readonly outputDir: string;
  readonly seed: number;
  readonly saveSteps: number;
  readonly decisions: readonly Decision[];
  readonly notes: readonly Message[];
}
