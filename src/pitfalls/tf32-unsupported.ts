import { findGpu } from "../catalog/gpus.ts";
import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const script = sh(
  "torchrun --nproc_per_node 2 train.py",
  "--output_dir out",
  "--learning_rate 2e-5",
  "--warmup_steps 10",
  "--fp16 True",
  "--tf32 True",
);

export const pitfall: Pitfall = {
  code: "PR115",
  id: "tf32-unsupported",
  severity: "error",
  title: { en: "tf32 on a card that has none", zh: "显卡不支持 tf32" },
  why: {
    en: "TF32 came with Ampere; TrainingArguments refuses it on an older card. Told only where --gpu names the card.",
    zh: "TF32 从 Ampere 开始支持；在更旧的显卡上 TrainingArguments 会拒绝。仅在用 --gpu 给出显卡时检查。",
  },
  fix: { en: "Leave tf32 out.", zh: "删除 tf32。" },
  sources: ["huggingface/transformers:src/transformers/training_args.py"],
  logs: [/--tf32 requires Ampere or a newer GPU arch/i],
  *find({ args, context }): Iterable<Hit> {
    if (args === null || !args.on("tf32") || context.gpu === undefined) return;
    const search = findGpu(context.gpu);
    if (search.kind !== "found" || search.gpu.tf32 || search.gpu.vendor !== "nvidia") return;
    yield {
      at: args.place("tf32"),
      says: {
        en: `${search.gpu.name} has no tf32: the arguments are refused`,
        zh: `${search.gpu.name} 不支持 tf32：参数会被拒绝`,
      },
    };
  },
  bad: [{ files: { "run.sh": script }, context: { gpu: "v100-32gb-sxm" } }],
  good: [{ files: { "run.sh": script }, context: { gpu: "rtx3090" } }, { files: { "run.sh": script } }],
};
