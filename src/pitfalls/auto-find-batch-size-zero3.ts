import { zeroStage } from "../jobs/facts.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const zero = (stage: number): string =>
  ds({ zero_optimization: { stage, ...(stage === 3 ? { stage3_gather_16bit_weights_on_model_save: true } : {}) } });

export const pitfall: Pitfall = {
  code: "ZT109",
  id: "auto-find-batch-size-zero3",
  severity: "error",
  title: { en: "auto_find_batch_size with stage 3", zh: "3 阶段使用 auto_find_batch_size" },
  why: {
    en: "A smaller batch means preparing the partitioned model anew, which can't be done; the Trainer refuses it.",
    zh: "换用更小的批需要重新准备已切分的模型，而这无法做到；Trainer 会拒绝。",
  },
  fix: { en: "A batch that fits, and the option off.", zh: "设置合适的批大小，并关闭该选项。" },
  sources: ["huggingface/transformers:src/transformers/trainer.py"],
  logs: [/`?auto_find_batch_size`? isn't supported yet with DeepSpeed Zero-3/i],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    if (job.args === null || stage?.value !== 3 || !job.args.on("auto_find_batch_size")) return;
    yield {
      at: job.args.place("auto_find_batch_size"),
      also: [stage.place],
      says: {
        en: "the Trainer refuses auto_find_batch_size under stage 3",
        zh: "Trainer 在 3 阶段下拒绝 auto_find_batch_size",
      },
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", "--auto_find_batch_size True"),
        "ds_config.json": zero(3),
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", "--auto_find_batch_size True"),
        "ds_config.json": zero(2),
      },
    },
  ],
};
