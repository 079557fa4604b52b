/** The shape of a network as far as memory depends on it. Counts and widths, no bytes. */
export interface Shape {
  readonly params: number;
  /** Token embedding, and the head where it has weights of its own. */
  readonly embeddingParams: number;
  readonly layers: number;
  readonly hidden: number;
  /** Width of the MLP that one token passes: of all chosen experts together in a mixture. */
  readonly ffn: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocab: number;
  readonly mlp: "gated" | "plain";
  readonly kind: "decoder" | "encoder";
  /** Experts that each token is copied to; 0 for a dense model. */
  readonly expertsPerToken: number;
  /** Whether the model's own code makes fp32 logits before the loss; the first Qwen's does not. */
  readonly upcastsLogits: boolean;
}

/**
 * Who holds which copy of a trained parameter (the most frequent mistake of calculators):
 * `pure`: weights, gradients and moments all in 16 bit; `master`: DeepSpeed's 16-bit weights with an fp32 copy;
 * `amp`: fp32 weights under autocast; `sharded-fp32`: FSDP shards held in fp32, computed in 16 bit.
 */
export type Scheme = "pure" | "master" | "amp" | "sharded-fp32" | "fp32";

export type Quantization = "nf4" | "nf4-single" | "int4" | "int8";

/**
 * `adamw` is torch's own, which steps over all tensors at once and copies them once while it does; torch 2.0 copied them
 * twice. Fused versions copy nothing.
 */
export type OptimizerKind = "adamw" | "adamw-torch-2.0" | "adamw-fused" | "adamw-8bit" | "adafactor" | "momentum";

/** What is trained. `trained` counts parameters that get gradients. */
export type Trained =
  | { readonly kind: "all" }
  | {
      readonly kind: "adapters";
      readonly adapterParams: number;
      readonly adapterBytes: 2 | 4;
      /** Embedding and head trained as well (`modules_to_save`): copies beside the frozen ones. */
      readonly embeddingCopies: boolean;
      /** Null: the frozen model is kept in the compute type. */
      readonly quantization: Quantization | null;
      /**
       * What was cast up before training: hidden states alone, or embeddings as well, as PEFT's
       * `prepare_model_for_kbit_training` does.
       */
      readonly castUp: "nothing" | "hidden-states" | "embeddings";
    };

/** DeepSpeed's buckets, in elements. */
export interface Buckets {
  readonly reduce: number;
  readonly allgather: number;
  readonly overlap: boolean;
  readonly prefetch: number;
  readonly subGroup: number;
  readonly maxLive: number;
}

export type Engine =
  | { readonly kind: "single" }
  | { readonly kind: "ddp" }
  | { readonly kind: "fsdp"; readonly offload: boolean }
  | {
      readonly kind: "deepspeed";
      readonly stage: 0 | 1 | 2 | 3;
      readonly offload: "none" | "optimizer" | "all" | "nvme";
      readonly buckets: Buckets;
    };

/** How the loss is computed: what of the logits is alive at the end of the forward pass. */
export type LossPath = "full" | "fused" | "chunked" | "linear" | "none";

/** What a GPU holds of the data in one micro step. Lengths in tokens. */
export type Work =
  | { readonly kind: "tokens"; readonly rows: number; readonly length: number }
  | {
      readonly kind: "contrastive";
      readonly queries: number;
      readonly queryLength: number;
      readonly passages: number;
      readonly passageLength: number;
      /** Whether query and passage are one sequence with one score (a reranker). */
      readonly crossEncoder: boolean;
      /** bge-m3's unified fine-tuning: a lexical weight for every word of the vocabulary, and a vector a token. */
      readonly multiVector: boolean;
      /** GPUs whose passages are compared with: 1 without `negatives_cross_device`. */
      readonly comparedOver: number;
    };

/** A job as far as memory depends on it. */
export interface MemoryJob {
  readonly shape: Shape;
  readonly trained: Trained;
  readonly scheme: Scheme;
  readonly optimizer: OptimizerKind;
  /** Each gradient is used and dropped as soon as it is there. */
  readonly optimizerInBackward: boolean;
  readonly engine: Engine;
  readonly gpus: number;
  readonly nodes: number;
  readonly work: Work;
  readonly accumulation: number;
  readonly checkpointing: boolean;
  readonly activationsOffloaded: boolean;
  readonly flashAttention: boolean;
  /** Norms, rotary positions and the MLP as fused kernels (Liger, Unsloth and the like). */
  readonly fusedKernels: boolean;
  readonly loss: LossPath;
  /** Whether every batch has the same shape (packed, or padded to the longest length). */
  readonly sameShapes: boolean;
  /** CUDA context of the card, bytes; null for what today's cards take. */
  readonly context: number | null;
  /** What the card has, bytes: the allocator can't cache more. Null: unknown. */
  readonly card: number | null;
}

/** DeepSpeed's own defaults. Source: deepspeedai/DeepSpeed deepspeed/runtime/zero/config.py. */
export const deepspeedDefaults: Buckets = {
  reduce: 5e8,
  allgather: 5e8,
  overlap: true,
  prefetch: 5e7,
  subGroup: 1e9,
  maxLive: 1e9,
};

/** Which ZeRO stage an engine's sharding amounts to: FSDP's full shard is stage 3. */
export const stageOf = (engine: Engine): 0 | 1 | 2 | 3 =>
  engine.kind === "deepspeed" ? engine.stage : engine.kind === "fsdp" ? 3 : 0;

export const tokensOf = (work: Work): number =>
  work.kind === "tokens"
    ? work.rows * work.length
    : work.crossEncoder
      ? work.passages * (work.queryLength + work.passageLength)
      : work.queries * work.queryLength + work.passages * work.passageLength;
