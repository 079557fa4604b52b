import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "EM105",
  id: "embedding-length-limits",
  severity: "info",
  title: { en: "Maximum lengths that do not look like the data", zh: "最大长度与数据不符" },
  why: {
    en: "Texts are cut without a word. A passage limit below that of queries, or below 128 tokens, cuts off what the query is compared with.",
    zh: "文本会被默默截断。段落长度上限低于查询、或低于 128 个词元时，会截掉与查询比较的内容。",
  },
  fix: {
    en: "The 95th percentile of the tokens: usually 32 to 128 for queries, 256 to 512 for passages.",
    zh: "取词元数的 95 分位：查询通常为 32 至 128，段落为 256 至 512。",
  },
  sources: ["FlagOpen/FlagEmbedding#593", "FlagOpen/FlagEmbedding#97"],
  *find({ args, dialect, launch }): Iterable<Hit> {
    if (args === null || dialect !== "flagembedding" || /rerank/i.test(launch?.module ?? "")) return;
    const [query, passage] = [args.number("query_max_len"), args.number("passage_max_len")];
    if (passage === undefined || !(passage < 128 || (query !== undefined && query > passage))) return;
    yield {
      at: args.place("passage_max_len"),
      says: {
        en: `passages are cut at ${passage} tokens${query === undefined ? "" : `, queries at ${query}`}`,
        zh: `段落在 ${passage} 个词元处截断${query === undefined ? "" : `，查询为 ${query}`}`,
      },
    };
  },
  bad: [
    { files: { "run.sh": embed("--per_device_train_batch_size 16", "--query_max_len 256", "--passage_max_len 64") } },
  ],
  good: [
    { files: { "run.sh": embed("--per_device_train_batch_size 16", "--query_max_len 64", "--passage_max_len 256") } },
  ],
};
