import type { Job } from "../jobs/job.ts";
import { removeKey, renameKey, replaceValue } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Edit, Hit, Pitfall } from "./pitfall.ts";

const RENAMED: Readonly<Record<string, string>> = {
  cpu_offload: "offload_optimizer",
  cpu_offload_param: "offload_param",
  cpu_offload_params: "offload_param",
  cpu_offload_use_pin_memory: "offload_optimizer.pin_memory",
  stage3_gather_fp16_weights_on_model_save: "stage3_gather_16bit_weights_on_model_save",
};

/** The new key with what the old one meant; undefined where both stand there, or a person has to choose. */
function mended({ ds: file }: Job, key: string, to: string): readonly Edit[] | undefined {
  if (file === null) return undefined;
  const { doc } = file;
  const path = `zero_optimization.${key}`;
  const value = doc.value(path);
  if (doc.has(`zero_optimization.${to}`) || typeof value !== "boolean") return undefined;
  if (key.startsWith("stage3_")) return renameKey(doc, path, to);
  if (key === "cpu_offload_use_pin_memory" || doc.has("zero_optimization.cpu_offload_use_pin_memory")) return undefined;
  if (!value) return removeKey(doc, path);
  return doc.prefix === "" && doc.source.path.endsWith(".json")
    ? [...renameKey(doc, path, to), ...replaceValue(doc, path, '{ "device": "cpu" }')]
    : undefined;
}

export const pitfall: Pitfall = {
  code: "ZE102",
  id: "zero-deprecated-key",
  severity: "warning",
  title: { en: "A key of zero_optimization that has another name by now", zh: "zero_optimization 中已更名的键" },
  why: {
    en: "DeepSpeed still translates most of them and warns; beside the new key they stop the run. accelerate knows the new names only: with cpu_offload it leaves the optimizer alone, and DeepSpeed refuses an offload with it.",
    zh: "DeepSpeed 仍会转换其中大多数并给出警告；与新键并存则会报错。accelerate 只认识新名称：使用 cpu_offload 时它不会替换优化器，DeepSpeed 于是拒绝卸载。",
  },
  fix: {
    en: "offload_optimizer and offload_param sections; stage3_gather_16bit_weights_on_model_save.",
    zh: "改用 offload_optimizer、offload_param 部分；以及 stage3_gather_16bit_weights_on_model_save。",
  },
  sources: [
    "deepspeedai/DeepSpeed#912",
    "deepspeedai/DeepSpeed#1536",
    "deepspeedai/DeepSpeed:deepspeed/runtime/zero/config.py",
  ],
  logs: [/Config parameter \S+ is deprecated/i, /this format of ZeRO optimization setup is deprecated/i],
  *find(job): Iterable<Hit> {
    if (job.ds === null) return;
    const { doc } = job.ds;
    if (typeof doc.value("zero_optimization") === "boolean") {
      yield {
        at: doc.place("zero_optimization"),
        says: {
          en: "zero_optimization as a switch is the form of 2020: it means stage 1",
          zh: "把 zero_optimization 写成开关是 2020 年的写法：它表示 1 阶段",
        },
      };
    }
    for (const { key } of doc.entries("zero_optimization")) {
      if (!Object.hasOwn(RENAMED, key)) continue;
      const to = RENAMED[key] ?? "";
      const both = doc.has(`zero_optimization.${to}`);
      yield {
        at: doc.place(`zero_optimization.${key}`),
        severity: both ? "error" : "warning",
        says: both
          ? {
              en: `${key} stands beside ${to}, which replaced it: DeepSpeed stops`,
              zh: `${key} 与取代它的 ${to} 并存：DeepSpeed 会报错退出`,
            }
          : { en: `${key} was replaced by ${to}`, zh: `${key} 已被 ${to} 取代` },
        fix: mended(job, key, to),
      };
    }
  },
  bad: [
    { files: { "ds.json": ds({ zero_optimization: { stage: 2, cpu_offload: true } }) } },
    { files: { "ds.json": ds({ zero_optimization: { stage: 3, stage3_gather_fp16_weights_on_model_save: true } }) } },
  ],
  good: [
    {
      files: {
        "ds.json": ds({ zero_optimization: { stage: 2, offload_optimizer: { device: "cpu", pin_memory: true } } }),
      },
    },
  ],
};
