import { nearest } from "../catalog/nearest.ts";
import { replaceValue } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** DeepSpeed's own, in any case. */
const OWN = [
  "Adam",
  "AdamW",
  "Lamb",
  "OneBitAdam",
  "ZeroOneAdam",
  "OneBitLamb",
  "Lion",
  "Muon",
  "MuAdam",
  "MuAdamW",
  "MuSGD",
];
/** torch's, exactly so written. */
const TORCH = [
  "ASGD",
  "Adadelta",
  "Adafactor",
  "Adagrad",
  "Adamax",
  "LBFGS",
  "NAdam",
  "RAdam",
  "RMSprop",
  "Rprop",
  "SGD",
  "SparseAdam",
];
const block = (type: string): string =>
  ds({ optimizer: { type, params: { lr: "auto", betas: "auto", eps: "auto", weight_decay: "auto" } } });

export const pitfall: Pitfall = {
  code: "ZE122",
  id: "ds-unknown-optimizer",
  severity: "error",
  title: { en: "An optimizer that DeepSpeed does not have", zh: "DeepSpeed 没有的优化器" },
  why: {
    en: "optimizer.type is one of DeepSpeed's own names or a class of torch.optim; transformers' names, such as adamw_torch, are neither.",
    zh: "optimizer.type 只能是 DeepSpeed 自身的名称或 torch.optim 的类；adamw_torch 等 transformers 的名称两者都不是。",
  },
  fix: {
    en: "AdamW; or no optimizer block, and `optim` in the arguments.",
    zh: "写 AdamW；或不写 optimizer，改用参数 optim。",
  },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/engine.py"],
  logs: [/is not a supported DeepSpeed Optimizer/i],
  *find({ ds: file }): Iterable<Hit> {
    const type = file?.doc.text("optimizer.type");
    if (file === null || type === undefined || type === "auto") return;
    if (TORCH.includes(type) || OWN.some((name) => name.toLowerCase() === type.toLowerCase())) return;
    const near = /^adamw?_/i.test(type) ? "AdamW" : nearest(type, [...OWN, ...TORCH], 1)[0];
    yield {
      at: file.doc.place("optimizer.type"),
      says: {
        en: `DeepSpeed has no optimizer ${type}${near === undefined ? "" : `; ${near} is probably meant`}`,
        zh: `DeepSpeed 没有名为 ${type} 的优化器${near === undefined ? "" : `；大概是想写 ${near}`}`,
      },
      fix: near === "AdamW" ? replaceValue(file.doc, "optimizer.type", '"AdamW"') : undefined,
    };
  },
  bad: [{ files: { "ds.json": block("adamw_torch") } }],
  good: [{ files: { "ds.json": block("AdamW") } }, { files: { "ds.json": block("adamw") } }],
};
