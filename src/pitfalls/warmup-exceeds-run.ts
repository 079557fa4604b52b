import { factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "LR117",
  id: "warmup-exceeds-run",
  severity: "warning",
  title: { en: "A warm-up as long as the run", zh: "预热与训练一样长" },
  why: {
    en: "The run ends before the peak, and the decay never begins.",
    zh: "训练在达到峰值之前就结束，衰减从未开始。",
  },
  fix: { en: "1 to 10 % of the steps.", zh: "取总步数的 1% 至 10%。" },
  sources: ["huggingface/transformers:src/transformers/optimization.py"],
  *find({ args }): Iterable<Hit> {
    const [warmup, total] = [args?.number("warmup_steps"), args?.number("max_steps")];
    if (args === null || warmup === undefined || total === undefined || total <= 0 || warmup < total) return;
    yield {
      at: args.place("warmup_steps"),
      also: [args.place("max_steps")],
      says: {
        en: `warmup_steps ${warmup} of max_steps ${total}: the peak is not reached`,
        zh: `warmup_steps ${warmup}，而 max_steps 为 ${total}：达不到峰值`,
      },
    };
  },
  bad: [{ files: { "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all", "max_steps: 20") } }],
  good: [{ files: { "train.yaml": factory("learning_rate: 1.0e-4", "lora_target: all", "max_steps: 2000") } }],
};
