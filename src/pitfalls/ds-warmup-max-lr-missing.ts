import { blockCurves } from "./curves.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

const optimizer = { type: "AdamW", params: { lr: 1e-5 } };
const block = (type: string, params: object): string =>
  ds({
    bf16: { enabled: true },
    optimizer,
    scheduler: { type, params: { warmup_min_lr: 0, warmup_num_steps: 100, warmup_type: "linear", ...params } },
    train_batch_size: 8,
    train_micro_batch_size_per_gpu: 1,
    gradient_accumulation_steps: 1,
    gradient_clipping: 1,
  });

export const pitfall: Pitfall = {
  code: "LR104",
  id: "ds-warmup-max-lr-missing",
  severity: "error",
  title: { en: "A warm-up scheduler without warmup_max_lr", zh: "预热调度缺少 warmup_max_lr" },
  why: {
    en: "warmup_max_lr is 0.001 unless it is written, whatever the optimizer's learning rate is. From DeepSpeed 0.17.2 WarmupLR takes the optimizer's; WarmupDecayLR never does.",
    zh: "不写 warmup_max_lr 时其值为 0.001，与优化器的学习率无关。DeepSpeed 0.17.2 起 WarmupLR 会取优化器的学习率；WarmupDecayLR 则始终不会。",
  },
  fix: {
    en: 'Write warmup_max_lr: "auto" under the Trainer, the number otherwise.',
    zh: '写上 warmup_max_lr：由 Trainer 读取时写 "auto"，否则写数值。',
  },
  versions: {
    en: "WarmupLR before DeepSpeed 0.17.2; WarmupDecayLR in all",
    zh: "DeepSpeed 0.17.2 之前的 WarmupLR；所有版本的 WarmupDecayLR",
  },
  sources: ["deepspeedai/DeepSpeed#7303", "deepspeedai/DeepSpeed#7360", "hiyouga/LLaMA-Factory#1515"],
  *find(job): Iterable<Hit> {
    if (job.ds === null) return;
    const { doc } = job.ds;
    const type = doc.text("scheduler.type");
    const deepspeed = job.version("deepspeed");
    if (type !== "WarmupLR" && type !== "WarmupDecayLR") return;
    if (doc.has("scheduler.params.warmup_max_lr")) return;
    if (type === "WarmupLR" && deepspeed.atLeast("0.17.2")) return;
    const lr = doc.number("optimizer.params.lr") ?? (byTrainer(job) ? job.args?.number("learning_rate") : undefined);
    const certain = type === "WarmupDecayLR" || deepspeed.below("0.17.2");
    yield {
      at: doc.place("scheduler.params.warmup_max_lr"),
      severity: certain ? "error" : "warning",
      says: {
        en: `${type} without warmup_max_lr trains at 0.001${lr === undefined ? "" : `, not at ${lr}`}${certain ? "" : " before DeepSpeed 0.17.2"}`,
        zh: `${type} 缺少 warmup_max_lr：${certain ? "" : "在 DeepSpeed 0.17.2 之前"}会以 0.001${lr === undefined ? "" : ` 而不是 ${lr}`} 训练`,
      },
      curves: lr === undefined || !certain ? undefined : blockCurves(job, { scheduler: { warmup_max_lr: lr } }),
    };
  },
  bad: [
    { files: { "ds.json": block("WarmupDecayLR", { total_num_steps: 1000 }) } },
    { files: { "ds.json": block("WarmupLR", {}), "requirements.txt": "deepspeed==0.16.8\n" } },
  ],
  good: [
    { files: { "ds.json": block("WarmupLR", { warmup_max_lr: 1e-5 }) } },
    { files: { "ds.json": block("WarmupLR", {}), "requirements.txt": "deepspeed==0.18.0\n" } },
  ],
};
