import { ds } from "./examples.ts";
import { removeKey } from "./edits.ts";
import type { Hit, Pitfall, Text } from "./pitfall.ts";

/** Keys that DeepSpeed once had, or has elsewhere. */
const KEYS: Readonly<Record<string, Text>> = {
  grad_accum_dtype: { en: "it belongs into data_types", zh: "应写在 data_types 内" },
  fp32_allreduce: {
    en: "the key is gone; gradients are communicated in the training's precision",
    zh: "该键已不存在；梯度按训练精度通信",
  },
  allreduce_always_fp32: {
    en: "the key is gone; gradients are communicated in the training's precision",
    zh: "该键已不存在；梯度按训练精度通信",
  },
};

export const pitfall: Pitfall = {
  code: "SY114",
  id: "ds-key-without-effect",
  severity: "warning",
  title: { en: "A key that does nothing at this place", zh: "写在此处不起作用的键" },
  why: {
    en: "DeepSpeed ignores it without a word: the gradients are kept and communicated in another precision than was asked for.",
    zh: "DeepSpeed 会默默忽略：梯度以另外的精度保存与通信。",
  },
  fix: {
    en: "data_types: {grad_accum_dtype: fp32}, or nothing.",
    zh: "写 data_types: {grad_accum_dtype: fp32}，或删除。",
  },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/config.py"],
  *find({ ds: file }): Iterable<Hit> {
    for (const [name, text] of Object.entries(KEYS)) {
      if (file?.doc.has(name) !== true) continue;
      yield {
        at: file.doc.place(name),
        says: { en: `${name} has no effect here: ${text.en}`, zh: `${name} 写在这里不起作用：${text.zh}` },
        fix: name === "grad_accum_dtype" ? undefined : removeKey(file.doc, name),
      };
    }
  },
  bad: [{ files: { "ds.json": ds({ grad_accum_dtype: "fp32" }) } }],
  good: [{ files: { "ds.json": ds({ data_types: { grad_accum_dtype: "fp32" } }) } }],
};
