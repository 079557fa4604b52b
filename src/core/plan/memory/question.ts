import { isEncoder } from "../../../catalog/parameters.ts";
import { atLeast } from "../../version.ts";
import { bytes, type Bytes, GiB } from "../../units.ts";
import type { Hardware, MemoryEstimate, Method, ModelPlan, Plan, Precision, Task, Versions, Zero } from "../plan.ts";
import { adapterParameters } from "./adapters.ts";
import { estimate, type GpuMemory } from "./estimate.ts";
import { type Buckets, type MemoryJob, type Shape, type Work } from "./job.ts";

/** A planned job as far as memory depends on it. */
export interface MemoryQuestion {
  readonly model: ModelPlan;
  readonly method: Method;
  readonly precision: Precision;
  readonly task: Task;
  readonly hardware: Hardware;
  readonly zero: Zero;
  readonly buckets: Buckets;
  readonly micro: number;
  readonly accumulation: number;
  /** Whether attention runs in a kernel that keeps no scores. */
  readonly fusedAttention: boolean;
  /** Whether Liger's kernels stand in for the model's own. */
  readonly liger: boolean;
}

/** Below this share of the card a job fits with room to spare; up to the whole card it is tight. */
export const COMFORTABLE = 0.92;

/** The question that a finished plan answers. */
export const memoryQuestion = (plan: Plan): MemoryQuestion => ({
  ...plan,
  micro: plan.batch.micro,
  accumulation: plan.batch.accumulation,
  fusedAttention: hasFusedAttention(plan.model, plan.hardware, plan.versions),
});

/** What one GPU needs at its worst moment, against what the card has. */
export function estimateMemory(question: MemoryQuestion): MemoryEstimate {
  const gpu = estimate(memoryJob(question));
  const needed = whole(gpu.needed);
  const available = question.hardware.memory;
  return { needed, available, verdict: verdictOf(needed, available), gpu: rounded(gpu) };
}

/** Whether a micro batch fits with room to spare, of a job that differs in nothing else: what the search for one asks often. */
export function comfortable(question: Omit<MemoryQuestion, "micro">): (micro: number) => boolean {
  const job = memoryJob({ ...question, micro: 1 });
  const { task, hardware } = question;
  return (micro) =>
    estimate({ ...job, work: workOf(task, micro, hardware.gpus) }).needed <= COMFORTABLE * hardware.memory;
}

const verdictOf = (needed: number, available: number): MemoryEstimate["verdict"] =>
  needed <= COMFORTABLE * available ? "fits" : needed <= available ? "tight" : "does-not-fit";

const whole = (count: number): Bytes => bytes(Math.round(count));

const rounded = (gpu: GpuMemory): MemoryEstimate["gpu"] => ({
  allocated: whole(gpu.allocated),
  reserved: whole(gpu.reserved),
  device: whole(gpu.device),
  binding: gpu.binding,
  moments: {
    forwardEnd: whole(gpu.moments.forwardEnd),
    backwardStart: whole(gpu.moments.backwardStart),
    backwardEnd: whole(gpu.moments.backwardEnd),
    optimizerStep: whole(gpu.moments.optimizerStep),
  },
  parts: {
    weights: whole(gpu.parts.weights),
    gradients: whole(gpu.parts.gradients),
    optimizer: whole(gpu.parts.optimizer),
    master: whole(gpu.parts.master),
    buffers: whole(gpu.parts.buffers),
    activations: whole(gpu.parts.activations),
    logits: whole(gpu.parts.logits),
    step: whole(gpu.parts.step),
    context: whole(gpu.parts.context),
  },
});

/** The job of the memory model that a planned job is: DeepSpeed with torch's AdamW, checkpointing on. */
export function memoryJob(question: MemoryQuestion): MemoryJob {
  const { model, method, precision, task, hardware, zero, buckets, accumulation, liger } = question;
  return {
    shape: shapeOf(model),
    trained:
      method.kind === "full"
        ? { kind: "all" }
        : {
            kind: "adapters",
            adapterParams: adapterParameters(method.rank, method.targets, model.architecture),
            adapterBytes: 4,
            embeddingCopies: false,
            quantization: method.kind === "qlora" ? "nf4" : null,
            castUp: "nothing",
          },
    scheme: precision.kind === "fp32" ? "fp32" : "master",
    optimizer: "adamw",
    optimizerInBackward: false,
    engine: { kind: "deepspeed", stage: zero.stage, offload: zero.offload.kind, buckets },
    gpus: hardware.gpus,
    nodes: hardware.nodes,
    work: workOf(task, question.micro, hardware.gpus),
    accumulation,
    checkpointing: true,
    activationsOffloaded: false,
    flashAttention: question.fusedAttention,
    fusedKernels: liger,
    loss: task.kind === "embedding" ? "none" : liger ? "linear" : "full",
    sameShapes: task.kind === "embedding" || task.packing,
    context: contextOf(hardware),
    card: hardware.memory,
  };
}

/** Parameters that get gradients and optimizer states. */
export const trainableParameters = (model: ModelPlan, method: Method): number =>
  method.kind === "full" ? model.params : adapterParameters(method.rank, method.targets, model.architecture);

/**
 * torch's scaled-dot-product attention keeps no scores, on any card; models with code of their own have their flash
 * attention on Ampere and later. Encoders take it from transformers 4.48 on.
 */
export function hasFusedAttention(
  model: ModelPlan,
  hardware: Hardware,
  { transformers }: Pick<Versions, "transformers">,
): boolean {
  if (isEncoder(model.architecture.modelType)) return atLeast(transformers, "4.48");
  return model.family.loading.kind === "remote-code" ? hardware.flashAttention : true;
}

/** A model as far as memory depends on it. */
export function shapeOf({
  architecture,
  params,
  embeddingParams,
}: Pick<ModelPlan, "architecture" | "params" | "embeddingParams">): Shape {
  const { moe } = architecture;
  return {
    params,
    embeddingParams,
    layers: architecture.layers,
    hidden: architecture.hiddenSize,
    ffn:
      moe === undefined
        ? architecture.intermediateSize
        : moe.expertsPerToken * moe.intermediateSize + moe.sharedIntermediateSize,
    heads: architecture.heads,
    kvHeads: architecture.kvHeads,
    headDim: architecture.headDim,
    vocab: architecture.vocabSize,
    mlp: isEncoder(architecture.modelType) ? "plain" : "gated",
    kind: isEncoder(architecture.modelType) ? "encoder" : "decoder",
    expertsPerToken: moe?.expertsPerToken ?? 0,
    // The first Qwen's own code hands 16-bit logits to the loss.
    upcastsLogits: architecture.modelType !== "qwen",
  };
}

function workOf(task: Task, micro: number, gpus: number): Work {
  if (task.kind === "sft") return { kind: "tokens", rows: micro, length: task.seqLen };
  return {
    kind: "contrastive",
    queries: micro,
    queryLength: task.queryMaxLen,
    passages: micro * task.trainGroupSize,
    passageLength: task.passageMaxLen,
    multiVector: task.embedder.entry === "embedder.encoder_only.m3",
    crossEncoder: task.embedder.entry.startsWith("reranker"),
    comparedOver: task.negativesCrossDevice ? gpus : 1,
  };
}

/** CUDA's context is larger on Volta and smaller on Turing than on later cards (huggingface/transformers perf_train_gpu_one). */
function contextOf({ card }: Hardware): number | null {
  if (card.kind !== "listed") return null;
  return card.gpu.arch === "Volta" ? 1.3 * GiB : card.gpu.id === "t4" ? 0.3 * GiB : null;
}
