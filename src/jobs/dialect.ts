import type { Launch } from "./command.ts";
import type { Reader } from "./job.ts";
import type { Dialect } from "./recognise.ts";
import type { Setting, Settings } from "./settings.ts";

/** Whether a command gives the arguments of a Trainer. */
export const takesTrainingArguments = ({ args }: Launch): boolean =>
  TRAINER.filter((name) => args.exactly(name) !== null).length >= 2;

const TRAINER = [
  "output_dir",
  "per_device_train_batch_size",
  "learning_rate",
  "num_train_epochs",
  "max_steps",
  "gradient_accumulation_steps",
  "lr_scheduler_type",
  "warmup_ratio",
  "warmup_steps",
  "bf16",
  "fp16",
  "deepspeed",
  "save_steps",
  "evaluation_strategy",
  "eval_strategy",
] as const;

export const looksLikeTrainer = (args: Settings, dialect: Dialect | null): boolean =>
  (dialect !== null && dialect !== "hf") || TRAINER.filter((name) => args.exactly(name) !== null).length >= 3;

/** Who reads the DeepSpeed config, by the flag that names it. */
export function readerOf({ name }: Setting, args: Settings, dialect: Dialect | null): Reader | null {
  // TrainingArguments take a path here; DeepSpeed's own `--deepspeed` is a switch.
  if (name === "deepspeed") return "trainer";
  if (name === "deepspeed_config") return "deepspeed";
  if (name === "deepspeed_config_file") return looksLikeTrainer(args, dialect) ? "trainer" : "accelerate";
  return null;
}

export function dialectOf({ launcher, module, program, args }: Launch): Dialect | null {
  if (launcher === "xtuner" || module?.startsWith("xtuner.") === true || /(?:^|\/)xtuner\//.test(program?.text ?? ""))
    return "xtuner";
  if (launcher === "swift" || /(?:^|\/)swift\/cli\/|(?:^|\/)llm_sft\.py$/.test(program?.text ?? "")) return "swift";
  if (
    launcher === "llamafactory-cli" ||
    args.has("finetuning_type") ||
    /(?:^|\/)train_bash\.py$/.test(program?.text ?? "")
  )
    return "llamafactory";
  if (launcher === "axolotl" || module?.startsWith("axolotl.") === true) return "axolotl";
  if (module?.startsWith("FlagEmbedding.") === true || (args.has("train_group_size") && args.has("passage_max_len")))
    return "flagembedding";
  return args.all.length > 0 ? "hf" : null;
}
