import { usesDeepSpeed } from "../jobs/facts.ts";
import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "EM107",
  id: "embedding-fp16-unstable",
  severity: "info",
  title: { en: "Contrastive training in fp16 at a low temperature", zh: "低温度下以 fp16 进行对比学习" },
  why: {
    en: "A temperature of 0.02 makes logits up to 50, and the loss is computed in fp16: NaN (logged as 0.0) or a flat loss for some models.",
    zh: "温度为 0.02 时 logits 可达 50，而损失以 fp16 计算：某些模型会出现 NaN（记录为 0.0）或损失不变。",
  },
  fix: { en: "bf16 on Ampere and newer, fp32 elsewhere.", zh: "Ampere 及更新的显卡用 bf16，否则用 fp32。" },
  sources: ["FlagOpen/FlagEmbedding#1370", "FlagOpen/FlagEmbedding#353"],
  *find(job): Iterable<Hit> {
    const { args, dialect } = job;
    if (args === null || dialect !== "flagembedding" || usesDeepSpeed(job) || !args.on("fp16")) return;
    const temperature = args.number("temperature") ?? 0.02;
    if (temperature > 0.02 || (args.value("temperature") === undefined && args.has("temperature"))) return;
    yield {
      at: args.place("fp16"),
      says: {
        en: `fp16 with temperature ${temperature}: logits up to ${Math.round(1 / temperature)}`,
        zh: `fp16 且温度为 ${temperature}：logits 可达 ${Math.round(1 / temperature)}`,
      },
    };
  },
  bad: [{ files: { "run.sh": embed("--per_device_train_batch_size 16", "--fp16", "--temperature 0.02") } }],
  good: [{ files: { "run.sh": embed("--per_device_train_batch_size 16", "--bf16", "--temperature 0.02") } }],
};
