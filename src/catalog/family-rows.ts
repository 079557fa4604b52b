import { bge, bgeGemma2, bgeIcl, bgeM3, bgeReranker, type EmbedderFacts, plainEncoder } from "./embedders.ts";
import type { ChatFormat, Family, Loading } from "./families.ts";

const llamaTargets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
const attentionTargets = ["q_proj", "k_proj", "v_proj", "o_proj"];

const native = (since: string): Loading => ({ kind: "native", since });
const remote = (since: string, until: string | null): Loading => ({ kind: "remote-code", since, until });

const chatml: ChatFormat = { shipped: true, fallback: "chatml" };
const shipped: ChatFormat = { shipped: true, fallback: null };

const WHEELS = "model folders in the transformers wheels";
const LIGER = "Liger-Kernel 0.8.2 MODEL_TYPE_TO_APPLY_LIGER_FN";
const XTUNER = "xtuner 0.1.23 and 0.2.0 utils/templates.py";
type Row = Omit<Family, "id">;

/** What most rows have; each row says what differs. */
const decoder = {
  publishedDtype: "bfloat16",
  loraTargets: llamaTargets,
  chat: shipped,
  xtunerTemplate: null,
  liger: true,
  moeBlocks: [],
  checkpointingKwargs: true,
  embedder: null,
} as const satisfies Partial<Row>;

function encoder(modelType: string, embedder: EmbedderFacts): Row {
  return {
    ...decoder,
    modelTypes: [modelType],
    // FlagEmbedding asks for 4.44.2 itself; BERT is far older.
    loading: native("4.44.2"),
    publishedDtype: "float32",
    loraTargets: ["query", "key", "value"],
    chat: null,
    liger: false,
    embedder,
    source: `FlagEmbedding 1.4.0 setup.py; ${embedder.source}; peft TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING`,
  };
}

function embeddingDecoder(modelType: string, since: string, embedder: EmbedderFacts): Row {
  return {
    ...decoder,
    modelTypes: [modelType],
    loading: native("4.44.2"),
    publishedDtype: "float32",
    chat: null,
    liger: false,
    embedder,
    source: `FlagEmbedding 1.4.0 setup.py (${modelType} itself: ${since}); ${embedder.source}; FlagEmbedding/inference/embedder/model_mapping.py`,
  };
}

/** One row a family: a new one is one more entry here. */
export const familyRows = {
  qwen: {
    ...decoder,
    modelTypes: ["qwen"],
    loading: remote("4.32.0", "4.37.2"),
    loraTargets: ["c_attn", "c_proj", "w1", "w2"],
    chat: { shipped: false, fallback: "chatml" },
    xtunerTemplate: "qwen_chat",
    liger: false,
    checkpointingKwargs: false,
    source: `QwenLM/Qwen requirements.txt (>=4.32.0,<4.38.0; 4.35 fails with gradient checkpointing), finetune.py; QwenLM/Qwen#661; ${XTUNER}`,
  },
  "qwen1.5": {
    ...decoder,
    modelTypes: ["qwen2"],
    loading: native("4.37.0"),
    chat: chatml,
    xtunerTemplate: "qwen_chat",
    source: `${WHEELS}: qwen2 first in 4.37.0; ${LIGER}; ${XTUNER}`,
  },
  "qwen1.5-moe": {
    ...decoder,
    modelTypes: ["qwen2_moe"],
    loading: native("4.40.0"),
    loraTargets: attentionTargets,
    chat: chatml,
    xtunerTemplate: "qwen_chat",
    liger: false,
    moeBlocks: ["Qwen2MoeSparseMoeBlock"],
    source: `${WHEELS}: qwen2_moe first in 4.40.0 (as the card of Qwen2-57B-A14B says), modeling_qwen2_moe.py 4.57.6 and 5.18.0; ${LIGER}; ${XTUNER}`,
  },
  qwen2: {
    ...decoder,
    modelTypes: ["qwen2"],
    loading: native("4.37.0"),
    chat: chatml,
    xtunerTemplate: "qwen_chat",
    source: `${WHEELS}: qwen2 first in 4.37.0; ${LIGER}; ${XTUNER}`,
  },
  "qwen2.5": {
    ...decoder,
    modelTypes: ["qwen2"],
    loading: native("4.37.0"),
    chat: chatml,
    xtunerTemplate: "qwen_chat",
    source: `${WHEELS}: qwen2 first in 4.37.0; ${LIGER}; ${XTUNER}`,
  },
  qwen3: {
    ...decoder,
    modelTypes: ["qwen3"],
    loading: native("4.51.0"),
    chat: chatml,
    xtunerTemplate: "qwen_chat",
    source: `QwenLM/Qwen3 README (>=4.51.0); ${WHEELS}; ${LIGER}; ${XTUNER} (ChatML; XTuner 0.2.0 itself pins transformers 4.48.0)`,
  },
  "qwen3-moe": {
    ...decoder,
    modelTypes: ["qwen3_moe"],
    loading: native("4.51.0"),
    loraTargets: attentionTargets,
    chat: chatml,
    xtunerTemplate: "qwen_chat",
    moeBlocks: ["Qwen3MoeSparseMoeBlock"],
    source: `QwenLM/Qwen3 README (>=4.51.0); modeling_qwen3_moe.py 4.57.6 and 5.18.0; ${LIGER}; ${XTUNER} (ChatML; XTuner 0.2.0 itself pins transformers 4.48.0)`,
  },
  "llama-2": {
    ...decoder,
    modelTypes: ["llama"],
    loading: native("4.31.0"),
    publishedDtype: "float16",
    xtunerTemplate: "llama2_chat",
    source: `${WHEELS}: num_key_value_heads first in 4.31.0; ${LIGER}; ${XTUNER}`,
  },
  "llama-3": {
    ...decoder,
    modelTypes: ["llama"],
    loading: native("4.40.0"),
    xtunerTemplate: "llama3_chat",
    source: `transformers_version of the published config (4.40.0.dev0); ${LIGER}; ${XTUNER}`,
  },
  "llama-3.1": {
    ...decoder,
    modelTypes: ["llama"],
    loading: native("4.43.0"),
    xtunerTemplate: "llama3_chat",
    source: `${WHEELS}: rope type llama3 first in 4.43.0; ${LIGER}; ${XTUNER}`,
  },
  yi: {
    ...decoder,
    modelTypes: ["llama"],
    loading: native("4.31.0"),
    chat: chatml,
    source: `01-ai/Yi (Llama code, ChatML chat checkpoints); ${LIGER}; ${XTUNER}: no template, its Yi configs use default`,
  },
  mistral: {
    ...decoder,
    modelTypes: ["mistral"],
    loading: native("4.34.0"),
    xtunerTemplate: "mistral",
    source: `${WHEELS}: mistral first in 4.34.0; ${LIGER}; ${XTUNER}`,
  },
  mixtral: {
    ...decoder,
    modelTypes: ["mixtral"],
    loading: native("4.36.0"),
    loraTargets: attentionTargets,
    xtunerTemplate: "mixtral",
    moeBlocks: ["MixtralSparseMoeBlock"],
    source: `${WHEELS}: mixtral first in 4.36.0, modeling_mixtral.py 4.57.6 and 5.18.0; ${LIGER}; ${XTUNER}`,
  },
  gemma: {
    ...decoder,
    modelTypes: ["gemma"],
    loading: native("4.38.0"),
    xtunerTemplate: "gemma",
    source: `${WHEELS}: gemma first in 4.38.0; ${LIGER}; ${XTUNER}`,
  },
  gemma2: {
    ...decoder,
    modelTypes: ["gemma2"],
    loading: native("4.42.0"),
    // Its template renders a system turn, as Gemma 1's does; the models were trained without one.
    xtunerTemplate: "gemma",
    source: `${WHEELS}: gemma2 first in 4.42.0; ${LIGER}; ${XTUNER}`,
  },
  gemma3: {
    ...decoder,
    modelTypes: ["gemma3_text", "gemma3"],
    loading: native("4.50.0"),
    xtunerTemplate: "gemma",
    source: `${WHEELS}: gemma3 first in 4.50.0; ${LIGER}; ${XTUNER} (XTuner 0.2.0 itself pins transformers 4.48.0)`,
  },
  "phi-3": {
    ...decoder,
    modelTypes: ["phi3"],
    loading: native("4.41.0"),
    loraTargets: ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"],
    xtunerTemplate: "phi3_chat",
    source: `${WHEELS}: phi3 first in 4.41.0, modeling_phi3.py; ${LIGER}; ${XTUNER}`,
  },
  "phi-4": {
    ...decoder,
    modelTypes: ["phi3"],
    loading: native("4.41.0"),
    loraTargets: ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"],
    source: `${WHEELS}: phi3 first in 4.41.0, modeling_phi3.py; ${LIGER}; ${XTUNER}: no template (Phi-4 puts <|im_sep|> into ChatML)`,
  },
  "phi-4-mini": {
    ...decoder,
    modelTypes: ["phi3"],
    loading: native("4.49.0"),
    loraTargets: ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"],
    source: `${WHEELS}: partial_rotary_factor in phi3 by 4.49.0, as the model card asks; ${LIGER}; ${XTUNER}: no template without line breaks`,
  },
  internlm2: {
    ...decoder,
    modelTypes: ["internlm2"],
    loading: remote("4.34.0", "4.46.3"),
    loraTargets: ["wqkv", "wo", "w1", "w2", "w3"],
    chat: chatml,
    xtunerTemplate: "internlm2_chat",
    liger: false,
    checkpointingKwargs: null,
    source: `InternLM/InternLM#649 (4.34 works, older does not); tenstorrent/tt-forge-models#770 (4.46.3 works, 5.5 does not); ${XTUNER}`,
  },
  internlm3: {
    ...decoder,
    modelTypes: ["internlm3"],
    loading: remote("4.48.0", null),
    chat: chatml,
    xtunerTemplate: "internlm2_chat",
    liger: false,
    checkpointingKwargs: null,
    source: `model card of internlm3-8b-instruct (>=4.48); not in any transformers wheel up to 5.18.0; ${XTUNER} (the same ChatML turns)`,
  },
  baichuan2: {
    ...decoder,
    modelTypes: ["baichuan"],
    loading: remote("4.29.2", "4.33.3"),
    loraTargets: ["W_pack", "o_proj", "gate_proj", "up_proj", "down_proj"],
    chat: { shipped: false, fallback: null },
    xtunerTemplate: "baichuan2_chat",
    liger: false,
    checkpointingKwargs: false,
    source: `baichuan-inc/Baichuan2#204, #226 and #269 (tokenizer fails from 4.34); ${XTUNER}`,
  },
  chatglm: {
    ...decoder,
    modelTypes: ["chatglm"],
    loading: remote("4.44.0", null),
    loraTargets: ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"],
    chat: { shipped: true, fallback: null },
    liger: false,
    checkpointingKwargs: null,
    source: `THUDM/glm-4-9b remote code (modeling_chatglm.py); peft TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING; ${XTUNER}: chatglm3 differs in its line breaks`,
  },
  "glm-4": {
    ...decoder,
    modelTypes: ["glm"],
    loading: native("4.46.0"),
    loraTargets: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_up_proj", "down_proj"],
    liger: false,
    source: `${WHEELS}: glm first in 4.46.0, modeling_glm.py; ${LIGER}; ${XTUNER}: none`,
  },
  "glm-4-0414": {
    ...decoder,
    modelTypes: ["glm4"],
    loading: native("4.52.1"),
    loraTargets: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_up_proj", "down_proj"],
    source: `${WHEELS}: glm4 not in 4.51.0, in 4.52.1, modeling_glm4.py; ${LIGER}; ${XTUNER}: none`,
  },
  "deepseek-v2": {
    ...decoder,
    modelTypes: ["deepseek_v2"],
    loading: native("4.54.0"),
    loraTargets: ["q_proj", "q_a_proj", "q_b_proj", "kv_a_proj_with_mqa", "kv_b_proj", "o_proj"],
    xtunerTemplate: "deepseek_v2",
    liger: false,
    moeBlocks: ["DeepseekV2MoE", "DeepseekV2Moe"],
    source: `${WHEELS}: deepseek_v2 first in 4.54.0; modeling_deepseek_v2.py (…MoE in 4.57.6, …Moe in 5.18.0); ${LIGER}; ${XTUNER}`,
  },
  "deepseek-v3": {
    ...decoder,
    modelTypes: ["deepseek_v3"],
    loading: native("4.51.0"),
    loraTargets: ["q_proj", "q_a_proj", "q_b_proj", "kv_a_proj_with_mqa", "kv_b_proj", "o_proj"],
    liger: false,
    moeBlocks: ["DeepseekV3MoE"],
    source: `${WHEELS}: deepseek_v3 first in 4.51.0; modeling_deepseek_v3.py 4.57.6 and 5.18.0; ${LIGER}; ${XTUNER}: none (published weights are fp8, bfloat16 after conversion)`,
  },
  decoder: {
    ...decoder,
    modelTypes: [],
    loading: native("4.31.0"),
    chat: { shipped: null, fallback: null },
    liger: false,
    source: "an assumption for a model that is not known: layers named as in Llama, grouped queries as of 4.31.0",
  },
  "bge-small-en": encoder("bert", bge("small", "en")),
  "bge-base-en": encoder("bert", bge("base", "en")),
  "bge-large-en": encoder("bert", bge("large", "en")),
  "bge-small-zh": encoder("bert", bge("small", "zh")),
  "bge-base-zh": encoder("bert", bge("base", "zh")),
  "bge-large-zh": encoder("bert", bge("large", "zh")),
  encoder: encoder("bert", plainEncoder),
  "bge-m3": encoder("xlm-roberta", bgeM3),
  "bge-reranker": encoder("xlm-roberta", bgeReranker(512)),
  "bge-reranker-v2-m3": encoder("xlm-roberta", bgeReranker(8192)),
  "bge-multilingual-gemma2": embeddingDecoder("gemma2", "4.42.0", bgeGemma2),
  "bge-en-icl": embeddingDecoder("mistral", "4.34.0", bgeIcl),
} as const satisfies Record<string, Row>;
