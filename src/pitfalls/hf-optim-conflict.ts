import { removeSetting } from "./edits.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

const config = ds({
  optimizer: { type: "AdamW", params: { lr: "auto", betas: "auto", eps: "auto", weight_decay: "auto" } },
});

export const pitfall: Pitfall = {
  code: "HF104",
  id: "hf-optim-conflict",
  severity: "warning",
  title: {
    en: "The optimizer of the DeepSpeed config replaces --optim",
    zh: "DeepSpeed 配置中的 optimizer 取代了 --optim",
  },
  why: {
    en: "Where the DeepSpeed config has an optimizer, the Trainer builds none: --optim does nothing, and neither do learning rates by module. --adafactor stops transformers 4, and does nothing in 5.",
    zh: "DeepSpeed 配置里有 optimizer 时，Trainer 不再建立优化器：--optim 不起作用，按模块设置的学习率也不起作用。--adafactor 在 transformers 4 中报错，在 5 中不起作用。",
  },
  fix: { en: "Delete the optimizer block, or --optim.", zh: "删除 optimizer 部分，或删除 --optim。" },
  sources: ["huggingface/transformers:src/transformers/integrations/deepspeed.py"],
  logs: [/--adafactor was passed, but also found `?optimizer`? configured in the DeepSpeed config/i],
  *find(job): Iterable<Hit> {
    const { ds: file, args } = job;
    if (file === null || args === null || !byTrainer(job) || !file.doc.has("optimizer")) return;
    const adafactor = args.on("adafactor");
    const optim = args.get("optim");
    const at = adafactor ? args.get("adafactor") : optim;
    if (
      at === null ||
      (!adafactor && (typeof optim?.value !== "string" || /^adamw_(?:torch|hf)(?:_fused)?$/.test(optim.value)))
    )
      return;
    const type = file.doc.text("optimizer.type") ?? "its optimizer";
    yield {
      at: at.place,
      also: [file.doc.place("optimizer")],
      severity: adafactor && !job.version("transformers").atLeast("5.0") ? "error" : "warning",
      says: {
        en: `${adafactor ? "adafactor" : String(optim?.value)} has no effect: the DeepSpeed config's ${type} is used`,
        zh: `${adafactor ? "adafactor" : String(optim?.value)} 不起作用：使用的是 DeepSpeed 配置中的 ${type}`,
      },
      fix: adafactor ? undefined : removeSetting(args, at, job.argsFile?.doc ?? null),
    };
  },
  bad: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10", "--optim adafactor"), "ds_config.json": config } }],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10", "--optim adamw_torch"), "ds_config.json": config } },
  ],
};
