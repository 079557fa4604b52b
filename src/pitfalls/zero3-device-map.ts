import { zeroStage } from "../jobs/facts.ts";
import { removeSetting } from "./edits.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = ds({ zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: true } });

export const pitfall: Pitfall = {
  code: "ZT106",
  id: "zero3-device-map",
  severity: "error",
  title: { en: "device_map or low_cpu_mem_usage with stage 3", zh: "3 阶段使用 device_map 或 low_cpu_mem_usage" },
  why: {
    en: "Stage 3 partitions the model while it is loaded; a device_map wants to place whole layers. transformers refuses the pair.",
    zh: "3 阶段在加载时切分模型；device_map 则要放置完整的层。transformers 会拒绝。",
  },
  fix: { en: "Take the option out.", zh: "删除该选项。" },
  sources: ["QwenLM/Qwen#833", "hiyouga/LLaMA-Factory#199", "huggingface/accelerate#2543"],
  logs: [
    /DeepSpeed Zero-3 is not compatible with `?(?:low_cpu_mem_usage=True|passing a `?device_map)/i,
    /Zero-3 is not compatible with/i,
  ],
  *find(job): Iterable<Hit> {
    const { args } = job;
    const stage = zeroStage(job);
    if (args === null || stage?.value !== 3) return;
    for (const name of ["device_map", "low_cpu_mem_usage"]) {
      const setting = args.exactly(name);
      if (
        setting === null ||
        (name === "device_map"
          ? typeof setting.value !== "string" || /^(?:none|null|)$/i.test(setting.value)
          : !args.on(name))
      )
        continue;
      yield {
        at: setting.place,
        also: [stage.place],
        says: {
          en: `${setting.place.key} can't be combined with stage 3`,
          zh: `${setting.place.key} 不能与 3 阶段同时使用`,
        },
        fix: removeSetting(args, setting, job.argsFile?.doc ?? null),
      };
    }
  },
  bad: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10", "--device_map auto"), "ds_config.json": config } }],
  good: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": config } }],
};
