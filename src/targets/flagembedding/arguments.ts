import { numberText } from "../../core/print/number.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { trainingArguments } from "../transformers/arguments.ts";

/** A command-line argument of FlagEmbedding: text is data; `deepspeed` stands for the path of the config beside the script. */
export interface EmbeddingArgument {
  readonly flag: string;
  readonly values: readonly string[];
}

/**
 * The arguments of FlagEmbedding's entry point. The training ones are the very record that the Trainer would read from
 * JSON, so the two targets can't differ. Source: FlagOpen/FlagEmbedding FlagEmbedding/abc/finetune/*\/AbsArguments.py
 * (1.4.0) and its model-specific subclasses.
 */
export function embeddingArguments(plan: Plan): readonly EmbeddingArgument[] {
  const { task } = plan;
  if (task.kind !== "embedding") throw new Error("FlagEmbedding trains embedders; the plan refuses this target");
  const { deepspeed: _, remove_unused_columns: __, ...training } = trainingArguments(plan);
  return [
    ...modelArguments(plan),
    ...dataArguments(plan),
    ...lossArguments(plan),
    ...asFlags(training),
    ...asFlags({
      // An incomplete batch breaks rerankers, and the gathering of negatives over all GPUs.
      dataloader_drop_last: true,
    }),
  ];
}

type Embedding = Extract<Plan["task"], { readonly kind: "embedding" }>;

function modelArguments({ model, method, task }: Plan): readonly EmbeddingArgument[] {
  const { embedder } = task as Embedding;
  const lora = method.kind === "full" ? null : method;
  const decoder = embedder.entry.includes("decoder_only");
  return asFlags({
    model_name_or_path: model.path,
    ...(decoder
      ? {
          use_lora: lora !== null,
          ...(lora === null
            ? {}
            : {
                lora_rank: lora.rank,
                lora_alpha: lora.alpha,
                lora_dropout: lora.dropout,
                target_modules: lora.targets,
              }),
          save_merged_lora_model: lora !== null,
          ...(embedder.additionalSpecialTokens.length > 0
            ? { additional_special_tokens: embedder.additionalSpecialTokens }
            : {}),
        }
      : {}),
  });
}

function dataArguments({ data, task }: Plan): readonly EmbeddingArgument[] {
  const { embedder, queryMaxLen, passageMaxLen, trainGroupSize } = task as Embedding;
  const reranker = embedder.entry.startsWith("reranker");
  return asFlags({
    train_data: data,
    train_group_size: trainGroupSize,
    query_max_len: queryMaxLen,
    passage_max_len: passageMaxLen,
    pad_to_multiple_of: 8,
    knowledge_distillation: false,
    // Always stated: where it is missing, FlagEmbedding may put the word "None" before each query.
    [reranker ? "query_instruction_for_rerank" : "query_instruction_for_retrieval"]: embedder.queryInstruction,
    query_instruction_format: embedder.queryInstructionFormat,
    ...(embedder.entry === "embedder.decoder_only.icl" ? { icl_suffix_str: "\n<response>" } : {}),
  });
}

function lossArguments({ task }: Plan): readonly EmbeddingArgument[] {
  const { embedder, temperature, negativesCrossDevice } = task as Embedding;
  if (embedder.entry.startsWith("reranker")) return [];
  return asFlags({
    ...(temperature === null ? {} : { temperature }),
    ...(embedder.pooling === null ? {} : { sentence_pooling_method: embedder.pooling }),
    normalize_embeddings: true,
    negatives_cross_device: negativesCrossDevice,
    ...(embedder.entry === "embedder.encoder_only.m3"
      ? { unified_finetuning: true, use_self_distill: true, self_distill_start_step: 0, fix_encoder: false }
      : {}),
  });
}

function asFlags(values: Readonly<Record<string, unknown>>): readonly EmbeddingArgument[] {
  return Object.entries(values).map(([key, value]) => ({ flag: `--${key}`, values: wordsOf(value) }));
}

/** Words as HfArgumentParser reads them: Python's booleans, a list as several words, a dict as JSON. */
function wordsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === "boolean") return [value ? "True" : "False"];
  if (typeof value === "number") return [numberText(value)];
  return [typeof value === "object" ? JSON.stringify(value) : String(value)];
}
