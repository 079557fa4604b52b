import { embed } from "./examples.ts";
import { candidates } from "./embedding-too-few-negatives.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "EM106",
  id: "flagembedding-no-negatives",
  severity: "error",
  title: { en: "One passage a query, and nothing to compare it with", zh: "每个查询只有一个段落，没有可比较的对象" },
  why: {
    en: "A softmax over one candidate is 1: the loss and its gradient are exactly 0 from step 1, at every learning rate.",
    zh: "只有一个候选时 softmax 恒为 1：从第 1 步起损失与梯度恰好为 0，与学习率无关。",
  },
  fix: {
    en: "train_group_size of 2 or more, with negatives in the data, or a larger batch.",
    zh: "train_group_size 至少为 2 且数据含负例，或增大批。",
  },
  sources: ["FlagOpen/FlagEmbedding#823", "FlagOpen/FlagEmbedding#945"],
  *find(job): Iterable<Hit> {
    const { args, dialect, launch } = job;
    const reranker = dialect === "flagembedding" && /rerank/i.test(launch?.module ?? "");
    if (args === null || (reranker ? args.number("train_group_size") !== 1 : candidates(job) !== 1)) return;
    yield {
      at: args.place("train_group_size"),
      also: reranker ? [] : [args.place("per_device_train_batch_size")],
      says: {
        en: "every query has one candidate: loss 0.0 and grad_norm 0.0 at every step",
        zh: "每个查询只有一个候选：每一步损失与梯度范数都是 0.0",
      },
    };
  },
  bad: [{ files: { "run.sh": embed("--per_device_train_batch_size 1", "--train_group_size 1") } }],
  good: [{ files: { "run.sh": embed("--per_device_train_batch_size 32", "--train_group_size 1") } }],
};
