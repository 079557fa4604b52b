import { usesDeepSpeed } from "../jobs/facts.ts";
import { schedulerCurves } from "./curves.ts";
import { removeKey } from "./edits.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall, Severity } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

/** What each DeepSpeed scheduler does after its warm-up, by transformers' name for it. */
const SHAPES: Readonly<Record<string, string>> = {
  WarmupLR: "constant_with_warmup",
  WarmupDecayLR: "linear",
  WarmupCosineLR: "cosine",
};

const scheduler = (type: string): object => ({
  type,
  params: {
    warmup_min_lr: "auto",
    warmup_max_lr: "auto",
    warmup_num_steps: "auto",
    ...(type === "WarmupLR" ? {} : { total_num_steps: "auto" }),
    warmup_type: "linear",
  },
});

export const pitfall: Pitfall = {
  code: "LR101",
  id: "scheduler-overrides-hf",
  severity: "error",
  title: {
    en: "DeepSpeed's scheduler replaces lr_scheduler_type",
    zh: "DeepSpeed 的 scheduler 取代了 lr_scheduler_type",
  },
  why: {
    en: "Transformers builds its own schedule only where the DeepSpeed config has no scheduler block. The type of the block is never compared with lr_scheduler_type, and nothing is printed: WarmupLR stays flat after warm-up, WarmupDecayLR falls in a straight line.",
    zh: "只有当 DeepSpeed 配置里没有 scheduler 时，transformers 才会建立自己的学习率调度。scheduler 的类型从不与 lr_scheduler_type 比较，也不打印任何提示：WarmupLR 预热后保持不变，WarmupDecayLR 则沿直线下降。",
  },
  fix: {
    en: "Delete the scheduler block: transformers 4.34 and later (accelerate 0.23) put their own schedule around a DeepSpeed optimizer. Before that, delete the optimizer block as well.",
    zh: "删除 scheduler 部分：transformers 4.34 及以上（accelerate 0.23）会在 DeepSpeed 优化器上使用自己的调度。更早的版本还要一并删除 optimizer 部分。",
  },
  sources: [
    "QwenLM/Qwen3#577",
    "QwenLM/Qwen-VL#183",
    "hiyouga/LLaMA-Factory#394",
    "hiyouga/LLaMA-Factory#2495",
    "modelscope/ms-swift#491",
    "axolotl-ai-cloud/axolotl#909",
    "OpenBMB/MiniCPM-V#648",
    "huggingface/transformers:src/transformers/integrations/deepspeed.py",
  ],
  *find(job): Iterable<Hit> {
    const { ds, args } = job;
    if (ds === null || args === null || !usesDeepSpeed(job) || !byTrainer(job)) return;
    const type = ds.doc.text("scheduler.type");
    if (type === undefined) return;
    const asked = args.get("lr_scheduler_type");
    if (asked !== null && typeof asked.value !== "string") return;
    const wanted = asked === null ? "linear" : String(asked.value);
    const runs = SHAPES[type];
    if (asked === null && runs !== "constant_with_warmup") return;
    const severity: Severity =
      asked === null
        ? "warning"
        : runs === wanted || (type === "WarmupCosineLR" && wanted === "cosine_with_min_lr")
          ? "info"
          : "error";
    const transformers = job.version("transformers");
    const old = transformers.below("4.34") || job.version("accelerate").below("0.23");
    yield {
      at: ds.doc.place("scheduler.type"),
      also: asked === null ? [] : [asked.place],
      severity,
      says:
        severity === "info"
          ? {
              en: `${type} has the shape of lr_scheduler_type ${wanted}, but DeepSpeed owns the schedule: no other argument of the schedule has an effect`,
              zh: `${type} 与 lr_scheduler_type ${wanted} 形状相同，但调度由 DeepSpeed 掌管：其余调度参数均不起作用`,
            }
          : asked === null
            ? {
                en: `${type} keeps the learning rate flat after warm-up; without it transformers' default (linear decay) would run`,
                zh: `${type} 使学习率在预热后保持不变；没有它则会使用 transformers 的默认调度（线性衰减）`,
              }
            : {
                en: `lr_scheduler_type ${wanted} is asked for, but DeepSpeed's ${type} runs: ${OUTCOME[type]?.en ?? "another schedule"}`,
                zh: `要求的是 lr_scheduler_type ${wanted}，实际运行的却是 DeepSpeed 的 ${type}：${OUTCOME[type]?.zh ?? "另一种调度"}`,
              },
      fix: severity === "info" || (old && ds.doc.has("optimizer")) ? undefined : removeKey(ds.doc, "scheduler"),
      curves: severity === "info" ? undefined : schedulerCurves(job, wanted),
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 50", "--lr_scheduler_type cosine"),
        "ds_config.json": ds({ scheduler: scheduler("WarmupLR") }),
      },
    },
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 50", "--lr_scheduler_type constant_with_warmup"),
        "ds_config.json": ds({ scheduler: scheduler("WarmupDecayLR") }),
      },
    },
  ],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 50", "--lr_scheduler_type cosine"), "ds_config.json": ds() } },
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 50"),
        "ds_config.json": ds({ scheduler: scheduler("WarmupDecayLR") }),
      },
    },
  ],
};

const OUTCOME: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  WarmupLR: { en: "flat after warm-up", zh: "预热后保持不变" },
  WarmupDecayLR: { en: "a straight line to 0", zh: "沿直线降到 0" },
  WarmupCosineLR: { en: "a cosine with DeepSpeed's own warm-up and floor", zh: "带有 DeepSpeed 自身预热与下限的余弦" },
  OneCycle: { en: "one triangle up and down", zh: "先升后降的一个三角形" },
  LRRangeTest: { en: "an ever rising range test", zh: "不断上升的范围测试" },
};
