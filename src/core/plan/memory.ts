import type { Architecture } from "../../catalog/models.ts";
import { bytes, type Bytes, GiB } from "../units.ts";
import type { Batch, Hardware, MemoryEstimate, Method, ModelPlan, Precision, Task, Zero } from "./plan.ts";

/** The job as far as memory depends on it. */
export interface MemoryQuestion {
  readonly model: ModelPlan;
  readonly method: Method;
  readonly precision: Precision;
  readonly task: Task;
  readonly hardware: Hardware;
  readonly zero: Zero;
  readonly micro: Batch["micro"];
  readonly bucket: number;
}

/** Below this share of the card a job fits with room to spare; up to the whole card it is tight. */
const COMFORTABLE = 0.92;

/**
 * What one GPU needs at its worst moment: model states by ZeRO stage (Rajbhandari et al. 2020, arXiv 1910.02054: 16 bytes a
 * parameter under mixed precision, 4 more at the optimizer step), DeepSpeed's buckets and gathers, activations with
 * checkpointing (Korthikanti et al. 2022, arXiv 2205.05198), the logits of the loss, and the CUDA context and NCCL.
 */
export function estimateMemory(question: MemoryQuestion): MemoryEstimate {
  const states = statesOf(question);
  const buffers = buffersOf(question);
  const { kept, live, logits } = activationsOf(question);
  const allocated = Math.max(states.resident + buffers + kept + Math.max(logits, live), states.resident + states.step);
  const dynamic = kept + Math.max(logits, live);
  const context = contextOf(question.hardware);
  // The caching allocator needs some room beyond the live tensors; 7 % is the middle of what was measured (4-10 %).
  const needed = bytes(Math.round(allocated + 0.07 * dynamic + context));
  const available = question.hardware.memory;
  const verdict = needed <= COMFORTABLE * available ? "fits" : needed <= available ? "tight" : "does-not-fit";
  return { needed, available, verdict };
}

/**
 * Host memory a node that offloading takes: 16 bytes a trained parameter of the node's share (master copy, moments, fp32
 * gradients) and 2 more with parameters, times 1.2 for the power-of-two blocks in which torch pins memory.
 * Source: deepspeedai/DeepSpeed docs/code-docs/source/memory.rst.
 */
export function hostMemory({ model, method, hardware, zero }: MemoryQuestion): Bytes {
  const bytesPerParameter = zero.offload.kind === "optimizer" ? 16 : zero.offload.kind === "all" ? 18 : 0;
  const share = hardware.gpusPerNode / hardware.gpus;
  return bytes(Math.round(1.2 * bytesPerParameter * trainableParameters(model, method) * share));
}

/** Parameters that get gradients and optimizer states: for adapters `rank × (inputs + outputs)` of each layer they are put on. */
export function trainableParameters(model: ModelPlan, method: Method): number {
  if (method.kind === "full") return model.params;
  const { architecture } = model;
  return (
    method.rank *
    architecture.layers *
    method.targets.reduce((sum, name) => sum + inputsAndOutputs(name, architecture), 0)
  );
}

function inputsAndOutputs(
  name: string,
  { hiddenSize: h, intermediateSize: f, heads, kvHeads, headDim }: Architecture,
): number {
  switch (name) {
    case "gate_proj":
    case "up_proj":
    case "down_proj":
    case "w1":
    case "w2":
    case "w3":
    case "dense_4h_to_h":
      return h + f;
    case "gate_up_proj":
    case "dense_h_to_4h":
      return h + 2 * f;
    case "q_proj":
    case "o_proj":
    case "wo":
    case "dense":
      return h + heads * headDim;
    case "k_proj":
    case "v_proj":
      return h + kvHeads * headDim;
    case "c_proj":
      // The first Qwen calls the output of its attention and that of its MLP alike.
      return h + heads * headDim + h + f;
    default:
      return h + (heads + 2 * kvHeads) * headDim;
  }
}

interface States {
  readonly resident: number;
  readonly step: number;
}

function statesOf({ model, method, precision, hardware, zero }: MemoryQuestion): States {
  const world = hardware.gpus;
  const shard = (fromStage: number): number => (zero.stage >= fromStage ? world : 1);
  const width = precision.kind === "fp32" ? 4 : 2;
  const trained = trainableParameters(model, method);
  const frozen =
    method.kind === "full" ? 0 : frozenBytes(model, method, width) / (method.kind === "qlora" ? 1 : shard(3));
  const offloaded = zero.offload.kind !== "none";
  const weights = zero.offload.kind === "all" ? 0 : (width * trained) / shard(3);
  const gradients = offloaded ? 0 : (width * trained) / shard(2);
  // fp32 master copy and Adam's two moments; in fp32 the weights are their own master.
  const optimizer = offloaded ? 0 : ((precision.kind === "fp32" ? 8 : 12) * trained) / shard(1);
  const fragmentation = zero.stage === 3 ? 1.08 : 1;
  return {
    resident: (weights + gradients + optimizer) * fragmentation + (zero.offload.kind === "all" ? 0 : frozen),
    step: offloaded ? 0 : (4 * trained) / shard(1),
  };
}

/** NF4 with double quantisation: 0.516 bytes a linear parameter (Dettmers et al. 2023); embeddings stay at 16 bit. */
function frozenBytes(model: ModelPlan, method: Method, width: number): number {
  if (method.kind !== "qlora") return width * model.params;
  return 0.516 * (model.params - model.embeddingParams) + width * model.embeddingParams;
}

function buffersOf({ model, method, precision, zero, bucket }: MemoryQuestion): number {
  const width = precision.kind === "fp32" ? 4 : 2;
  if (zero.stage === 0) return 0;
  if (zero.stage < 3) return 2 * bucket * width;
  const { architecture, params, embeddingParams } = model;
  const layer = (params - embeddingParams) / architecture.layers;
  const head = architecture.vocabSize * architecture.hiddenSize;
  const gathered = 2 * layer + embeddingParams;
  const gradients = method.kind === "full" ? Math.max(layer, head) + layer : 0;
  return width * (gathered + gradients) + 0.5e9;
}

function activationsOf({ model, task, precision, micro, hardware }: MemoryQuestion): {
  kept: number;
  live: number;
  logits: number;
} {
  const { hiddenSize: h, intermediateSize: f, layers, heads, vocabSize } = model.architecture;
  const scale = precision.kind === "fp32" ? 2 : 1;
  if (task.kind === "sft") {
    const tokens = micro * task.seqLen;
    const attention = hardware.flashAttention ? 0 : 5 * heads * task.seqLen;
    return {
      kept: scale * 2 * h * layers * tokens,
      live: scale * (23 * h + 12 * f + attention) * tokens,
      // Upcast logits, their shifted copy and the gradient of the log-softmax.
      logits: 14.5 * vocabSize * tokens,
    };
  }
  const passages = micro * task.trainGroupSize * task.passageMaxLen;
  const queries = micro * task.queryMaxLen;
  const longest = Math.max(task.passageMaxLen, task.queryMaxLen);
  return {
    kept: scale * 2 * h * layers * (passages + queries),
    live: scale * (24 * h + 5 * f + 7 * heads * longest) * passages,
    logits: 0,
  };
}

/** CUDA context 0.55 GiB; NCCL 0.9 GiB in a node, 1.4 over several. */
function contextOf({ gpus, nodes }: Hardware): Bytes {
  return bytes((0.65 + (nodes > 1 ? 1.4 : gpus > 1 ? 0.9 : 0)) * GiB);
}
