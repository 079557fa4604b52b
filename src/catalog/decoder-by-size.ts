import type { Architecture } from "./models.ts";
import { countParameters } from "./parameters.ts";

interface Shape {
  readonly params: number;
  readonly layers: number;
  readonly hiddenSize: number;
}

/** Real models between which depth and width are interpolated, smallest first; their rows stand in `models.json`. */
const shapes: readonly Shape[] = [
  { params: 494032768, layers: 24, hiddenSize: 896 }, // Qwen2.5-0.5B
  { params: 1720574976, layers: 28, hiddenSize: 2048 }, // Qwen3-1.7B
  { params: 4022468096, layers: 36, hiddenSize: 2560 }, // Qwen3-4B
  { params: 8190735360, layers: 36, hiddenSize: 4096 }, // Qwen3-8B
  { params: 14768307200, layers: 40, hiddenSize: 5120 }, // Qwen3-14B
  { params: 32762123264, layers: 64, hiddenSize: 5120 }, // Qwen3-32B
  { params: 72706203648, layers: 80, hiddenSize: 8192 }, // Qwen2.5-72B
  { params: 405853388800, layers: 126, hiddenSize: 16384 }, // Llama-3.1-405B
];

/** Beyond the ends the width grows with the square root of the size and the depth hardly. */
const OUTSIDE = { width: 0.5, depth: 0.1 };

/**
 * A plausible dense decoder with grouped queries of about `params` parameters, for a model of which nothing but the
 * size is known. Depth and width lie between those of real models; the MLP's width makes the count come out, within
 * 2 % from 0.1 to 500 billion. `params` must be a positive finite number, as from `parseModelSize`.
 */
export function decoderOfSize(params: number): Architecture {
  const { layers, hiddenSize: width } = between(params);
  const headDim = width < 1280 ? 64 : 128;
  const kvHeads = params < 5e9 ? 2 : 8;
  const step = headDim * kvHeads;
  const hiddenSize = Math.max(1, Math.round(width / step)) * step;
  const decoder: Architecture = {
    modelType: "llama",
    hiddenSize,
    layers,
    heads: hiddenSize / headDim,
    kvHeads,
    headDim,
    intermediateSize: 0,
    // A large vocabulary, as new models have: its logits are the part of the memory one would rather not forget.
    vocabSize: params < 1e8 ? 32000 : 151936,
    tiedEmbeddings: params < 5e9,
    maxPositions: 32768,
    top: "language-model",
  };
  const missing = params - countParameters(decoder);
  const intermediateSize = Math.max(1, Math.round(missing / (3 * hiddenSize * layers) / 64)) * 64;
  return { ...decoder, intermediateSize };
}

/** Reads `7B`, `1.8b`, `350M`, `0.5 B`, also in full-width characters; null for anything else or outside 1M to 10T. */
export function parseModelSize(text: string): number | null {
  const match = /^(\d{1,6}(?:\.\d{1,6})?)\s*([mbt])$/.exec(text.normalize("NFKC").trim().toLowerCase());
  if (match === null) return null;
  const unit = { m: 1e6, b: 1e9, t: 1e12 }[match[2] as "m" | "b" | "t"];
  const params = Math.round(Number(match[1]) * unit);
  return params >= 1e6 && params <= 1e13 ? params : null;
}

function between(params: number): Pick<Shape, "layers" | "hiddenSize"> {
  const above = shapes.findIndex((shape) => params <= shape.params);
  const [low, high] = [shapes[above - 1], shapes[above]];
  if (low !== undefined && high !== undefined) {
    const t = Math.log(params / low.params) / Math.log(high.params / low.params);
    return {
      layers: Math.round(low.layers * (high.layers / low.layers) ** t),
      hiddenSize: low.hiddenSize * (high.hiddenSize / low.hiddenSize) ** t,
    };
  }
  const end = (high ?? shapes.at(-1)) as Shape;
  const ratio = params / end.params;
  return {
    layers: Math.max(2, Math.round(end.layers * ratio ** OUTSIDE.depth)),
    hiddenSize: end.hiddenSize * ratio ** OUTSIDE.width,
  };
}
