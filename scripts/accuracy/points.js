// Reads published measurements, as the calibration file writes them, into jobs of the memory model.
import { adapterParameters, deepspeedDefaults } from "../../dist/index.js";

const GIB = 2 ** 30;

/** What a framework can see of cards by their advertised GB, where the catalogue's row is not meant. */
const usable = {
  10: 9.77,
  12: 11.75,
  16: 15.77,
  24: 23.6,
  32: 31.7,
  40: 39.4,
  48: 44.4,
  64: 60.97,
  80: 79.2,
  94: 93.0,
  96: 94.5,
  141: 139.7,
};

/** Usable bytes of a card of that many advertised GB; null where the source does not say. */
export const cardBytes = (memoryGB, id) => {
  if (memoryGB === null || memoryGB === undefined) return null;
  if (id === "t4") return 14.58 * GIB;
  if (id === "a10" || id === "a10g") return 22.2 * GIB;
  return (usable[memoryGB] ?? memoryGB * 0.98) * GIB;
};

/** Usable sizes of the cards that people rent, GiB: the ladder of the adjacent-card column. */
export const ladder = [9.77, 11.75, 15.77, 23.6, 31.7, 39.4, 47.5, 60.97, 79.2, 93.0, 139.7].map((gib) => gib * GIB);

const schemes = {
  "bf16-pure": "pure",
  "fp16-pure": "pure",
  "bf16-ds": "master",
  "fp16-ds": "master",
  fp32: "fp32",
  "fp16-amp": "amp",
  "bf16-amp": "amp",
  "fsdp-fp32-master": "sharded-fp32",
};
const quantizations = {
  nf4: "nf4",
  "nf4-nodq": "nf4-single",
  "gptq-int4": "int4",
  "awq-int4": "int4",
  "gptq-int8": "int8",
  int8: "int8",
  "bnb-int8": "int8",
};
const losses = {
  hf: "full",
  fused: "fused",
  liger: "linear",
  cce: "linear",
  chunked: "chunked",
  "litgpt-chunked": "full",
  none: "none",
};

/** Layers by the names the sources use; `all` are the seven linear layers of a gated decoder. */
function targetNames(targets, arch) {
  const mlp = arch.mlp === "gelu" ? ["dense_h_to_4h_plain", "w2"] : ["gate_proj", "up_proj", "down_proj"];
  return targets.flatMap((name) => {
    if (name.startsWith("all")) return ["q_proj", "k_proj", "v_proj", "o_proj", ...mlp];
    if (name === "mlp") return mlp;
    return [name === "dense_h_to_4h_plain" ? "w1" : name];
  });
}

/** Who casts a quantized model up: ms-swift 2 and axolotl call PEFT's function; fms's baseline leaves embeddings as they are. */
function castUpOf({ fmsConfig, quant, distributed, stack = "", source }) {
  if (quant === null || distributed.framework !== "none") return "nothing";
  if (fmsConfig === "baseline-peft-bnb") return "hidden-states";
  const prepared = /^nf4/.test(quant) && (/^axolotl/.test(stack) || /Benchmark\.md/.test(source));
  return prepared ? "embeddings" : "nothing";
}

/**
 * Who steps how. torchtune asks for torch's fused AdamW; LLaMA-Factory hands torch's own to DeepSpeed, whatever the source
 * says of fp32 states; Qwen's README states torch 2.0.
 */
function optimizerOf({ optimizer, stack = "", source }) {
  if (/8bit/.test(optimizer)) return "adamw-8bit";
  if (optimizer === "adafactor") return "adafactor";
  if (/LLaMA-Factory/.test(stack)) return "adamw";
  if (optimizer === "adamw-ds" || optimizer === "adamw-hf" || /torchtune/.test(stack)) return "adamw-fused";
  return /PyTorch 2\.0/.test(source) ? "adamw-torch-2.0" : "adamw";
}

/** Rows of tokens, or the queries and passages of a contrastive step. */
function workOf({ microBatch, seqLen, contrastive }) {
  if (contrastive === undefined) return { kind: "tokens", rows: microBatch, length: seqLen };
  return {
    kind: "contrastive",
    queries: microBatch,
    queryLength: contrastive.queryLength,
    passages: microBatch * contrastive.group,
    passageLength: seqLen,
    crossEncoder: false,
    multiVector: false,
    comparedOver: 1,
  };
}

/** One measurement as a job. */
export function jobOf(point) {
  const { arch, distributed: at, lora, precision, stack = "" } = point;
  const firstQwen = /^qwen-\d/.test(point.model);
  const architecture = {
    hiddenSize: arch.hidden,
    intermediateSize: arch.ffn,
    heads: arch.heads,
    kvHeads: arch.kvHeads,
    headDim: arch.headDim,
    layers: arch.layers,
  };
  const tied = arch.tied || arch.kind === "encoder";
  const scheme = schemes[precision] ?? "pure";
  // QwenLM/Qwen finetune/ds_config_zero{2,3}.json; "auto" is the square of the hidden size.
  const square = arch.hidden ** 2;
  const buckets = !/^qwen/.test(stack)
    ? deepspeedDefaults
    : at.zeroStage === 3
      ? { ...deepspeedDefaults, reduce: square, prefetch: 0.9 * square }
      : { ...deepspeedDefaults, reduce: 2e8, allgather: 2e8 };
  return {
    shape: {
      params: arch.paramsB * 1e9,
      embeddingParams: (tied ? 1 : 2) * arch.vocab * arch.hidden,
      layers: arch.layers,
      hidden: arch.hidden,
      ffn: arch.ffn,
      heads: arch.heads,
      kvHeads: arch.kvHeads,
      headDim: arch.headDim,
      vocab: arch.vocab,
      mlp: arch.mlp === "gelu" ? "plain" : "gated",
      kind: arch.kind,
      expertsPerToken: arch.expertsPerToken ?? 0,
      upcastsLogits: !firstQwen,
    },
    trained:
      point.method === "full"
        ? { kind: "all" }
        : {
            kind: "adapters",
            adapterParams: adapterParameters(lora.rank, targetNames(lora.targets, arch), architecture),
            adapterBytes: lora.dtype === "bf16" ? 2 : 4,
            embeddingCopies: lora.trainEmbeddings,
            quantization: point.quant === null ? null : (quantizations[point.quant] ?? "nf4"),
            castUp: castUpOf(point),
          },
    scheme,
    optimizer: optimizerOf(point),
    optimizerInBackward: point.optimizerInBackward === true,
    engine:
      at.framework === "deepspeed"
        ? {
            kind: "deepspeed",
            stage: at.zeroStage,
            offload: at.offloadParam ? "all" : at.offloadOptimizer ? "optimizer" : "none",
            buckets,
          }
        : at.framework === "fsdp"
          ? { kind: "fsdp", offload: at.offloadParam === true }
          : { kind: at.framework === "ddp" ? "ddp" : "single" },
    gpus: at.gpus,
    nodes: at.nodes ?? 1,
    work: workOf(point),
    // Before torch 2.0 `zero_grad` kept gradients, as zeros.
    accumulation: /perf_train_gpu_one/.test(point.source) ? Math.max(2, point.gradAccum) : (point.gradAccum ?? 1),
    checkpointing: point.gradientCheckpointing,
    activationsOffloaded: point.activationOffload === true,
    flashAttention: point.flashAttention,
    fusedKernels:
      /foak/.test(point.fmsConfig ?? "") || point.crossEntropy === "liger" || /torchtune|litgpt|unsloth/.test(stack),
    loss: losses[point.crossEntropy] ?? "full",
    sameShapes: point.lengths !== "variable",
    context: /v100/.test(point.gpu.id) ? 1.3 * GIB : null,
    card: cardBytes(point.gpu.memoryGB, point.gpu.id),
  };
}
