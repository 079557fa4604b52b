import { modelName } from "../jobs/facts.ts";
import { replaceSetting } from "./edits.ts";
import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** Encoders with 512 absolute positions. */
const SHORT =
  /(?:^|\/)(?:bge-(?:small|base|large)-(?:zh|en)(?:-v1\.5)?|bge-reranker-(?:base|large)|(?:chinese-)?(?:bert|roberta|macbert|xlm-roberta)[\w-]*|(?:multilingual-)?e5-(?:small|base|large)(?:-v2)?|gte-(?:small|base|large)(?:-zh)?|m3e-(?:small|base|large)|stella-base-zh[\w-]*)$/i;

const MOST = 512;

export const pitfall: Pitfall = {
  code: "EM102",
  id: "embedding-max-len-exceeds-model",
  severity: "error",
  title: { en: "A maximum length beyond the encoder's positions", zh: "最大长度超过编码器的位置数" },
  why: {
    en: "BERT-like encoders have a table of 512 positions. Longer texts stop the run with an index error, as soon as one turns up.",
    zh: "BERT 类编码器只有 512 个位置。一旦出现更长的文本，训练就会因索引越界而中断。",
  },
  fix: {
    en: "512, or a model with more positions (bge-m3: 8192).",
    zh: "设为 512，或换用位置更多的模型（bge-m3：8192）。",
  },
  sources: ["NovaSearch-Team/RAG-Retrieval#28", "FlagOpen/FlagEmbedding#735"],
  logs: [/The expanded size of the tensor \(\d+\) must match the existing size \(512\)/i],
  *find(job): Iterable<Hit> {
    const model = modelName(job);
    if (job.args === null || model === null || !SHORT.test(model.value)) return;
    for (const name of ["query_max_len", "passage_max_len", "max_len", "max_seq_length"]) {
      if (name.startsWith("max_") && job.dialect !== "flagembedding") continue;
      const setting = job.args.exactly(name);
      const value = job.args.number(name);
      if (setting === null || value === undefined || value <= MOST) continue;
      yield {
        at: setting.place,
        says: {
          en: `${name} ${value}, but ${model.value} has ${MOST} positions`,
          zh: `${name} 为 ${value}，而 ${model.value} 只有 ${MOST} 个位置`,
        },
        fix: replaceSetting(setting, String(MOST)),
      };
    }
  },
  bad: [{ files: { "run.sh": embed("--query_max_len 64", "--passage_max_len 1024") } }],
  good: [
    { files: { "run.sh": embed("--query_max_len 64", "--passage_max_len 512") } },
    {
      files: {
        "run.sh": embed("--query_max_len 64", "--passage_max_len 8192")
          .replace("bge-large-zh-v1.5", "bge-m3")
          .replace("encoder_only.base", "encoder_only.m3"),
      },
    },
  ],
};
