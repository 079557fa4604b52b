import type { JobOptions } from "../../../src/index.ts";

/** Every model whose entry point can be emitted, and both encoders behind the same ones. */
export const models = [
  "bge-small-en-v1.5",
  "bge-large-zh-v1.5",
  "bge-m3",
  "bge-multilingual-gemma2",
  "bge-en-icl",
  "bge-reranker-base",
  "bge-reranker-v2-m3",
] as const;

export interface Training {
  readonly name: string;
  readonly family: "bert" | "xlm-roberta";
  readonly answers: JobOptions["answers"];
  /** Files that the entry point leaves besides the encoder. */
  readonly leaves?: readonly string[];
}

const small = (model: string): JobOptions["answers"] => ({
  model,
  gpu: "a100-80",
  gpus: 1,
  lr: 2e-4,
  warmupSteps: 2,
  maxSteps: 24,
  microBatch: 4,
  globalBatch: 4,
  trainGroupSize: 4,
  queryMaxLen: 16,
  passageMaxLen: 16,
  saveSteps: 12,
});

export const trainings: readonly Training[] = [
  { name: "base", family: "bert", answers: { ...small("bge-base-en-v1.5"), temperature: 0.05 } },
  {
    name: "m3",
    family: "xlm-roberta",
    answers: { ...small("bge-m3"), temperature: 0.05 },
    leaves: ["colbert_linear.pt", "sparse_linear.pt"],
  },
  { name: "reranker", family: "xlm-roberta", answers: small("bge-reranker-base") },
  {
    name: "base, accumulation 2, linear, ZeRO-0",
    family: "bert",
    answers: {
      ...small("bge-base-en-v1.5"),
      temperature: 0.05,
      gradAccum: 2,
      globalBatch: 8,
      scheduler: "linear",
      zero: 0,
    },
  },
  {
    name: "base, two processes that share their negatives",
    family: "bert",
    answers: { ...small("bge-base-en-v1.5"), temperature: 0.05, gpus: 2, globalBatch: 8 },
  },
  {
    name: "m3, two processes, ZeRO-1",
    family: "xlm-roberta",
    answers: { ...small("bge-m3"), temperature: 0.05, gpus: 2, globalBatch: 8, zero: 1 },
    leaves: ["colbert_linear.pt", "sparse_linear.pt"],
  },
  {
    name: "reranker, two processes, cosine",
    family: "xlm-roberta",
    answers: { ...small("bge-reranker-base"), gpus: 2, globalBatch: 8, scheduler: "cosine" },
  },
];

/** A command with another value behind a flag. */
const withValue =
  (flag: string, value: string) =>
  (words: readonly string[]): readonly string[] =>
    words.map((word, index) => (words[index - 1] === flag ? value : word));
const renamed =
  (from: string, to: string) =>
  (words: readonly string[]): readonly string[] =>
    words.map((word) => (word === from ? to : word));

type Change = (words: readonly string[]) => readonly string[];

/** Something injected, and what the failure has to say for it to have been noticed for its own reason. */
export interface Breakage {
  readonly name: string;
  readonly change: Change;
  readonly sign: RegExp;
  readonly negatives?: number;
}

/** Commands that FlagEmbedding refuses to read, or reads as something else than was written. */
export const unreadable: readonly Breakage[] = [
  {
    name: "an argument under another name",
    change: renamed("--query_max_len", "--query_max_length"),
    sign: /not used by the HfArgumentParser: \['--query_max_length'/,
  },
  {
    name: "an argument of an older transformers",
    change: renamed("--eval_strategy", "--evaluation_strategy"),
    sign: /not used by the HfArgumentParser: \['--evaluation_strategy'/,
  },
  {
    name: "an argument of another entry point",
    change: (words) => [...words, "--unified_finetuning", "True"],
    sign: /not used by the HfArgumentParser: \['--unified_finetuning'/,
  },
  {
    name: "a schedule that there is not",
    change: withValue("--lr_scheduler_type", "cosine_decay"),
    sign: /SystemExit: 2/,
  },
  { name: "another rate", change: withValue("--learning_rate", "3e-5"), sign: /learning_rate: written/ },
  {
    name: "no instruction",
    change: (words) =>
      words.filter(
        (word, index) =>
          word !== "--query_instruction_for_retrieval" && words[index - 1] !== "--query_instruction_for_retrieval",
      ),
    sign: /query_instruction_for_retrieval: .*read null/,
  },
];

/** Jobs that are read and then train nothing, or stop. */
export const untrainable: readonly Breakage[] = [
  {
    name: "one candidate a query: loss 0, gradient 0",
    change: (words) => withValue("--train_group_size", "1")(withValue("--per_device_train_batch_size", "1")(words)),
    sign: /^losses 0, 0, 0, /,
  },
  { name: "rows without negatives", change: (words) => words, sign: /^ZeroDivisionError/, negatives: 0 },
  {
    name: "a rate ten times too high",
    change: withValue("--learning_rate", "2e-3"),
    sign: /at optimizer step 1 the engine used 0\.001, expected 0\.0001/,
  },
];
