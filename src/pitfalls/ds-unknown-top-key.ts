import { topKeys } from "../catalog/names/deepspeed.ts";
import { nearest } from "../catalog/nearest.ts";
import { removeKey, renameKey } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** Keys with a pitfall of their own. */
const OTHERS = ["offload_optimizer", "offload_param", "grad_accum_dtype", "fp32_allreduce", "allreduce_always_fp32"];

const MOST = 50;

const COMMENT = /^(?:_|\$|#|\/\/|comment)|_comment$|^(?:comments?|note|description)$/i;

export const pitfall: Pitfall = {
  code: "SY102",
  id: "ds-unknown-top-key",
  severity: "warning",
  title: {
    en: "A key at the top of the DeepSpeed config that DeepSpeed does not know",
    zh: "DeepSpeed 配置顶层含有未知的键",
  },
  why: {
    en: "The top of the file is not validated: a misspelt key, or one that belongs to another tool, has no effect, and nothing says so.",
    zh: "文件顶层不做校验：写错的键或属于其他工具的键不起任何作用，也没有任何提示。",
  },
  fix: {
    en: "Write it as it is spelled, move it to where it belongs, or delete it.",
    zh: "改正拼写、移到所属的地方，或删除。",
  },
  sources: ["hiyouga/LLaMA-Factory#2483", "LianjiaTech/BELLE#134", "deepspeedai/DeepSpeed:deepspeed/runtime/config.py"],
  *find({ ds: file }): Iterable<Hit> {
    if (file === null) return;
    const { doc } = file;
    let told = 0;
    for (const { key } of doc.entries("")) {
      if (topKeys.includes(key) || OTHERS.includes(key) || COMMENT.test(key)) continue;
      // A file with more of them is no config that a person wrote.
      if (++told > MOST) return;
      const near = nearest(key, topKeys, 1)[0];
      const other = ACCELERATE.includes(key);
      yield {
        at: doc.place(key),
        says: {
          en: `DeepSpeed does not know ${key}: it has no effect${other ? ", it belongs in an accelerate file" : near === undefined ? "" : `; ${near} is probably meant`}`,
          zh: `DeepSpeed 不认识 ${key}：它不起作用${other ? "，应写在 accelerate 的文件里" : near === undefined ? "" : `；大概是想写 ${near}`}`,
        },
        fix: other || near === undefined ? removeKey(doc, key) : doc.has(near) ? undefined : renameKey(doc, key, near),
      };
    }
  },
  bad: [
    { files: { "ds.json": ds({ zero3_init_flag: true }) } },
    {
      files: {
        "ds.json": `{\n  "bf16": {"enabled": "auto"},\n  "zero_optimization": {"stage": 2},\n  "gradient_acumulation_steps": "auto",\n  "train_batch_size": "auto"\n}\n`,
      },
    },
  ],
  good: [{ files: { "ds.json": ds({ _comment: "ours", steps_per_print: 100, wall_clock_breakdown: false }) } }],
};

const ACCELERATE = [
  "zero3_init_flag",
  "zero_stage",
  "zero3_save_16bit_model",
  "offload_optimizer_device",
  "offload_param_device",
  "mixed_precision",
  "num_processes",
  "distributed_type",
];
