import { precisionOn } from "../jobs/facts.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (power: number): string =>
  ds({
    fp16: { enabled: "auto", loss_scale: 0, initial_scale_power: power },
    scheduler: {
      type: "WarmupDecayLR",
      params: { warmup_max_lr: "auto", warmup_num_steps: "auto", total_num_steps: "auto", warmup_type: "linear" },
    },
  });

export const pitfall: Pitfall = {
  code: "PR106",
  id: "fp16-lr-zero-log",
  severity: "info",
  title: {
    en: "fp16 with a DeepSpeed scheduler logs a learning rate of 0 at first",
    zh: "fp16 搭配 DeepSpeed scheduler 起初会记录学习率为 0",
  },
  why: {
    en: "While the loss scale is too high, gradients overflow and steps are skipped; the scheduler has not stepped yet, and the Trainer logs 0. It ends by itself as soon as the scale fits, unless the model overflows in fp16 altogether.",
    zh: "损失缩放过高时梯度溢出、步骤被跳过；scheduler 尚未前进，Trainer 便记录 0。缩放合适后会自行恢复，除非模型在 fp16 下始终溢出。",
  },
  fix: {
    en: "bf16, or a smaller initial_scale_power (12), or no scheduler block.",
    zh: "使用 bf16，或更小的 initial_scale_power（12），或不写 scheduler。",
  },
  sources: ["huggingface/transformers#10362", "LianjiaTech/BELLE#134", "FlagOpen/FlagEmbedding#831"],
  logs: [/tried to get lr value before scheduler\/optimizer started stepping/i],
  *find(job): Iterable<Hit> {
    const { ds: file } = job;
    if (file === null || !file.doc.has("scheduler") || precisionOn(job, "fp16") === null) return;
    const { doc } = file;
    if ((doc.number("fp16.loss_scale") ?? 0) !== 0 || (doc.number("fp16.initial_scale_power") ?? 16) < 16) return;
    yield {
      at: doc.place("fp16.initial_scale_power"),
      says: {
        en: `the loss scale begins at 2^${doc.number("fp16.initial_scale_power") ?? 16}: the first steps may be skipped, with a learning rate of 0 in the log`,
        zh: `损失缩放从 2^${doc.number("fp16.initial_scale_power") ?? 16} 开始：最初几步可能被跳过，日志中学习率为 0`,
      },
    };
  },
  bad: [{ files: { "run.sh": train("--fp16", "--warmup_steps 10"), "ds_config.json": config(16) } }],
  good: [{ files: { "run.sh": train("--fp16", "--warmup_steps 10"), "ds_config.json": config(12) } }],
};
