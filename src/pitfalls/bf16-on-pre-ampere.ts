import { precisionOn } from "../jobs/facts.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { cardWithoutBf16 } from "./tools.ts";

export const pitfall: Pitfall = {
  code: "PR107",
  id: "bf16-on-pre-ampere",
  severity: "error",
  title: { en: "bf16 on a card that has none", zh: "在不支持 bf16 的显卡上使用 bf16" },
  why: {
    en: "V100, P100, T4 and RTX 20 cards have no bf16: TrainingArguments or DeepSpeed refuse it.",
    zh: "V100、P100、T4 与 RTX 20 系列没有 bf16：TrainingArguments 或 DeepSpeed 会拒绝。",
  },
  fix: { en: "fp16, or fp32 for weights that were made in bf16.", zh: "使用 fp16；若权重以 bf16 训练，则用 fp32。" },
  sources: ["tatsu-lab/stanford_alpaca#133", "deepspeedai/DeepSpeed#6723"],
  logs: [
    /Your setup doesn't support bf16\/gpu/i,
    /Type bf16 is not supported on your device/i,
    /bf16 mixed precision requires PyTorch/i,
  ],
  *find(job): Iterable<Hit> {
    const bf16 = precisionOn(job, "bf16");
    const name = cardWithoutBf16(job);
    if (bf16 === null || name === null) return;
    yield { at: bf16.place, says: { en: `${name} has no bf16`, zh: `${name} 不支持 bf16` } };
  },
  bad: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds() }, context: { gpu: "v100-32" } },
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10").replace("#!/bin/bash", "#!/bin/bash\n#SBATCH --gres=gpu:v100:8"),
        "ds_config.json": ds(),
      },
    },
  ],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds() }, context: { gpu: "a100-80" } },
  ],
};
