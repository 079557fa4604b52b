import { ds, sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = sh("deepspeed --num_gpus 4 train.py", "--deepspeed_config ds.json");
const config = (keys: object): string =>
  ds({
    bf16: { enabled: true },
    train_batch_size: undefined,
    train_micro_batch_size_per_gpu: undefined,
    gradient_accumulation_steps: 4,
    gradient_clipping: 1,
    ...keys,
  });

export const pitfall: Pitfall = {
  code: "BA103",
  id: "batch-undefined",
  severity: "error",
  title: { en: "No batch size in the DeepSpeed config", zh: "DeepSpeed 配置没有批大小" },
  why: {
    en: "DeepSpeed needs train_batch_size or train_micro_batch_size_per_gpu; the accumulation alone says nothing. The Trainer fills only keys that are there.",
    zh: "DeepSpeed 需要 train_batch_size 或 train_micro_batch_size_per_gpu；只有累积步数不够。Trainer 只填充已有的键。",
  },
  fix: {
    en: 'train_micro_batch_size_per_gpu: a number, or "auto" under the Trainer.',
    zh: '写上 train_micro_batch_size_per_gpu：数值，或由 Trainer 读取时写 "auto"。',
  },
  sources: ["deepspeedai/DeepSpeed#17", "deepspeedai/DeepSpeed:deepspeed/runtime/config.py"],
  logs: [/Either train_batch_size or train_micro_batch_size_per_gpu needs to be provided/i],
  *find({ ds: file, reader }): Iterable<Hit> {
    if (file === null || (reader !== "deepspeed" && reader !== "trainer")) return;
    const { doc } = file;
    if (doc.has("train_batch_size") || doc.has("train_micro_batch_size_per_gpu") || doc.has("elasticity")) return;
    // accelerate writes the micro batch that it knows of, where the accumulation is left to it as well.
    if (reader === "trainer" && doc.has("gradient_accumulation_steps")) return;
    yield {
      at: doc.place("train_micro_batch_size_per_gpu"),
      says: {
        en: "neither train_batch_size nor train_micro_batch_size_per_gpu is there: DeepSpeed stops",
        zh: "train_batch_size 与 train_micro_batch_size_per_gpu 都没有：DeepSpeed 会报错退出",
      },
    };
  },
  bad: [{ files: { "run.sh": run, "ds.json": config({}) } }],
  good: [{ files: { "run.sh": run, "ds.json": config({ train_micro_batch_size_per_gpu: 2 }) } }],
};
