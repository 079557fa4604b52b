import { removeKey } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (params: object): string =>
  ds({
    optimizer: { type: "AdamW", params: { lr: "auto", betas: "auto", eps: "auto", weight_decay: "auto", ...params } },
  });

export const pitfall: Pitfall = {
  code: "ZE103",
  id: "ds-optimizer-max-grad-norm",
  severity: "error",
  title: { en: "max_grad_norm among the optimizer's parameters", zh: "optimizer 的参数中含有 max_grad_norm" },
  why: {
    en: "Clipping is a key at the top of DeepSpeed's config; DeepSpeed refuses it in the optimizer.",
    zh: "梯度裁剪是 DeepSpeed 配置顶层的键；写在 optimizer 里会被拒绝。",
  },
  fix: { en: "gradient_clipping at the top of the file.", zh: "在文件顶层写 gradient_clipping。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/engine.py"],
  logs: [/'max_grad_norm' is not supported as an optimizer parameter/i],
  *find({ ds: file }): Iterable<Hit> {
    if (file === null || !file.doc.has("optimizer.params.max_grad_norm")) return;
    yield {
      at: file.doc.place("optimizer.params.max_grad_norm"),
      says: {
        en: "DeepSpeed refuses max_grad_norm here: write gradient_clipping at the top of the file",
        zh: "DeepSpeed 不接受写在这里的 max_grad_norm：请在文件顶层写 gradient_clipping",
      },
      // Where clipping is said at the top already, nothing is lost.
      fix: file.doc.has("gradient_clipping") ? removeKey(file.doc, "optimizer.params.max_grad_norm") : undefined,
    };
  },
  bad: [{ files: { "ds.json": config({ max_grad_norm: 1 }) } }],
  good: [{ files: { "ds.json": config({}) } }],
};
