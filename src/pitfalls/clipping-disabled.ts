import { ds, sh, train } from "./examples.ts";
import { replaceSetting, replaceValue } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const raw = {
  bf16: { enabled: true },
  train_batch_size: 32,
  train_micro_batch_size_per_gpu: 1,
  gradient_accumulation_steps: 4,
};

export const pitfall: Pitfall = {
  code: "ZE105",
  id: "clipping-disabled",
  severity: "warning",
  title: { en: "Gradient clipping is off", zh: "梯度裁剪被关闭" },
  why: {
    en: "One bad batch moves the weights by as much as its gradient is large: spikes, NaN, loss 0. DeepSpeed's own default was 0 (off) until 0.19.3, and is 1.0 since.",
    zh: "一个异常批次会按其梯度大小移动权重：出现尖峰、NaN、损失为 0。DeepSpeed 自身的默认值在 0.19.3 之前为 0（关闭），之后为 1.0。",
  },
  fix: { en: '1.0, or "auto" under the Trainer.', zh: '设为 1.0；由 Trainer 读取时写 "auto"。' },
  versions: { en: "the default changed in DeepSpeed 0.19.3", zh: "默认值在 DeepSpeed 0.19.3 中改变" },
  sources: ["FlagOpen/FlagEmbedding#593", "deepspeedai/DeepSpeed:deepspeed/runtime/constants.py"],
  *find(job): Iterable<Hit> {
    const { ds: file, args } = job;
    if (args?.number("max_grad_norm") === 0) {
      const setting = args.get("max_grad_norm");
      yield {
        at: args.place("max_grad_norm"),
        says: { en: "max_grad_norm 0 switches clipping off", zh: "max_grad_norm 为 0 会关闭裁剪" },
        fix:
          setting === null || file?.doc.number("gradient_clipping") !== undefined
            ? undefined
            : replaceSetting(setting, "1.0"),
      };
    }
    if (file === null) return;
    const value = file.doc.number("gradient_clipping");
    const says = { en: "gradients are not clipped", zh: "梯度没有裁剪" };
    if (value === 0 && (args === null || args.number("max_grad_norm") !== 0)) {
      yield {
        at: file.doc.place("gradient_clipping"),
        says,
        fix:
          job.reader === "trainer"
            ? replaceValue(file.doc, "gradient_clipping", '"auto"')
            : replaceValue(file.doc, "gradient_clipping", "1.0"),
      };
    } else if (
      job.reader === "deepspeed" &&
      !file.doc.has("gradient_clipping") &&
      !job.version("deepspeed").atLeast("0.19.3")
    ) {
      yield {
        at: file.doc.place("gradient_clipping"),
        severity: job.version("deepspeed").known ? "warning" : "info",
        says: {
          en: "no gradient_clipping: before DeepSpeed 0.19.3 gradients are then not clipped",
          zh: "没有 gradient_clipping：DeepSpeed 0.19.3 之前此时不裁剪梯度",
        },
      };
    }
  },
  bad: [
    {
      files: {
        "run.sh": sh("deepspeed --num_gpus 8 train.py", "--deepspeed_config ds.json"),
        "ds.json": ds({ ...raw, gradient_clipping: 0 }),
      },
    },
    { files: { "run.sh": train("--bf16", "--warmup_steps 10", "--max_grad_norm 0"), "ds_config.json": ds() } },
  ],
  good: [
    {
      files: {
        "run.sh": sh("deepspeed --num_gpus 8 train.py", "--deepspeed_config ds.json"),
        "ds.json": ds({ ...raw, gradient_clipping: 1 }),
      },
    },
  ],
};
