import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { walk } from "./tools.ts";

export const pitfall: Pitfall = {
  code: "SY103",
  id: "json-duplicate-key",
  severity: "error",
  title: { en: "A key that is written twice in one object", zh: "同一对象中重复的键" },
  why: {
    en: "DeepSpeed's own reader stops. transformers and accelerate read with Python's json, which keeps the last one and drops the first without a word; so does YAML.",
    zh: "DeepSpeed 自己的读取器会报错。transformers 与 accelerate 使用 Python 的 json 读取，默默保留最后一个而丢弃前一个；YAML 也是如此。",
  },
  fix: { en: "Keep the one that you mean.", zh: "只保留想要的那一个。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/config_utils.py"],
  logs: [/Duplicate keys in DeepSpeed config/i],
  *find({ ds: file, argsFile, accelerate }): Iterable<Hit> {
    for (const doc of [file?.doc, argsFile?.form === "python" ? undefined : argsFile?.doc, accelerate?.doc]) {
      if (doc === undefined) continue;
      for (const { path, node } of walk(doc)) {
        if (node.kind !== "map") continue;
        const first = new Map<string, number>();
        for (const { key, keyRange } of node.entries) {
          const count = (first.get(key) ?? 0) + 1;
          first.set(key, count);
          if (count < 2) continue;
          yield {
            at: { source: doc.source, key: doc.key(path === "" ? key : `${path}.${key}`), range: keyRange },
            says: {
              en: `${key} is written twice: DeepSpeed stops, transformers and accelerate take this one and drop the other`,
              zh: `${key} 写了两次：DeepSpeed 会报错退出，transformers 与 accelerate 取这一个而丢弃另一个`,
            },
          };
        }
      }
    }
  },
  bad: [
    {
      files: {
        "ds.json":
          '{\n  "fp16": {"enabled": "auto"},\n  "zero_optimization": {"stage": 2},\n  "fp16": {"enabled": true},\n  "train_batch_size": "auto"\n}\n',
      },
    },
  ],
  good: [{ files: { "ds.json": ds() } }],
};
