import { blockCurves } from "./curves.ts";
import { replaceValue } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const block = (warmup_type: string): string =>
  ds({
    scheduler: {
      type: "WarmupDecayLR",
      params: {
        warmup_min_lr: "auto",
        warmup_max_lr: "auto",
        warmup_num_steps: "auto",
        total_num_steps: "auto",
        warmup_type,
      },
    },
  });

export const pitfall: Pitfall = {
  code: "LR124",
  id: "ds-unknown-warmup-type",
  severity: "error",
  title: { en: "A warmup_type that DeepSpeed does not have", zh: "DeepSpeed 没有的 warmup_type" },
  why: {
    en: "There are log and linear. Any other word is logged and taken as log; before 0.19.3 WarmupCosineLR crashes at it.",
    zh: "只有 log 与 linear。其他值只在日志中提示，并按 log 处理；0.19.3 之前的 WarmupCosineLR 会因此崩溃。",
  },
  fix: { en: 'warmup_type: "linear".', zh: '写 warmup_type: "linear"。' },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/lr_schedules.py"],
  logs: [/Using unknown warmup_type/i],
  *find(job): Iterable<Hit> {
    const path = "scheduler.params.warmup_type";
    const type = job.ds?.doc.text(path);
    if (job.ds === null || type === undefined || type === "log" || type === "linear") return;
    // A word that nobody fills stops transformers before DeepSpeed sees it.
    if (type === "auto" && job.reader !== null && job.reader !== "deepspeed") return;
    yield {
      at: job.ds.doc.place(path),
      says: {
        en: `warmup_type ${type} is none of log and linear: DeepSpeed warms up along a logarithm`,
        zh: `warmup_type ${type} 既不是 log 也不是 linear：DeepSpeed 按对数预热`,
      },
      fix: replaceValue(job.ds.doc, path, '"linear"'),
      curves: blockCurves(job, { scheduler: { warmup_type: "linear" } }),
    };
  },
  bad: [{ files: { "ds.json": block("cosine") } }, { files: { "ds.json": block("auto") } }],
  good: [{ files: { "ds.json": block("linear") } }],
};
