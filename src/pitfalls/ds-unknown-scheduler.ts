import { schedulerParams } from "../catalog/names/deepspeed.ts";
import { nearest } from "../catalog/nearest.ts";
import { ds } from "./examples.ts";
import { replaceValue } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const KNOWN = Object.keys(schedulerParams);
const config = (type: string): string =>
  ds({ scheduler: { type, params: { warmup_max_lr: "auto", warmup_num_steps: "auto", warmup_type: "linear" } } });

export const pitfall: Pitfall = {
  code: "LR112",
  id: "ds-unknown-scheduler",
  severity: "error",
  title: { en: "A scheduler that DeepSpeed does not have", zh: "DeepSpeed 没有的 scheduler" },
  why: {
    en: "DeepSpeed takes five names of its own. Names of transformers (cosine) stop it; those of torch (CosineAnnealingLR) stop it as soon as ZeRO is on.",
    zh: "DeepSpeed 只接受自己的五个名称。transformers 的名称（cosine）会报错；torch 的名称（CosineAnnealingLR）在启用 ZeRO 时会报错。",
  },
  fix: {
    en: `One of ${KNOWN.join(", ")}, or no scheduler block, so that the Trainer owns the schedule.`,
    zh: `使用 ${KNOWN.join("、")} 之一，或不写 scheduler，由 Trainer 掌管调度。`,
  },
  sources: ["deepspeedai/DeepSpeed#3492", "deepspeedai/DeepSpeed:deepspeed/runtime/engine.py"],
  logs: [/does not recognize LR scheduler/i, /DeepSpeedZeroOptimizer is not an Optimizer/i],
  *find({ ds: file }): Iterable<Hit> {
    if (file === null) return;
    const type = file.doc.text("scheduler.type");
    if (type === undefined || KNOWN.includes(type)) return;
    const near = nearest(type, KNOWN, 1)[0];
    yield {
      at: file.doc.place("scheduler.type"),
      says: {
        en: `DeepSpeed has no scheduler ${type}${near === undefined ? "" : `; ${near} is probably meant`}`,
        zh: `DeepSpeed 没有名为 ${type} 的 scheduler${near === undefined ? "" : `；大概是想写 ${near}`}`,
      },
      fix:
        near !== undefined && near.toLowerCase() === type.toLowerCase()
          ? replaceValue(file.doc, "scheduler.type", `"${near}"`)
          : undefined,
    };
  },
  bad: [{ files: { "ds.json": config("CosineAnnealingLR") } }, { files: { "ds.json": config("warmuplr") } }],
  good: [{ files: { "ds.json": config("WarmupLR") } }],
};
