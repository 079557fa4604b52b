import { schedulerParams } from "../catalog/names/deepspeed.ts";
import { nearest } from "../catalog/nearest.ts";
import { removeKey, renameKey } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (type: string, params: object): string =>
  ds({
    scheduler: {
      type,
      params: { warmup_num_steps: "auto", warmup_type: "linear", total_num_steps: "auto", ...params },
    },
  });

export const pitfall: Pitfall = {
  code: "LR113",
  id: "ds-warmupcosine-params",
  severity: "error",
  title: { en: "A parameter that the scheduler does not take", zh: "scheduler 不接受的参数" },
  why: {
    en: "Each scheduler takes its own parameters, and stops with a TypeError at any other. WarmupCosineLR knows ratios of the optimizer's learning rate (warmup_min_ratio, cos_min_ratio), not warmup_min_lr and warmup_max_lr.",
    zh: "每种 scheduler 只接受自己的参数，遇到其他参数会以 TypeError 退出。WarmupCosineLR 使用相对于优化器学习率的比例（warmup_min_ratio、cos_min_ratio），不认识 warmup_min_lr 与 warmup_max_lr。",
  },
  fix: { en: "The parameters of this scheduler.", zh: "使用该 scheduler 自己的参数。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/lr_schedules.py"],
  logs: [/got an unexpected keyword argument '(?:warmup_m(?:in|ax)_lr|total_num_steps|warmup_\w+|cos_\w+)'/],
  *find({ ds: file }): Iterable<Hit> {
    if (file === null) return;
    const { doc } = file;
    const type = doc.text("scheduler.type") ?? "";
    const known = Object.hasOwn(schedulerParams, type) ? schedulerParams[type] : undefined;
    if (known === undefined) return;
    for (const { key } of doc.entries("scheduler.params")) {
      if (known.includes(key)) continue;
      const path = `scheduler.params.${key}`;
      const peak = key === "warmup_max_lr" || key === "warmup_min_lr";
      const near = peak ? undefined : nearest(key, known, 1)[0];
      yield {
        at: doc.place(path),
        says: {
          en: `${type} does not take ${key}: DeepSpeed stops with a TypeError${near === undefined ? "" : `; ${near} is probably meant`}`,
          zh: `${type} 不接受 ${key}：DeepSpeed 会以 TypeError 退出${near === undefined ? "" : `；大概是想写 ${near}`}`,
        },
        fix:
          near !== undefined && !doc.has(`scheduler.params.${near}`)
            ? renameKey(doc, path, near)
            : removeKey(doc, path),
      };
    }
  },
  bad: [{ files: { "ds.json": config("WarmupCosineLR", { warmup_min_lr: "auto", warmup_max_lr: "auto" }) } }],
  good: [
    { files: { "ds.json": config("WarmupCosineLR", { cos_min_ratio: 0 }) } },
    { files: { "ds.json": config("WarmupDecayLR", { warmup_max_lr: "auto" }) } },
  ],
};
