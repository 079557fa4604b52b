import * as z from "zod";

/** Why a config can't be used. `key` is the key as the file has it, with the outer key in front where it is nested. */
export type ConfigReason =
  | { readonly code: "not-an-object" }
  | { readonly code: "missing"; readonly key: string }
  | { readonly code: "not-a-count"; readonly key: string }
  | { readonly code: "wrong-type"; readonly key: string }
  | { readonly code: "too-large"; readonly key: string }
  | { readonly code: "not-divisible"; readonly key: string; readonly by: string };

/** The keys that shape a model, under the names most configs use; null or absent where the file has none. */
export type Config = z.infer<ReturnType<typeof buildSchema>>;

/** What a config was read into; `keys` gives each of our names the file's own. */
export type Checked =
  | { readonly ok: true; readonly config: Config; readonly keyOf: (name: keyof Config) => string }
  | { readonly ok: false; readonly reason: ConfigReason };

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names that some model types have for what the others call otherwise. */
const ownNames: Readonly<Record<string, Partial<Record<keyof Config, string>>>> = {
  qwen: { head_dim: "kv_channels", max_position_embeddings: "seq_length" },
  baichuan: { max_position_embeddings: "model_max_length" },
  chatglm: {
    num_hidden_layers: "num_layers",
    intermediate_size: "ffn_hidden_size",
    head_dim: "kv_channels",
    num_key_value_heads: "multi_query_group_num",
    vocab_size: "padded_vocab_size",
    max_position_embeddings: "seq_length",
    qkv_bias: "add_qkv_bias",
  },
};

const alsoCalled: Partial<Record<keyof Config, readonly string[]>> = {
  num_experts: ["num_local_experts", "n_routed_experts"],
};

/** Checks the types and bounds of every key that is read; nothing is required here. `path` stands before the keys. */
export function checkConfig(raw: Readonly<Record<string, unknown>>, path: string): Checked {
  schema ??= buildSchema();
  const modelType = own(raw, "model_type");
  const renamed = typeof modelType === "string" ? own(ownNames, modelType) : undefined;
  const names = new Map<keyof Config, string>();
  const picked: Record<string, unknown> = {};
  for (const name of Object.keys(schema.shape) as (keyof Config)[]) {
    const candidates = [renamed?.[name], name, ...(alsoCalled[name] ?? [])].filter((key) => key !== undefined);
    const key = candidates.find((candidate) => own(raw, candidate) != null) ?? (candidates[0] as string);
    names.set(name, path + key);
    picked[name] = own(raw, key);
  }
  const keyOf = (name: keyof Config): string => names.get(name) ?? path + name;
  const result = schema.safeParse(picked);
  if (result.success) return { ok: true, config: result.data, keyOf };
  const [issue] = result.error.issues;
  const key = keyOf(issue?.path[0] as keyof Config);
  if (issue?.code === "too_big") return { ok: false, reason: { code: "too-large", key } };
  const counted = issue?.code === "too_small" || (issue?.code === "invalid_type" && isCount(issue.expected));
  return { ok: false, reason: { code: counted ? "not-a-count" : "wrong-type", key } };
}

const isCount = (expected: string): boolean => expected === "number" || expected === "int";

/** Only what the object itself has: `constructor` is no model type. */
function own<Value>(object: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

let schema: ReturnType<typeof buildSchema> | undefined;

/** Bounds are a hundred times what exists; they keep products of them finite and refusals early. */
function buildSchema() {
  const count = (limit: number) => z.int().positive().max(limit).nullish();
  const size = (limit: number) => z.int().nonnegative().max(limit).nullish();
  const yes = z.boolean().nullish();
  return z.object({
    model_type: z.string().max(100).nullish(),
    architectures: z.array(z.string().max(200)).max(100).nullish(),
    hidden_size: count(1_000_000),
    num_hidden_layers: count(10_000),
    num_attention_heads: count(100_000),
    num_key_value_heads: count(100_000),
    head_dim: count(100_000),
    intermediate_size: count(10_000_000),
    vocab_size: count(100_000_000),
    max_position_embeddings: count(1_000_000_000),
    type_vocab_size: size(1000),
    tie_word_embeddings: yes,
    attention_bias: yes,
    mlp_bias: yes,
    qkv_bias: yes,
    bias: yes,
    add_bias_linear: yes,
    num_experts: size(100_000),
    num_experts_per_tok: count(100_000),
    moe_intermediate_size: count(10_000_000),
    shared_expert_intermediate_size: size(10_000_000),
    n_shared_experts: size(100_000),
    first_k_dense_replace: size(10_000),
    moe_layer_freq: count(10_000),
    decoder_sparse_step: count(10_000),
    mlp_only_layers: z.array(z.int().nonnegative()).max(10_000).nullish(),
    q_lora_rank: count(1_000_000),
    kv_lora_rank: count(1_000_000),
    qk_nope_head_dim: count(100_000),
    qk_rope_head_dim: count(100_000),
    v_head_dim: count(100_000),
  });
}
