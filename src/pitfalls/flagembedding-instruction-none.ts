import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "EM110",
  id: "flagembedding-instruction-none",
  severity: "warning",
  title: {
    en: "same_dataset_within_batch without a query instruction",
    zh: "same_dataset_within_batch 却没有查询指令",
  },
  why: {
    en: 'In this mode a missing instruction becomes the word "None" in front of every query, unless each row of the data has a prompt of its own. Nothing says so, and the training is spoiled.',
    zh: '在该模式下，缺失的指令会变成每个查询前的单词 "None"，除非数据每行都有自己的 prompt。没有任何提示，训练却被破坏。',
  },
  fix: {
    en: '--query_instruction_for_retrieval "", or the model\'s own instruction.',
    zh: '加上 --query_instruction_for_retrieval ""，或模型自己的指令。',
  },
  versions: { en: "FlagEmbedding 1.3 and 1.4", zh: "FlagEmbedding 1.3 与 1.4" },
  sources: ["FlagOpen/FlagEmbedding:FlagEmbedding/abc/finetune/embedder/AbsDataset.py"],
  *find({ args, dialect, launch }): Iterable<Hit> {
    if (
      args === null ||
      dialect !== "flagembedding" ||
      !/^FlagEmbedding\.finetune\.embedder\./.test(launch?.module ?? "")
    )
      return;
    if (!args.on("same_dataset_within_batch") || args.has("query_instruction_for_retrieval")) return;
    yield {
      at: args.place("same_dataset_within_batch"),
      says: {
        en: 'queries become "None" and their text, where a row has no prompt',
        zh: '没有 prompt 的行，其查询会变成 "None" 加原文',
      },
    };
  },
  bad: [{ files: { "run.sh": embed("--per_device_train_batch_size 16", "--same_dataset_within_batch True") } }],
  good: [
    {
      files: {
        "run.sh": embed(
          "--per_device_train_batch_size 16",
          "--same_dataset_within_batch True",
          '--query_instruction_for_retrieval ""',
        ),
      },
    },
  ],
};
