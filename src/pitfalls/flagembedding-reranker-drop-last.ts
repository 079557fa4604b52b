import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const reranker = (...flags: readonly string[]): string =>
  embed("--per_device_train_batch_size 8", "--train_group_size 8", ...flags)
    .replace("embedder.encoder_only.base", "reranker.encoder_only.base")
    .replace("bge-large-zh-v1.5", "bge-reranker-v2-m3");

export const pitfall: Pitfall = {
  code: "EM111",
  id: "flagembedding-reranker-drop-last",
  severity: "warning",
  title: { en: "A reranker without dataloader_drop_last", zh: "重排模型没有设置 dataloader_drop_last" },
  why: {
    en: "The loss reshapes to the full batch: the last, smaller batch of an epoch stops the run, unless the rows come out even.",
    zh: "损失按完整的批大小变形：一个 epoch 最后的不完整批会使训练中断，除非行数正好整除。",
  },
  fix: { en: "--dataloader_drop_last True.", zh: "加上 --dataloader_drop_last True。" },
  sources: ["FlagOpen/FlagEmbedding:FlagEmbedding/abc/finetune/reranker/AbsModeling.py"],
  logs: [/shape '\[\d+, -1\]' is invalid for input of size \d+/i],
  *find({ args, launch }): Iterable<Hit> {
    if (
      args === null ||
      !/^FlagEmbedding\.finetune\.reranker\./.test(launch?.module ?? "") ||
      args.on("dataloader_drop_last")
    )
      return;
    if (args.has("dataloader_drop_last") && args.value("dataloader_drop_last") === undefined) return;
    yield {
      at: args.place("dataloader_drop_last"),
      says: {
        en: "the last batch of an epoch stops a reranker, unless it is full",
        zh: "除非最后一个批是满的，否则会使重排模型训练中断",
      },
    };
  },
  bad: [{ files: { "run.sh": reranker() } }],
  good: [{ files: { "run.sh": reranker("--dataloader_drop_last True") } }],
};
