import type { Constants } from "./constants.ts";
import { type MemoryJob, tokensOf } from "./job.ts";
import { computeWidth } from "./states.ts";

/** Bytes that depend on the data of one micro step. */
export interface Activations {
  /** What the forward pass leaves for the backward pass: checkpoints, or everything. */
  readonly kept: number;
  /** What one layer needs while it is computed again and differentiated. */
  readonly live: number;
  /** A second copy of the checkpoints, which adapters under FSDP keep in the backward pass. */
  readonly copied: number;
  /** Logits with the copies that the loss makes of them; the scores of a contrastive loss. */
  readonly logits: number;
}

/**
 * Activations after Korthikanti et al. 2022 (arXiv 2205.05198), with the terms of an RMSNorm/SwiGLU layer counted anew;
 * checkpoints are 2 bytes a hidden unit, layer and token.
 */
export function activationsOf(job: MemoryJob, constants: Constants): Activations {
  const { shape, work, checkpointing } = job;
  const tokens = tokensOf(work);
  const { stored, live } = shape.kind === "encoder" ? encoderLayer(job) : decoderLayer(job);
  const checkpoint = checkpointBytes(job);
  const kept = job.activationsOffloaded ? 0 : shape.layers * tokens * (checkpointing ? checkpoint : stored);
  const doubled = job.engine.kind === "fsdp" && job.trained.kind === "adapters" && checkpointing;
  return {
    kept,
    // Without checkpoints only the gradients of the layer at hand come on top of what is stored.
    live: tokens * (checkpointing ? live : live - stored),
    copied: doubled ? shape.layers * tokens * checkpoint : 0,
    logits: logitBytes(job, tokens, constants),
  };
}

function checkpointBytes({ shape, scheme, trained }: MemoryJob): number {
  const fp32 = scheme === "fp32" || (trained.kind === "adapters" && trained.castUp !== "nothing");
  return (fp32 ? 4 : 2) * shape.hidden;
}

interface Layer {
  readonly stored: number;
  readonly live: number;
}

/** Bytes a token of one decoder layer: kept without checkpointing, and alive while it is differentiated. */
function decoderLayer({ shape, scheme, flashAttention, fusedKernels, work }: MemoryJob): Layer {
  const { hidden: h, ffn: f, heads, kvHeads, headDim, mlp, expertsPerToken } = shape;
  const wide = computeWidth(scheme) / 2;
  const length = lengthOf(work);
  const attention = flashAttention ? 0 : 5 * heads * length * wide;
  // Query, output and their gradients are as wide as the heads together, keys and values as the grouped ones.
  const projections = 5 * heads * headDim + 4 * kvHeads * headDim;
  const routed = expertsPerToken > 0 ? 4 * expertsPerToken * h : 0;
  // Outside fused kernels keys and values are repeated for every query head before attention saves them.
  const saved = 5 * heads * headDim + 4 * (fusedKernels ? kvHeads : heads) * headDim;
  const stored = 15 * h + saved + (mlp === "gated" ? 8 : 4) * f + routed;
  // Norms and rotary positions outside fused kernels keep fp32 copies: 10 h.
  const live = 17 * h + projections + (fusedKernels ? 0 : 10 * h) + (mlp === "gated" ? 12 : 6) * f + routed;
  return { stored: stored * wide + attention, live: Math.max(live, stored) * wide + attention };
}

/** The same of BERT's kind: dropout masks of a byte, LayerNorm, and probabilities kept three times without flash attention. */
function encoderLayer({ shape, scheme, flashAttention, work }: MemoryJob): Layer {
  const { hidden: h, ffn: f, heads } = shape;
  const width = computeWidth(scheme);
  const length = lengthOf(work);
  // Under autocast softmax, dropout and LayerNorm stay in fp32, and the product casts its input once more.
  const autocast = scheme === "amp";
  const probabilities = autocast ? 11 : 2 * width + 1;
  const attention = flashAttention ? 0 : probabilities * heads * length;
  const stored = 8 * width * h + 2 * h + (autocast ? 8 * h : 0) + 2 * width * f + attention;
  return { stored, live: stored + 4 * width * h + 2 * width * f + attention };
}

function lengthOf(work: MemoryJob["work"]): number {
  if (work.kind === "tokens") return work.length;
  return work.crossEncoder ? work.queryLength + work.passageLength : Math.max(work.queryLength, work.passageLength);
}

/**
 * bge-m3's lexical head spreads the weights of a batch over the whole vocabulary, token by token, twice; its token vectors
 * are fp32, and so are the scores of every query token with every passage token of this GPU.
 * Source: FlagOpen/FlagEmbedding FlagEmbedding/finetune/embedder/encoder_only/m3/modeling.py.
 */
function multiVectorBytes(
  { vocab, hidden }: MemoryJob["shape"],
  work: Extract<MemoryJob["work"], { kind: "contrastive" }>,
  width: number,
): number {
  const queryTokens = work.queries * work.queryLength;
  const passageTokens = work.passages * work.passageLength;
  const lexical = 2 * width * vocab * Math.max(queryTokens, passageTokens);
  const tokenScores = 2 * 4 * queryTokens * passageTokens;
  return 3 * 4 * hidden * (queryTokens + passageTokens) + Math.max(lexical, tokenScores);
}

/** Bytes a logit, by the loss path and by who upcasts. */
function logitBytes({ shape, scheme, loss, work, engine, trained }: MemoryJob, tokens: number, c: Constants): number {
  if (work.kind === "contrastive") {
    const compared = work.passages * work.comparedOver;
    if (work.crossEncoder) return 4 * work.passages;
    const gathered = (compared + work.queries * work.comparedOver) * shape.hidden * computeWidth(scheme);
    const scores = gathered + 3 * 4 * work.queries * work.comparedOver * compared;
    return scores + (work.multiVector ? multiVectorBytes(shape, work, computeWidth(scheme)) : 0);
  }
  const autocast = engine.kind !== "deepspeed";
  const full = shape.upcastsLogits ? c.fullLogits : autocast ? c.lateUpcastLogits : c.halfLogits;
  // The final norm keeps its input, and the head its own.
  const norm = 6 * shape.hidden * tokens;
  switch (loss) {
    case "none":
      return 0;
    case "full":
      return (scheme === "fp32" ? 16 : full) * shape.vocab * tokens + norm;
    case "fused":
      return c.fusedLogits * shape.vocab * tokens + norm;
    case "chunked":
      return c.chunkedLogits * shape.vocab * tokens + norm;
    case "linear":
      return norm + (trained.kind === "all" ? 2 * shape.vocab * shape.hidden : 0);
  }
}
