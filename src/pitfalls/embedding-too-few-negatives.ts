import { processesPerNode } from "../jobs/facts.ts";
import type { Job } from "../jobs/job.ts";
import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** Passages that a query of an embedding run is compared with; null where it can't be told, or is another kind of run. */
export function candidates(job: Job): number | null {
  const { args, dialect, launch } = job;
  if (args === null || dialect !== "flagembedding" || /rerank/i.test(launch?.module ?? "")) return null;
  const batch = args.has("per_device_train_batch_size") ? args.number("per_device_train_batch_size") : 8;
  const group = args.has("train_group_size") ? args.number("train_group_size") : 8;
  if (batch === undefined || group === undefined) return null;
  if (!args.on("negatives_cross_device")) return batch * group;
  const processes = processesPerNode(job);
  return processes === null ? null : batch * group * processes.value;
}

export const pitfall: Pitfall = {
  code: "EM101",
  id: "embedding-too-few-negatives",
  severity: "warning",
  title: { en: "A contrastive batch nearly without negatives", zh: "对比学习的批中几乎没有负例" },
  why: {
    en: "A query is compared with batch × group passages. With two or three of them the task is trivial, and the loss is close to 0 from the start without anything having been learned.",
    zh: "每个查询与 批大小 × 组大小 个段落比较。只有两三个时任务过于简单，损失一开始就接近 0，而模型并没有学到东西。",
  },
  fix: {
    en: "A larger batch, 8 to 16 passages per query with mined hard negatives, or negatives_cross_device on several GPUs.",
    zh: "增大批，每个查询配 8 至 16 个段落（使用挖掘的难负例），或在多 GPU 上启用 negatives_cross_device。",
  },
  sources: ["FlagOpen/FlagEmbedding#593", "FlagOpen/FlagEmbedding#179", "FlagOpen/FlagEmbedding#268"],
  *find(job): Iterable<Hit> {
    const count = candidates(job);
    if (count === null || count >= 8 || count < 2 || job.args === null) return;
    yield {
      at: job.args.place("per_device_train_batch_size"),
      also: [job.args.place("train_group_size")],
      says: {
        en: `each query is compared with ${count} passages only: the loss is near 0 whatever the model does`,
        zh: `每个查询只与 ${count} 个段落比较：无论模型如何，损失都接近 0`,
      },
    };
  },
  bad: [{ files: { "run.sh": embed("--per_device_train_batch_size 2", "--train_group_size 2") } }],
  good: [
    { files: { "run.sh": embed("--per_device_train_batch_size 16", "--train_group_size 8") } },
    {
      files: { "run.sh": embed("--per_device_train_batch_size 2", "--train_group_size 2", "--negatives_cross_device") },
    },
  ],
};
