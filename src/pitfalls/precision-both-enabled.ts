import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "PR102",
  id: "precision-both-enabled",
  severity: "error",
  title: { en: "fp16 and bf16 both switched on", zh: "同时启用了 fp16 与 bf16" },
  why: {
    en: "DeepSpeed asserts that the two exclude each other, and so do TrainingArguments for their own pair. The run stops at its start.",
    zh: "DeepSpeed 断言二者互斥，TrainingArguments 对自己的两个参数也是如此。训练一开始就会报错退出。",
  },
  fix: {
    en: '"enabled": "auto" in both sections, and exactly one of --fp16 and --bf16. A literal true beside an argument that is off stops as well.',
    zh: '两处都写 "enabled": "auto"，并且只给出 --fp16 与 --bf16 其中之一。配置里写 true 而参数关闭同样会报错。',
  },
  sources: [
    "FlagOpen/FlagEmbedding#831",
    "deepspeedai/DeepSpeed:deepspeed/runtime/config.py",
    "huggingface/transformers:src/transformers/training_args.py",
  ],
  logs: [/bfloat16 and fp16 modes cannot be simultaneously enabled/i, /At most one of fp16 and bf16 can be True/i],
  *find({ ds, args }): Iterable<Hit> {
    for (const bf16 of ["bf16", "bfloat16"]) {
      if (ds?.doc.value("fp16.enabled") !== true || ds.doc.value(`${bf16}.enabled`) !== true) continue;
      yield {
        at: ds.doc.place("fp16.enabled"),
        also: [ds.doc.place(`${bf16}.enabled`)],
        says: {
          en: "fp16 and bf16 are both enabled: DeepSpeed stops",
          zh: "fp16 与 bf16 同时启用：DeepSpeed 会报错退出",
        },
      };
    }
    if (args?.on("fp16") === true && args.on("bf16")) {
      yield {
        at: args.place("fp16"),
        also: [args.place("bf16")],
        says: {
          en: "fp16 and bf16 are both on: TrainingArguments refuse it",
          zh: "fp16 与 bf16 同时打开：TrainingArguments 会拒绝",
        },
      };
    }
  },
  bad: [
    { files: { "ds_config.json": ds({ fp16: { enabled: true }, bf16: { enabled: true } }) } },
    { files: { "run.sh": train("--fp16", "--bf16", "--warmup_steps 10"), "ds_config.json": ds() } },
  ],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds({ fp16: { enabled: "auto" } }) } },
  ],
};
