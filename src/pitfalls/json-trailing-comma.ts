import { ds, train } from "./examples.ts";
import { jsonIssues } from "./json-comment.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "SY108",
  id: "json-trailing-comma",
  severity: "error",
  title: { en: "A comma before a closing bracket in JSON", zh: "JSON 中右括号前的逗号" },
  why: {
    en: "transformers and accelerate read with Python's json, which refuses it. DeepSpeed's own reader (hjson) doesn't.",
    zh: "transformers 与 accelerate 使用 Python 的 json 读取，会拒绝。DeepSpeed 自己的读取器（hjson）不会。",
  },
  fix: { en: "Take the comma out.", zh: "删除该逗号。" },
  sources: ["deepspeedai/DeepSpeed#6685"],
  logs: [/Expecting property name enclosed in double quotes/, /Illegal trailing comma before end of (?:object|array)/i],
  *find(job): Iterable<Hit> {
    for (const { source, issue, severity } of jsonIssues(job, "trailing-comma")) {
      yield {
        at: { source, key: ",", range: issue.range },
        severity,
        says:
          severity === "info"
            ? {
                en: "a comma before the bracket: DeepSpeed reads it, transformers and accelerate would not",
                zh: "右括号前的逗号：DeepSpeed 可以读取，transformers 与 accelerate 则不行",
              }
            : {
                en: "a comma before the bracket: transformers and accelerate can't read the file",
                zh: "右括号前的逗号：transformers 与 accelerate 无法读取该文件",
              },
        fix: severity === "info" ? undefined : [{ source, range: issue.range, text: "" }],
      };
    }
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds().replace('"overlap_comm": false', '"overlap_comm": false,'),
      },
    },
  ],
  good: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds() } }],
};
