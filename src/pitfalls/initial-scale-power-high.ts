import { precisionOn } from "../jobs/facts.ts";
import { ds, train } from "./examples.ts";
import { replaceValue } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (power: number): string => ds({ fp16: { enabled: "auto", loss_scale: 0, initial_scale_power: power } });

export const pitfall: Pitfall = {
  code: "PR110",
  id: "initial-scale-power-high",
  severity: "warning",
  title: { en: "A loss scale that begins far too high", zh: "初始损失缩放过高" },
  why: {
    en: "Every overflow halves the scale and skips a step, with a learning rate of 0 in the log; from 2^32 it takes some sixteen of them to come down to where training usually begins.",
    zh: "每次溢出都会把缩放减半并跳过一步，日志中学习率为 0；从 2^32 降到通常的起点大约要跳过十六步。",
  },
  fix: { en: "initial_scale_power 16, or 12.", zh: "initial_scale_power 取 16 或 12。" },
  sources: ["PKU-Alignment/safe-rlhf#21", "deepspeedai/DeepSpeed:deepspeed/runtime/fp16/loss_scaler.py"],
  logs: [/Attempted loss scale: 4294967296/],
  *find(job): Iterable<Hit> {
    const power = job.ds?.doc.number("fp16.initial_scale_power");
    if (
      job.ds === null ||
      power === undefined ||
      power <= 20 ||
      precisionOn(job, "fp16") === null ||
      (job.ds.doc.number("fp16.loss_scale") ?? 0) !== 0
    )
      return;
    yield {
      at: job.ds.doc.place("fp16.initial_scale_power"),
      says: {
        en: `the loss scale begins at 2^${power}: about ${power - 16} steps are skipped`,
        zh: `损失缩放从 2^${power} 开始：大约跳过 ${power - 16} 步`,
      },
      fix: replaceValue(job.ds.doc, "fp16.initial_scale_power", "16"),
    };
  },
  bad: [{ files: { "run.sh": train("--fp16", "--warmup_steps 10"), "ds_config.json": config(32) } }],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": config(32) } },
    { files: { "run.sh": train("--fp16", "--warmup_steps 10"), "ds_config.json": config(16) } },
  ],
};
