import { nearest } from "../catalog/nearest.ts";
import { zeroStage } from "../jobs/facts.ts";
import { ds } from "./examples.ts";
import { replaceValue } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** DeepSpeed's own optimizers; every class of torch.optim is taken as well, but ZeRO does not know it. */
const OWN = [
  "Adam",
  "AdamW",
  "Lamb",
  "OneBitAdam",
  "OneBitLamb",
  "ZeroOneAdam",
  "Lion",
  "Muon",
  "Adagrad",
  "MuAdam",
  "MuAdamW",
  "MuSGD",
];
const TORCH = [
  "SGD",
  "RMSprop",
  "Adadelta",
  "Adamax",
  "NAdam",
  "RAdam",
  "ASGD",
  "LBFGS",
  "Rprop",
  "SparseAdam",
  "Adafactor",
];

const config = (type: string, more: object = {}): string =>
  ds({ optimizer: { type, params: { lr: "auto", betas: "auto", eps: "auto", weight_decay: "auto" } }, ...more });

export const pitfall: Pitfall = {
  code: "ZE110",
  id: "zero-untested-optimizer",
  severity: "error",
  title: {
    en: "An optimizer that ZeRO has not been tested with, or that is none",
    zh: "ZeRO 未测试过、或根本不存在的优化器",
  },
  why: {
    en: "In the DeepSpeed config the type is a name of DeepSpeed's, or a class of torch.optim; transformers' names (adamw_torch) stop it. With ZeRO on, every optimizer but DeepSpeed's own asks for zero_allow_untested_optimizer, which the Trainer sets only where there is no optimizer block.",
    zh: "DeepSpeed 配置中的 type 应是 DeepSpeed 自己的名称或 torch.optim 的类；transformers 的名称（adamw_torch）会报错。启用 ZeRO 时，除 DeepSpeed 自己的优化器外都需要 zero_allow_untested_optimizer，而 Trainer 只在没有 optimizer 部分时才设置它。",
  },
  fix: {
    en: "AdamW, or zero_allow_untested_optimizer: true.",
    zh: "使用 AdamW，或设 zero_allow_untested_optimizer: true。",
  },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/engine.py"],
  logs: [/You are using an untested ZeRO Optimizer/i, /(?:is not a supported optimizer|unsupported optimizer)/i],
  *find(job): Iterable<Hit> {
    const { ds: file } = job;
    const type = file?.doc.text("optimizer.type");
    if (file === null || type === undefined) return;
    // DeepSpeed compares its own names without their case.
    if (OWN.some((name) => name.toLowerCase() === type.toLowerCase())) return;
    const torch = TORCH.includes(type);
    const stage = zeroStage(job)?.value ?? 0;
    if (torch && (stage === 0 || file.doc.value("zero_allow_untested_optimizer") === true)) return;
    const near = /^adamw/i.test(type) ? "AdamW" : nearest(type, [...OWN, ...TORCH], 1)[0];
    yield {
      at: file.doc.place("optimizer.type"),
      says: torch
        ? {
            en: `${type} with ZeRO needs zero_allow_untested_optimizer: true`,
            zh: `${type} 与 ZeRO 同用需要 zero_allow_untested_optimizer: true`,
          }
        : {
            en: `DeepSpeed has no optimizer ${type}${near === undefined ? "" : `; ${near} is probably meant`}`,
            zh: `DeepSpeed 没有名为 ${type} 的优化器${near === undefined ? "" : `；大概是想写 ${near}`}`,
          },
      fix: !torch && near === "AdamW" ? replaceValue(file.doc, "optimizer.type", '"AdamW"') : undefined,
    };
  },
  bad: [{ files: { "ds.json": config("adamw_torch") } }, { files: { "ds.json": config("SGD") } }],
  good: [
    { files: { "ds.json": config("AdamW") } },
    { files: { "ds.json": config("SGD", { zero_allow_untested_optimizer: true }) } },
  ],
};
