import { blockCurves } from "./curves.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

const config = (params: object): string => ds({ optimizer: { type: "AdamW", params } });

export const pitfall: Pitfall = {
  code: "ZE112",
  id: "ds-optimizer-params-missing",
  severity: "warning",
  title: {
    en: "A DeepSpeed optimizer without lr, betas, eps or weight_decay",
    zh: "DeepSpeed 的 optimizer 缺少 lr、betas、eps 或 weight_decay",
  },
  why: {
    en: "The Trainer fills only parameters that are there. A missing lr is 1e-3, a missing weight_decay 0.01, whatever the arguments say; a scheduler with warmup_max_lr sets the learning rate again.",
    zh: "Trainer 只填充已有的参数。缺少 lr 时为 1e-3，缺少 weight_decay 时为 0.01，与参数无关；带有 warmup_max_lr 的 scheduler 会重新设置学习率。",
  },
  fix: {
    en: 'lr, betas, eps and weight_decay, each "auto"; or no optimizer block.',
    zh: 'lr、betas、eps、weight_decay 都写上 "auto"；或不写 optimizer。',
  },
  sources: ["hiyouga/LLaMA-Factory#394", "huggingface/transformers:src/transformers/integrations/deepspeed.py"],
  *find(job): Iterable<Hit> {
    const { ds: file, args } = job;
    if (file === null || args === null || !byTrainer(job) || !file.doc.has("optimizer")) return;
    const { doc } = file;
    if (/^(?:sgd)$/i.test(doc.text("optimizer.type") ?? "")) return;
    const set = doc.has("scheduler.params.warmup_max_lr");
    if (!doc.has("optimizer.params.lr")) {
      yield {
        at: doc.place("optimizer.params.lr"),
        severity: set ? "info" : "error",
        says: set
          ? {
              en: "no lr: the scheduler's warmup_max_lr decides the learning rate",
              zh: "没有 lr：学习率由 scheduler 的 warmup_max_lr 决定",
            }
          : {
              en: `no lr: the optimizer trains at 1e-3${args.has("learning_rate") ? `, not at ${args.text("learning_rate") ?? "what is asked for"}` : ""}`,
              zh: `没有 lr：优化器以 1e-3 训练${args.has("learning_rate") ? `，而不是 ${args.text("learning_rate") ?? "所要求的值"}` : ""}`,
            },
        curves: set ? undefined : blockCurves(job, { optimizer: { lr: "auto" } }),
      };
    }
    const decay = args.number("weight_decay");
    if (!doc.has("optimizer.params.weight_decay") && decay !== undefined && decay !== 0.01) {
      yield {
        at: doc.place("optimizer.params.weight_decay"),
        says: {
          en: `no weight_decay: the optimizer takes its own default, not ${decay}`,
          zh: `没有 weight_decay：优化器使用自己的默认值，而不是 ${decay}`,
        },
      };
    }
    const betas = args.number("adam_beta1") ?? args.number("adam_beta2");
    if (!doc.has("optimizer.params.betas") && betas !== undefined) {
      yield {
        at: doc.place("optimizer.params.betas"),
        says: {
          en: "no betas: adam_beta1 and adam_beta2 have no effect",
          zh: "没有 betas：adam_beta1 与 adam_beta2 不起作用",
        },
      };
    }
  },
  bad: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": config({ betas: "auto" }) } },
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", "--weight_decay 0.1"),
        "ds_config.json": config({ lr: "auto" }),
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", "--weight_decay 0.1"),
        "ds_config.json": config({ lr: "auto", betas: "auto", eps: "auto", weight_decay: "auto" }),
      },
    },
  ],
};
