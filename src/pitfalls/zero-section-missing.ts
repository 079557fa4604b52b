import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "ZE115",
  id: "zero-section-missing",
  severity: "error",
  title: { en: "No zero_optimization in a config for the Trainer", zh: "Trainer 读取的配置缺少 zero_optimization" },
  why: {
    en: "accelerate refuses a DeepSpeed config without the section, stage 0 included.",
    zh: "accelerate 拒绝没有该部分的 DeepSpeed 配置，即使是 0 阶段。",
  },
  fix: { en: "zero_optimization with a stage, 0 to 3.", zh: "写上 zero_optimization 及 0 至 3 的 stage。" },
  sources: ["huggingface/accelerate:src/accelerate/utils/dataclasses.py"],
  logs: [/Please specify the ZeRO optimization config in the DeepSpeed config/i],
  *find({ ds: file, reader }): Iterable<Hit> {
    if (file === null || (reader !== "trainer" && reader !== "accelerate") || file.doc.has("zero_optimization")) return;
    yield {
      at: file.doc.place("zero_optimization"),
      says: { en: "no zero_optimization: accelerate stops", zh: "没有 zero_optimization：accelerate 会报错退出" },
    };
  },
  bad: [
    {
      files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds({ zero_optimization: undefined }) },
    },
  ],
  good: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds({ zero_optimization: { stage: 0 } }),
      },
    },
  ],
};
