import { checkConfig, type Config, type ConfigReason, isObject } from "./config-schema.ts";
import type { FamilyId } from "./families.ts";
import type { Architecture, Bias, LatentAttention, MixtureOfExperts, Top } from "./models.ts";
import { countParameters, isCounted, isEncoder } from "./parameters.ts";

export type { ConfigReason } from "./config-schema.ts";

/** What a `config.json` says, or the first thing in it that can't be used. */
export type ConfigReading =
  | {
      readonly ok: true;
      readonly architecture: Architecture;
      /** Null where the file does not tell: nothing in a BERT config says that it is a bge model. */
      readonly family: FamilyId | null;
      readonly params: number;
      /** False where layers were assumed (an unknown `model_type`) or left out (a vision tower). */
      readonly exact: boolean;
      /** The `quant_method` of weights that are stored quantized. */
      readonly quantization: string | null;
    }
  | { readonly ok: false; readonly reason: ConfigReason };

/** More than any model has; past it the count stops being a whole number. */
const MOST_PARAMETERS = 1e15;

/** Reads the parsed `config.json` of a Hugging Face model; takes any JSON value. */
export function architectureFromConfig(json: unknown): ConfigReading {
  if (!isObject(json)) return refuse({ code: "not-an-object" });
  const text = json["text_config"];
  const nested = json["hidden_size"] == null && isObject(text);
  const checked = nested
    ? checkConfig({ model_type: json["model_type"], ...text }, "text_config.")
    : checkConfig(json, "");
  if (!checked.ok) return checked;
  const { config, keyOf } = checked;
  for (const key of required) {
    if (valueOf(config, key) === null) return refuse({ code: "missing", key: keyOf(key) });
  }
  const built = build(config, labelsOf(json));
  if ("code" in built) return refuse(named(built, keyOf));
  const params = countParameters(built);
  if (params > MOST_PARAMETERS) return refuse({ code: "too-large", key: keyOf("hidden_size") });
  const partial = nested || json["vision_config"] != null || (config.moe_layer_freq ?? 1) !== 1;
  const quantization = json["quantization_config"];
  const method = isObject(quantization) ? quantization["quant_method"] : null;
  return {
    ok: true,
    architecture: built,
    family: familyOfConfig(built, nested ? text : json),
    params,
    exact: isCounted(built.modelType) && !partial,
    quantization: typeof method === "string" ? method : null,
  };
}

const refuse = (reason: ConfigReason): ConfigReading => ({ ok: false, reason });

type Key = keyof Config;

const required = [
  "hidden_size",
  "num_hidden_layers",
  "num_attention_heads",
  "intermediate_size",
  "vocab_size",
  "max_position_embeddings",
] as const satisfies readonly Key[];

type Shape = Readonly<Partial<Record<(typeof required)[number] | "num_key_value_heads" | "head_dim", number>>>;

/** What the config classes of transformers fill in for keys that published files leave out. */
const defaults: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["gemma", { head_dim: 256 }],
  ["gemma2", { head_dim: 256 }],
  [
    "gemma3_text",
    {
      num_attention_heads: 8,
      num_key_value_heads: 4,
      head_dim: 256,
      vocab_size: 262208,
      max_position_embeddings: 131072,
    },
  ],
  ["qwen3", { head_dim: 128 }],
  ["glm", { head_dim: 128 }],
  ["glm4", { head_dim: 128 }],
]);

const valueOf = (config: Config, key: keyof Shape): number | null =>
  config[key] ?? defaults.get(config.model_type ?? "")?.[key] ?? null;

/** A reason with our names for the keys. */
type Refusal =
  | { readonly code: "missing" | "too-large" | "not-a-count"; readonly key: Key }
  | { readonly code: "not-divisible"; readonly key: Key; readonly by: Key };

const named = (refusal: Refusal, keyOf: (key: Key) => string): ConfigReason =>
  refusal.code === "not-divisible"
    ? { code: refusal.code, key: keyOf(refusal.key), by: keyOf(refusal.by) }
    : { code: refusal.code, key: keyOf(refusal.key) };

function build(config: Config, labels: number): Architecture | Refusal {
  const value = (key: keyof Shape): number => valueOf(config, key) ?? 0;
  const modelType = config.model_type ?? "unknown";
  const [hiddenSize, heads, layers] = [value("hidden_size"), value("num_attention_heads"), value("num_hidden_layers")];
  const kvHeads = valueOf(config, "num_key_value_heads") ?? heads;
  const mla = latentAttention(config);
  if (mla !== null && "code" in mla) return mla;
  const headDim = valueOf(config, "head_dim") ?? hiddenSize / heads;
  if (mla === null && !Number.isInteger(headDim))
    return { code: "not-divisible", key: "hidden_size", by: "num_attention_heads" };
  if (heads % kvHeads !== 0) return { code: "not-divisible", key: "num_attention_heads", by: "num_key_value_heads" };
  const encoder = isEncoder(modelType);
  // Qwen (1) stores the width of both halves of its gated MLP together.
  const intermediateSize = value("intermediate_size") / (modelType === "qwen" ? 2 : 1);
  if (!Number.isInteger(intermediateSize)) return { code: "not-a-count", key: "intermediate_size" };
  const moe = mixture(config, layers, intermediateSize);
  if (moe !== null && "code" in moe) return moe;
  const positions = value("max_position_embeddings");
  const top = topOf(config, encoder);
  const biases = biasesOf(config, modelType);
  return {
    modelType,
    hiddenSize,
    layers,
    heads,
    kvHeads,
    headDim: mla === null ? headDim : mla.nopeHeadDim + mla.ropeHeadDim,
    intermediateSize,
    vocabSize: value("vocab_size"),
    tiedEmbeddings: config.tie_word_embeddings ?? (encoder || modelType.startsWith("gemma")),
    // RoBERTa starts to count positions behind its padding token, so two rows of the table are never used.
    maxPositions: encoder && modelType !== "bert" ? Math.max(1, positions - 2) : positions,
    top,
    ...(encoder ? { positionTable: positions, tokenTypes: config.type_vocab_size ?? 2 } : {}),
    ...(top === "classifier" || top === "score" ? { labels } : {}),
    ...(biases === null ? {} : { biases }),
    ...(moe === null ? {} : { moe }),
    ...(mla === null ? {} : { mla }),
  };
}

function topOf(config: Config, encoder: boolean): Top {
  const [name = ""] = config.architectures ?? [];
  if (name.endsWith("ForSequenceClassification")) return encoder ? "classifier" : "score";
  if (encoder) return "pooler";
  // ChatGLM's list names the bare model and yet means the one with the head.
  return name.endsWith("Model") && !/LMHeadModel$|^ChatGLM/.test(name) ? "none" : "language-model";
}

/** The number of labels as transformers finds it: from `id2label`, and 2 where there is none. */
function labelsOf(json: Readonly<Record<string, unknown>>): number {
  const labels = json["id2label"];
  const count = isObject(labels) ? Object.keys(labels).length : json["num_labels"];
  return typeof count === "number" && Number.isInteger(count) && count > 0 && count < 1e6 ? count : 2;
}

/** The biases where the config speaks of them, else null: then the model type decides. */
function biasesOf(config: Config, modelType: string): readonly Bias[] | null {
  if (modelType === "qwen" || modelType === "qwen2") return null;
  const pairs: readonly (readonly [boolean | null | undefined, readonly Bias[]])[] =
    modelType === "internlm2"
      ? [[config.bias, ["qkv", "output"]]]
      : modelType === "internlm3"
        ? [
            [config.qkv_bias, ["qkv"]],
            [config.bias, ["output", "mlp"]],
          ]
        : [
            [config.attention_bias, modelType === "glm" || modelType === "glm4" ? ["qkv"] : ["qkv", "output"]],
            [config.mlp_bias, ["mlp"]],
            [config.qkv_bias, ["qkv"]],
            [config.add_bias_linear === true ? true : null, ["qkv", "output", "mlp"]],
          ];
  const said = pairs.filter(([value]) => value != null);
  return said.length === 0 ? null : [...new Set(said.flatMap(([value, biases]) => (value === true ? biases : [])))];
}

function mixture(config: Config, layers: number, dense: number): MixtureOfExperts | Refusal | null {
  const experts = config.num_experts ?? 0;
  if (experts === 0) return null;
  const expertsPerToken = config.num_experts_per_tok;
  if (expertsPerToken == null) return { code: "missing", key: "num_experts_per_tok" };
  if (expertsPerToken > experts) return { code: "too-large", key: "num_experts_per_tok" };
  const intermediateSize = config.moe_intermediate_size ?? dense;
  const only = new Set(config.mlp_only_layers ?? []);
  const step = config.decoder_sparse_step ?? 1;
  const first = config.first_k_dense_replace ?? 0;
  const isDense = (layer: number): boolean => layer < first || only.has(layer) || (layer + 1) % step !== 0;
  return {
    experts,
    expertsPerToken,
    intermediateSize,
    sharedIntermediateSize: config.shared_expert_intermediate_size ?? (config.n_shared_experts ?? 0) * intermediateSize,
    denseLayers: Array.from({ length: layers }, (_, layer) => layer).filter(isDense).length,
  };
}

function latentAttention(config: Config): LatentAttention | Refusal | null {
  if (config.kv_lora_rank == null) return null;
  const { qk_nope_head_dim: nope, qk_rope_head_dim: rope, v_head_dim: value } = config;
  if (nope == null) return { code: "missing", key: "qk_nope_head_dim" };
  if (rope == null) return { code: "missing", key: "qk_rope_head_dim" };
  if (value == null) return { code: "missing", key: "v_head_dim" };
  return {
    queryRank: config.q_lora_rank ?? null,
    keyValueRank: config.kv_lora_rank,
    nopeHeadDim: nope,
    ropeHeadDim: rope,
    valueHeadDim: value,
  };
}

const familyOfType: ReadonlyMap<string, FamilyId> = new Map<string, FamilyId>([
  ["qwen", "qwen"],
  // Qwen 1.5, 2 and 2.5 can't be told apart by their configs; what follows from the family is the same.
  ["qwen2", "qwen2"],
  ["qwen2_moe", "qwen1.5-moe"],
  ["qwen3", "qwen3"],
  ["qwen3_moe", "qwen3-moe"],
  ["mistral", "mistral"],
  ["mixtral", "mixtral"],
  ["gemma", "gemma"],
  ["gemma2", "gemma2"],
  ["gemma3_text", "gemma3"],
  ["internlm2", "internlm2"],
  ["internlm3", "internlm3"],
  ["baichuan", "baichuan2"],
  ["chatglm", "chatglm"],
  ["glm", "glm-4"],
  ["glm4", "glm-4-0414"],
  ["deepseek_v2", "deepseek-v2"],
  ["deepseek_v3", "deepseek-v3"],
]);

function familyOfConfig(
  { modelType, vocabSize, positionTable, top }: Architecture,
  raw: Readonly<Record<string, unknown>>,
): FamilyId | null {
  if (modelType === "llama") return llamaFamily(vocabSize, raw);
  if (modelType === "phi3") return vocabSize === 200064 ? "phi-4-mini" : vocabSize === 100352 ? "phi-4" : "phi-3";
  if (modelType === "xlm-roberta" && top === "classifier")
    return positionTable === 8194 ? "bge-reranker-v2-m3" : "bge-reranker";
  if (modelType === "xlm-roberta" && positionTable === 8194) return "bge-m3";
  return familyOfType.get(modelType) ?? null;
}

/** Llama's code serves many models; their vocabularies tell them apart. */
function llamaFamily(vocabSize: number, raw: Readonly<Record<string, unknown>>): FamilyId | null {
  if (vocabSize === 32000) return "llama-2";
  if (vocabSize === 64000) return "yi";
  if (vocabSize !== 128256) return null;
  const rope = [raw["rope_scaling"], raw["rope_parameters"]].find(isObject);
  return rope?.["rope_type"] === "llama3" ? "llama-3.1" : "llama-3";
}
