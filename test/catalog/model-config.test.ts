import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findModel, models } from "../../src/catalog/models.ts";
import { architectureFromConfig } from "../../src/catalog/model-config.ts";

/** Published config files, cut down to the keys that shape the model and a few that must not disturb. */
const published: readonly (readonly [id: string, family: string | null, config: object])[] = [
  [
    "qwen-7b",
    "qwen",
    {
      architectures: ["QWenLMHeadModel"],
      auto_map: { AutoConfig: "configuration_qwen.QWenConfig" },
      attn_dropout_prob: 0.0,
      bf16: false,
      hidden_size: 4096,
      intermediate_size: 22016,
      kv_channels: 128,
      max_position_embeddings: 32768,
      model_type: "qwen",
      no_bias: true,
      num_attention_heads: 32,
      num_hidden_layers: 32,
      seq_length: 8192,
      tie_word_embeddings: false,
      use_flash_attn: "auto",
      vocab_size: 151936,
    },
  ],
  [
    "qwen2-7b",
    "qwen2",
    {
      architectures: ["Qwen2ForCausalLM"],
      attention_dropout: 0.0,
      hidden_size: 3584,
      intermediate_size: 18944,
      max_position_embeddings: 131072,
      model_type: "qwen2",
      num_attention_heads: 28,
      num_hidden_layers: 28,
      num_key_value_heads: 4,
      tie_word_embeddings: false,
      torch_dtype: "bfloat16",
      vocab_size: 152064,
    },
  ],
  [
    "qwen3-0.6b",
    "qwen3",
    {
      architectures: ["Qwen3ForCausalLM"],
      attention_bias: false,
      head_dim: 128,
      hidden_size: 1024,
      intermediate_size: 3072,
      max_position_embeddings: 40960,
      model_type: "qwen3",
      num_attention_heads: 16,
      num_hidden_layers: 28,
      num_key_value_heads: 8,
      tie_word_embeddings: true,
      vocab_size: 151936,
    },
  ],
  [
    "qwen3-30b-a3b",
    "qwen3-moe",
    {
      architectures: ["Qwen3MoeForCausalLM"],
      attention_bias: false,
      decoder_sparse_step: 1,
      head_dim: 128,
      hidden_size: 2048,
      intermediate_size: 6144,
      max_position_embeddings: 40960,
      mlp_only_layers: [],
      model_type: "qwen3_moe",
      moe_intermediate_size: 768,
      num_attention_heads: 32,
      num_experts: 128,
      num_experts_per_tok: 8,
      num_hidden_layers: 48,
      num_key_value_heads: 4,
      tie_word_embeddings: false,
      vocab_size: 151936,
    },
  ],
  [
    "qwen1.5-moe-a2.7b",
    "qwen1.5-moe",
    {
      architectures: ["Qwen2MoeForCausalLM"],
      decoder_sparse_step: 1,
      hidden_size: 2048,
      intermediate_size: 5632,
      max_position_embeddings: 8192,
      model_type: "qwen2_moe",
      moe_intermediate_size: 1408,
      num_attention_heads: 16,
      num_experts: 60,
      num_experts_per_tok: 4,
      num_hidden_layers: 24,
      num_key_value_heads: 16,
      shared_expert_intermediate_size: 5632,
      tie_word_embeddings: false,
      vocab_size: 151936,
    },
  ],
  [
    "llama-2-7b",
    "llama-2",
    {
      architectures: ["LlamaForCausalLM"],
      hidden_size: 4096,
      intermediate_size: 11008,
      max_position_embeddings: 4096,
      model_type: "llama",
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 32,
      rope_scaling: null,
      tie_word_embeddings: false,
      vocab_size: 32000,
    },
  ],
  [
    "llama-3.1-8b",
    "llama-3.1",
    {
      architectures: ["LlamaForCausalLM"],
      attention_bias: false,
      hidden_size: 4096,
      intermediate_size: 14336,
      max_position_embeddings: 131072,
      mlp_bias: false,
      model_type: "llama",
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 8,
      rope_scaling: { factor: 8.0, rope_type: "llama3" },
      tie_word_embeddings: false,
      vocab_size: 128256,
    },
  ],
  [
    "mixtral-8x7b",
    "mixtral",
    {
      architectures: ["MixtralForCausalLM"],
      hidden_size: 4096,
      intermediate_size: 14336,
      max_position_embeddings: 32768,
      model_type: "mixtral",
      num_attention_heads: 32,
      num_experts_per_tok: 2,
      num_hidden_layers: 32,
      num_key_value_heads: 8,
      num_local_experts: 8,
      tie_word_embeddings: false,
      vocab_size: 32000,
    },
  ],
  [
    "gemma-2-9b",
    "gemma2",
    {
      architectures: ["Gemma2ForCausalLM"],
      attention_bias: false,
      head_dim: 256,
      hidden_size: 3584,
      intermediate_size: 14336,
      max_position_embeddings: 8192,
      model_type: "gemma2",
      num_attention_heads: 16,
      num_hidden_layers: 42,
      num_key_value_heads: 8,
      vocab_size: 256000,
    },
  ],
  [
    "phi-3-mini-4k",
    "phi-3",
    {
      architectures: ["Phi3ForCausalLM"],
      attention_bias: false,
      hidden_size: 3072,
      intermediate_size: 8192,
      max_position_embeddings: 4096,
      model_type: "phi3",
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 32,
      tie_word_embeddings: false,
      vocab_size: 32064,
    },
  ],
  [
    "internlm2-7b",
    "internlm2",
    {
      architectures: ["InternLM2ForCausalLM"],
      bias: false,
      hidden_size: 4096,
      intermediate_size: 14336,
      max_position_embeddings: 32768,
      model_type: "internlm2",
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 8,
      tie_word_embeddings: false,
      vocab_size: 92544,
    },
  ],
  [
    "internlm3-8b",
    "internlm3",
    {
      architectures: ["InternLM3ForCausalLM"],
      bias: false,
      qkv_bias: false,
      head_dim: 128,
      hidden_size: 4096,
      intermediate_size: 10240,
      max_position_embeddings: 32768,
      model_type: "internlm3",
      num_attention_heads: 32,
      num_hidden_layers: 48,
      num_key_value_heads: 2,
      tie_word_embeddings: false,
      vocab_size: 128512,
    },
  ],
  [
    "baichuan2-13b",
    "baichuan2",
    {
      architectures: ["BaichuanForCausalLM"],
      hidden_size: 5120,
      intermediate_size: 13696,
      model_max_length: 4096,
      model_type: "baichuan",
      num_attention_heads: 40,
      num_hidden_layers: 40,
      tie_word_embeddings: false,
      vocab_size: 125696,
    },
  ],
  [
    "glm-4-9b",
    "glm-4",
    {
      architectures: ["GlmForCausalLM"],
      attention_bias: true,
      head_dim: 128,
      hidden_size: 4096,
      intermediate_size: 13696,
      max_position_embeddings: 131072,
      model_type: "glm",
      num_attention_heads: 32,
      num_hidden_layers: 40,
      num_key_value_heads: 2,
      tie_word_embeddings: false,
      vocab_size: 151552,
    },
  ],
  [
    "deepseek-v2-lite",
    "deepseek-v2",
    {
      architectures: ["DeepseekV2ForCausalLM"],
      attention_bias: false,
      first_k_dense_replace: 1,
      hidden_size: 2048,
      intermediate_size: 10944,
      kv_lora_rank: 512,
      max_position_embeddings: 163840,
      model_type: "deepseek_v2",
      moe_intermediate_size: 1408,
      moe_layer_freq: 1,
      n_routed_experts: 64,
      n_shared_experts: 2,
      num_attention_heads: 16,
      num_experts_per_tok: 6,
      num_hidden_layers: 27,
      num_key_value_heads: 16,
      q_lora_rank: null,
      qk_nope_head_dim: 128,
      qk_rope_head_dim: 64,
      tie_word_embeddings: false,
      v_head_dim: 128,
      vocab_size: 102400,
    },
  ],
  [
    "bge-large-en-v1.5",
    null,
    {
      architectures: ["BertModel"],
      hidden_size: 1024,
      id2label: { "0": "LABEL_0" },
      intermediate_size: 4096,
      max_position_embeddings: 512,
      model_type: "bert",
      num_attention_heads: 16,
      num_hidden_layers: 24,
      type_vocab_size: 2,
      vocab_size: 30522,
    },
  ],
  [
    "bge-m3",
    "bge-m3",
    {
      architectures: ["XLMRobertaModel"],
      hidden_size: 1024,
      intermediate_size: 4096,
      max_position_embeddings: 8194,
      model_type: "xlm-roberta",
      num_attention_heads: 16,
      num_hidden_layers: 24,
      type_vocab_size: 1,
      vocab_size: 250002,
    },
  ],
  [
    "bge-reranker-v2-m3",
    "bge-reranker-v2-m3",
    {
      architectures: ["XLMRobertaForSequenceClassification"],
      hidden_size: 1024,
      id2label: { "0": "LABEL_0" },
      intermediate_size: 4096,
      max_position_embeddings: 8194,
      model_type: "xlm-roberta",
      num_attention_heads: 16,
      num_hidden_layers: 24,
      type_vocab_size: 1,
      vocab_size: 250002,
    },
  ],
];

describe("published configs are read into the catalog's rows", () => {
  test.for(published)("%s", ([id, family, config]) => {
    const row = models.find((model) => model.id === id);
    const reading = architectureFromConfig(JSON.parse(JSON.stringify(config)));
    expect(reading).toMatchObject({ ok: true, family, params: row?.params, exact: true, quantization: null });
    expect(reading).toMatchObject({ architecture: row?.architecture ?? {} });
  });
});

const qwen2 = published[1]?.[2] as Readonly<Record<string, unknown>>;
const without = (key: string) => Object.fromEntries(Object.entries(qwen2).filter(([name]) => name !== key));

describe("variants", () => {
  test("chatglm's own key names", () => {
    const config = {
      model_type: "chatglm",
      architectures: ["ChatGLMModel"],
      add_bias_linear: false,
      add_qkv_bias: true,
      ffn_hidden_size: 13696,
      hidden_size: 4096,
      kv_channels: 128,
      multi_query_group_num: 2,
      num_attention_heads: 32,
      num_layers: 40,
      padded_vocab_size: 151552,
      seq_length: 8192,
      tie_word_embeddings: false,
    };
    expect(architectureFromConfig(config)).toMatchObject({
      ok: true,
      family: "chatglm",
      params: 9399951360,
      exact: true,
    });
    expect(architectureFromConfig({ ...config, seq_length: undefined })).toEqual({
      ok: false,
      reason: { code: "missing", key: "seq_length" },
    });
  });

  test("gemma 3: the text tower, with the defaults its files leave out", () => {
    const config = {
      architectures: ["Gemma3ForConditionalGeneration"],
      model_type: "gemma3",
      text_config: { hidden_size: 2560, intermediate_size: 10240, model_type: "gemma3_text", num_hidden_layers: 34 },
      vision_config: { hidden_size: 1152 },
    };
    expect(architectureFromConfig(config)).toMatchObject({
      ok: true,
      family: "gemma3",
      params: 3880263168,
      exact: false,
    });
    expect(architectureFromConfig({ ...config, text_config: { model_type: "gemma3_text" } })).toEqual({
      ok: false,
      reason: { code: "missing", key: "text_config.hidden_size" },
    });
  });

  test("an unknown type is counted as a Llama, and says so", () => {
    const reading = architectureFromConfig({ ...qwen2, model_type: "brand_new" });
    expect(reading).toMatchObject({ ok: true, family: null, exact: false });
    // 28 layers of q, k and v biases are all that is missing.
    if (reading.ok) expect(7615616512 - reading.params).toBe(28 * (3584 + 2 * 512));
  });

  test.for(["constructor", "__proto__", "toString", "unknown"])(
    "a model type named %s is just unknown",
    (modelType) => {
      const config = JSON.parse(JSON.stringify(qwen2).replace('"qwen2"', JSON.stringify(modelType)));
      expect(architectureFromConfig(config)).toMatchObject({ ok: true, family: null, exact: false });
    },
  );

  test("biases that the config asks for", () => {
    const llama = { ...qwen2, model_type: "llama", tie_word_embeddings: false };
    const plain = architectureFromConfig(llama);
    const biased = architectureFromConfig({ ...llama, attention_bias: true, mlp_bias: true });
    if (!plain.ok || !biased.ok) throw new Error("both are complete");
    expect(biased.params - plain.params).toBe(28 * (3584 + 2 * 512 + 3584 + 2 * 18944 + 3584));
  });

  test("a base model without a head, and one with scores", () => {
    const size = (architectures: string[]) => {
      const reading = architectureFromConfig({ ...qwen2, architectures, num_labels: 3 });
      return reading.ok ? reading.params : null;
    };
    expect(size(["Qwen2Model"])).toBe(7615616512 - 152064 * 3584);
    expect(size(["Qwen2ForSequenceClassification"])).toBe(7615616512 - 152064 * 3584 + 3 * 3584);
  });

  test("dense layers among sparse ones", () => {
    const moe = published.find(([id]) => id === "qwen3-30b-a3b")?.[2];
    const reading = architectureFromConfig({ ...moe, mlp_only_layers: [0, 5], decoder_sparse_step: 2 });
    expect(reading).toMatchObject({ ok: true, architecture: { moe: { denseLayers: 25 } } });
  });

  test("Llama's vocabularies", () => {
    const family = (config: object) => {
      const reading = architectureFromConfig({ ...qwen2, model_type: "llama", ...config });
      return reading.ok ? reading.family : undefined;
    };
    expect(family({ vocab_size: 64000 })).toBe("yi");
    expect(family({ vocab_size: 128256 })).toBe("llama-3");
    expect(family({ vocab_size: 128256, rope_parameters: { rope_type: "llama3" } })).toBe("llama-3.1");
    expect(family({ vocab_size: 102400 })).toBeNull();
  });

  test("quantized weights are named", () => {
    expect(architectureFromConfig({ ...qwen2, quantization_config: { quant_method: "gptq" } })).toMatchObject({
      quantization: "gptq",
    });
  });
});

describe("what can't be used is refused by its key", () => {
  test.for([[null], [undefined], [1], ["{}"], [[]], [[qwen2]], [true]] as const)("%j", ([json]) => {
    expect(architectureFromConfig(json)).toEqual({ ok: false, reason: { code: "not-an-object" } });
  });

  test.for([
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "vocab_size",
    "max_position_embeddings",
  ])("no %s", (key) => {
    expect(architectureFromConfig(without(key))).toEqual({ ok: false, reason: { code: "missing", key } });
    expect(architectureFromConfig({ ...qwen2, [key]: null })).toEqual({ ok: false, reason: { code: "missing", key } });
  });

  test.for([
    [{ hidden_size: "3584" }, "not-a-count", "hidden_size"],
    [{ hidden_size: -1 }, "not-a-count", "hidden_size"],
    [{ hidden_size: 0 }, "not-a-count", "hidden_size"],
    [{ hidden_size: 1.5 }, "not-a-count", "hidden_size"],
    [{ num_hidden_layers: Number.NaN }, "not-a-count", "num_hidden_layers"],
    [{ num_hidden_layers: 1e300 }, "too-large", "num_hidden_layers"],
    [{ num_hidden_layers: 1e9 }, "too-large", "num_hidden_layers"],
    [{ vocab_size: [1] }, "not-a-count", "vocab_size"],
    [{ tie_word_embeddings: "yes" }, "wrong-type", "tie_word_embeddings"],
    [{ architectures: "Qwen2ForCausalLM" }, "wrong-type", "architectures"],
    [{ model_type: 7 }, "wrong-type", "model_type"],
    [{ num_attention_heads: 27 }, "not-divisible", "hidden_size"],
    [{ num_key_value_heads: 5 }, "not-divisible", "num_attention_heads"],
    [{ num_experts: 8 }, "missing", "num_experts_per_tok"],
    [{ num_experts: 8, num_experts_per_tok: 9 }, "too-large", "num_experts_per_tok"],
    [{ kv_lora_rank: 512 }, "missing", "qk_nope_head_dim"],
    [
      {
        hidden_size: 1e6,
        num_attention_heads: 1,
        num_key_value_heads: 1,
        num_hidden_layers: 1e4,
        intermediate_size: 1e7,
      },
      "too-large",
      "hidden_size",
    ],
    [{ model_type: "qwen", intermediate_size: 22017 }, "not-a-count", "intermediate_size"],
  ] as const)("%j", ([change, code, key]) => {
    expect(architectureFromConfig({ ...qwen2, ...change })).toMatchObject({ ok: false, reason: { code, key } });
  });

  test("any value under any key is answered with a whole count or a reason", () => {
    const keys = [...new Set(published.flatMap(([, , config]) => Object.keys(config)))];
    const value = fc.oneof(fc.jsonValue(), fc.integer({ min: -5, max: 1e6 }), fc.constantFrom(0, -0, 1e308, "", null));
    fc.assert(
      fc.property(fc.constantFrom(...published), fc.constantFrom(...keys), value, ([, , config], key, changed) => {
        const reading = architectureFromConfig({ ...config, [key]: changed });
        if (reading.ok) expect(Number.isSafeInteger(reading.params) && reading.params > 0).toBe(true);
        else expect(reading.reason.code).toMatch(/^[a-z-]+$/);
      }),
      { numRuns: 500 },
    );
  });

  test("any JSON is answered", () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => void architectureFromConfig(json)));
  });
});

test("the catalog's rows and the configs agree on names", () => {
  for (const [id] of published) expect(findModel(id)).toMatchObject({ kind: "found", model: { id } });
});
