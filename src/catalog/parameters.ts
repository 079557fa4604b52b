import type { Architecture, Bias } from "./models.ts";

/** What the layers of a model type have beyond those of Llama. */
interface Traits {
  readonly biases: readonly Bias[];
  /** Norm weights of width `hiddenSize` in each layer. */
  readonly norms: number;
  /** Query and key norms of width `headDim` in each layer. */
  readonly headNorms: boolean;
  /** A gate of width `hiddenSize` in front of the shared expert. */
  readonly sharedGate: boolean;
}

const llama: Traits = { biases: [], norms: 2, headNorms: false, sharedGate: false };
const qwen2: Traits = { ...llama, biases: ["qkv"] };
const qwen3: Traits = { ...llama, headNorms: true };

const decoders: ReadonlyMap<string, Traits> = new Map([
  ["llama", llama],
  ["mistral", llama],
  ["mixtral", llama],
  ["phi3", llama],
  ["internlm2", llama],
  ["internlm3", llama],
  ["baichuan", llama],
  ["deepseek_v2", llama],
  ["deepseek_v3", llama],
  ["qwen", qwen2],
  ["qwen2", qwen2],
  ["qwen2_moe", { ...qwen2, sharedGate: true }],
  ["qwen3", qwen3],
  ["qwen3_moe", qwen3],
  ["glm", qwen2],
  ["chatglm", qwen2],
  ["glm4", { ...qwen2, norms: 4 }],
  ["gemma", llama],
  ["gemma2", { ...llama, norms: 4 }],
  ["gemma3_text", { ...llama, norms: 4, headNorms: true }],
]);

const encoders: ReadonlySet<string> = new Set(["bert", "roberta", "xlm-roberta"]);

/** Whether the count of a model type is exact; any other type is counted as a Llama-like decoder. */
export const isCounted = (modelType: string): boolean => decoders.has(modelType) || encoders.has(modelType);

/** Whether a model type is one of BERT's kind: learned positions, LayerNorm, biases everywhere. */
export const isEncoder = (modelType: string): boolean => encoders.has(modelType);

/** All parameters of the module that `from_pretrained` builds; buffers do not count. */
export const countParameters = (architecture: Architecture): number =>
  isEncoder(architecture.modelType) ? countEncoder(architecture) : countDecoder(architecture);

/** Parameters one token passes through: all but the experts the router leaves out. */
export function countActiveParameters(architecture: Architecture): number {
  const { moe, layers, hiddenSize } = architecture;
  const all = countParameters(architecture);
  if (moe === undefined) return all;
  const idle = moe.experts - moe.expertsPerToken;
  return all - (layers - moe.denseLayers) * idle * 3 * hiddenSize * moe.intermediateSize;
}

/** The token embedding, and the language-model head where it has weights of its own. */
export function countEmbeddingParameters({ vocabSize, hiddenSize, top, tiedEmbeddings }: Architecture): number {
  const copies = top === "language-model" && !tiedEmbeddings ? 2 : 1;
  return copies * vocabSize * hiddenSize;
}

function countDecoder(architecture: Architecture): number {
  const { hiddenSize: h, layers, headDim, top, moe } = architecture;
  const traits = decoders.get(architecture.modelType) ?? llama;
  const biases = architecture.biases ?? traits.biases;
  const norms = traits.norms * h + (traits.headNorms ? 2 * headDim : 0);
  const dense = gatedMlp(h, architecture.intermediateSize, biases);
  const sparse = moe === undefined ? 0 : mixture(architecture, traits);
  const denseLayers = moe === undefined ? layers : moe.denseLayers;
  return (
    countEmbeddingParameters(architecture) +
    layers * (attention(architecture, biases) + norms) +
    denseLayers * dense +
    (layers - denseLayers) * sparse +
    h +
    (top === "score" ? h * (architecture.labels ?? 1) : 0)
  );
}

function attention(architecture: Architecture, biases: readonly Bias[]): number {
  const { hiddenSize: h, heads, kvHeads, headDim, mla } = architecture;
  if (mla === undefined) {
    const [queries, keysAndValues] = [heads * headDim, 2 * kvHeads * headDim];
    const bias = (biases.includes("qkv") ? queries + keysAndValues : 0) + (biases.includes("output") ? h : 0);
    return h * (2 * queries + keysAndValues) + bias;
  }
  const { queryRank: q, keyValueRank: kv, nopeHeadDim, ropeHeadDim, valueHeadDim } = mla;
  const width = heads * (nopeHeadDim + ropeHeadDim);
  const query = q === null ? h * width : q * (h + 1 + width);
  const keyValue = h * (kv + ropeHeadDim) + kv + kv * heads * (nopeHeadDim + valueHeadDim);
  // DeepSeek's attention_bias puts biases on the two down projections and the output, on nothing else.
  const bias = (biases.includes("qkv") ? (q ?? 0) + kv + ropeHeadDim : 0) + (biases.includes("output") ? h : 0);
  return query + keyValue + heads * valueHeadDim * h + bias;
}

const gatedMlp = (hidden: number, width: number, biases: readonly Bias[]): number =>
  3 * hidden * width + (biases.includes("mlp") ? 2 * width + hidden : 0);

function mixture({ hiddenSize: h, moe }: Architecture, traits: Traits): number {
  if (moe === undefined) return 0;
  const router = h * moe.experts;
  const gate = traits.sharedGate && moe.sharedIntermediateSize > 0 ? h : 0;
  return router + gate + 3 * h * (moe.experts * moe.intermediateSize + moe.sharedIntermediateSize);
}

function countEncoder(architecture: Architecture): number {
  const { hiddenSize: h, layers, intermediateSize, vocabSize, positionTable = 0, tokenTypes = 0, top } = architecture;
  const norm = 2 * h;
  const embeddings = (vocabSize + positionTable + tokenTypes) * h + norm;
  const layer = 4 * (h * h + h) + 2 * h * intermediateSize + intermediateSize + h + 2 * norm;
  const dense = h * h + h;
  const head = { pooler: dense, classifier: dense + (h + 1) * (architecture.labels ?? 1) };
  return embeddings + layers * layer + (top === "pooler" || top === "classifier" ? head[top] : 0);
}
