import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (params: object): string =>
  ds({
    scheduler: {
      type: "WarmupDecayLR",
      params: { warmup_max_lr: "auto", warmup_num_steps: "auto", warmup_type: "linear", ...params },
    },
  });

export const pitfall: Pitfall = {
  code: "LR110",
  id: "ds-total-steps-missing",
  severity: "error",
  title: {
    en: "WarmupDecayLR or WarmupCosineLR without total_num_steps",
    zh: "WarmupDecayLR 或 WarmupCosineLR 缺少 total_num_steps",
  },
  why: {
    en: 'The parameter is required, and "auto" fills only a key that is there: a TypeError at the start.',
    zh: '该参数必填，而 "auto" 只填充已有的键：启动时会出现 TypeError。',
  },
  fix: {
    en: 'total_num_steps: "auto" under the Trainer, the number of optimizer steps otherwise.',
    zh: '由 Trainer 读取时写 total_num_steps: "auto"，否则写优化器步数。',
  },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/lr_schedules.py"],
  logs: [/missing 1 required positional argument: 'total_num_steps'/],
  *find({ ds: file }): Iterable<Hit> {
    if (file === null) return;
    const type = file.doc.text("scheduler.type");
    if ((type !== "WarmupDecayLR" && type !== "WarmupCosineLR") || file.doc.has("scheduler.params.total_num_steps"))
      return;
    yield {
      at: file.doc.place("scheduler.params.total_num_steps"),
      says: {
        en: `${type} without total_num_steps: DeepSpeed stops with a TypeError`,
        zh: `${type} 缺少 total_num_steps：DeepSpeed 会以 TypeError 退出`,
      },
    };
  },
  bad: [{ files: { "ds.json": config({}) } }],
  good: [{ files: { "ds.json": config({ total_num_steps: "auto" }) } }],
};
