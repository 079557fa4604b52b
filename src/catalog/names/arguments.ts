import frameworks from "./frameworks.json" with { type: "json" };
import lifetimes from "./training-arguments.json" with { type: "json" };

/** The first transformers release with an argument, and the first without it; null where no end is known. */
export interface Lifetime {
  readonly since: string | null;
  readonly until: string | null;
}

const table = lifetimes as unknown as Readonly<Record<string, readonly [string | null, string | null]>>;

/**
 * Every field of (Seq2Seq)TrainingArguments from transformers 4.36 to 5.18. Source: huggingface/transformers
 * src/transformers/training_args.py and training_args_seq2seq.py, tag by tag.
 */
export const trainingArguments: readonly string[] = Object.keys(table);

export function lifetimeOf(name: string): Lifetime | null {
  if (!Object.hasOwn(table, name)) return null;
  const [since = null, until = null] = table[name] ?? [];
  return { since, until };
}

export type Framework = "llamafactory" | "axolotl" | "swift" | "flagembedding";

/**
 * The arguments that a framework adds to transformers' own (axolotl: all of its own). Sources: hiyouga/LLaMA-Factory
 * src/llamafactory/hparams (0.9.5), modelscope/ms-swift swift/arguments (4.6), axolotl-ai-cloud/axolotl
 * src/axolotl/utils/schemas (0.19), FlagOpen/FlagEmbedding FlagEmbedding/**\/*rguments.py (1.4).
 */
export const frameworkArguments = frameworks as Readonly<Record<Framework, readonly string[]>>;
