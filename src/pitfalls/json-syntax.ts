import { ds, train } from "./examples.ts";
import { jsonIssues } from "./json-comment.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "SY109",
  id: "json-syntax",
  severity: "error",
  title: { en: "A file that is no JSON", zh: "文件不是合法的 JSON" },
  why: {
    en: "A bracket, a quote or a comma is missing or too many: nobody can read the file.",
    zh: "缺少或多了括号、引号、逗号：任何组件都无法读取该文件。",
  },
  fix: { en: "Mend the syntax at the place that is named.", zh: "在指出的位置修正语法。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/config.py"],
  logs: [/JSONDecodeError: (?:Extra data|Unterminated string|Invalid control character)/],
  *find(job): Iterable<Hit> {
    for (const { source, issue } of jsonIssues(job, "syntax")) {
      yield {
        at: { source, key: "{}", range: issue.range },
        severity: "error",
        says: { en: "this is no JSON from here on", zh: "从这里开始不是合法的 JSON" },
      };
      return;
    }
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds().replace('"stage": 2,', '"stage": 2'),
      },
    },
  ],
  good: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds() } }],
};
