import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (total: number): string =>
  ds({
    bf16: { enabled: true },
    scheduler: {
      type: "WarmupDecayLR",
      params: { warmup_max_lr: 1e-5, warmup_num_steps: 500, warmup_type: "linear", total_num_steps: total },
    },
    train_batch_size: 8,
    train_micro_batch_size_per_gpu: 1,
    gradient_accumulation_steps: 1,
    gradient_clipping: 1,
  });

export const pitfall: Pitfall = {
  code: "LR111",
  id: "ds-total-steps-inconsistent",
  severity: "warning",
  title: { en: "total_num_steps is shorter than the warm-up or the run", zh: "total_num_steps 短于预热或训练长度" },
  why: {
    en: "The decay ends at total_num_steps, and the learning rate is 0 from there on; a total below the warm-up never reaches the peak's decay at all. Steps are optimizer steps, not micro batches.",
    zh: "衰减在 total_num_steps 处结束，此后学习率为 0；总步数少于预热时根本不会进入衰减。这里的步是优化器步，不是微批。",
  },
  fix: {
    en: '"auto" under the Trainer, or the number of optimizer steps of the run.',
    zh: '由 Trainer 读取时写 "auto"，否则写训练的优化器步数。',
  },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/lr_schedules.py"],
  logs: [/total_num_steps \d+ is less than warmup_num_steps \d+/i],
  *find({ ds: file, args }): Iterable<Hit> {
    if (file === null) return;
    const { doc } = file;
    const total = doc.number("scheduler.params.total_num_steps");
    const warmup = doc.number("scheduler.params.warmup_num_steps");
    const steps = args?.number("max_steps");
    if (total === undefined) return;
    const short =
      warmup !== undefined && total < warmup
        ? { name: "warmup_num_steps", value: warmup }
        : steps !== undefined && steps > total
          ? { name: "max_steps", value: steps }
          : null;
    if (short === null) return;
    yield {
      at: doc.place("scheduler.params.total_num_steps"),
      says: {
        en: `total_num_steps ${total} is below ${short.name} ${short.value}`,
        zh: `total_num_steps ${total} 小于 ${short.name} ${short.value}`,
      },
    };
  },
  bad: [{ files: { "ds.json": config(100) } }],
  good: [{ files: { "ds.json": config(5000) } }],
};
