import { factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "LR108",
  id: "no-warmup",
  severity: "info",
  title: { en: "No warm-up", zh: "没有预热" },
  why: {
    en: "The first steps take the full learning rate while Adam's moments are still empty: they are unstable, for large models and in fp16 above all.",
    zh: "前几步在 Adam 动量尚未建立时就使用全部学习率，因而不稳定，大模型与 fp16 尤甚。",
  },
  fix: { en: "1 to 10 % of the steps.", zh: "取总步数的 1% 至 10%。" },
  sources: ["deepspeedai/DeepSpeedExamples#531", "hiyouga/LLaMA-Factory#4255"],
  *find({ args, dialect, ds }): Iterable<Hit> {
    // The other frameworks have a warm-up of their own by default.
    if (args === null || (dialect !== "hf" && dialect !== "llamafactory" && dialect !== "flagembedding")) return;
    const schedule = args.get("lr_scheduler_type");
    if (
      !args.has("learning_rate") ||
      ds?.doc.has("scheduler") === true ||
      (schedule !== null && (schedule.value === undefined || /^constant/.test(schedule.text)))
    )
      return;
    const names = ["warmup_steps", "warmup_ratio", "num_warmup_steps", "warmup_num_steps", "warmup"];
    for (const name of names) {
      const setting = args.get(name);
      if (setting !== null && (setting.value === undefined || (args.number(name) ?? 0) > 0)) return;
    }
    yield {
      at: args.place("learning_rate"),
      says: {
        en: "no warm-up is set: the first step takes the full learning rate",
        zh: "没有设置预热：第一步就使用全部学习率",
      },
    };
  },
  bad: [
    { files: { "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all").replace("warmup_steps: 20\n", "") } },
  ],
  good: [{ files: { "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all") } }],
};
