import type { JsonIssue } from "../readers/json.ts";
import type { Job } from "../jobs/job.ts";
import type { Source } from "../readers/source.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall, Severity } from "./pitfall.ts";

/** What stands in the JSON files of a job that strict JSON does not allow, and how bad that is for who reads them. */
export function* jsonIssues(
  job: Job,
  kind: JsonIssue["kind"],
): Iterable<{ readonly source: Source; readonly issue: JsonIssue; readonly severity: Severity }> {
  const { ds: config, argsFile, reader } = job;
  if (config !== null) {
    const severity: Severity = reader === "deepspeed" ? "info" : reader === null ? "warning" : "error";
    for (const issue of config.issues) if (issue.kind === kind) yield { source: config.source, issue, severity };
  }
  if (argsFile?.form === "json")
    for (const issue of argsFile.issues)
      if (issue.kind === kind) yield { source: argsFile.source, issue, severity: "error" };
}

export const pitfall: Pitfall = {
  code: "SY107",
  id: "json-comment",
  severity: "error",
  title: { en: "A comment in a JSON file", zh: "JSON 文件中的注释" },
  why: {
    en: "transformers and accelerate read with Python's json, which knows no comments. DeepSpeed's own reader (hjson) does.",
    zh: "transformers 与 accelerate 使用 Python 的 json 读取，不支持注释。DeepSpeed 自己的读取器（hjson）支持。",
  },
  fix: {
    en: 'Take the comment out, or keep it as the value of a key such as "_comment".',
    zh: '删除注释，或写成 "_comment" 之类的键。',
  },
  sources: ["deepspeedai/DeepSpeed#7303", "deepspeedai/DeepSpeed:deepspeed/runtime/config.py"],
  logs: [/json\.decoder\.JSONDecodeError: Expecting (?:property name enclosed in double quotes|value|',' delimiter)/],
  *find(job): Iterable<Hit> {
    for (const { source, issue, severity } of jsonIssues(job, "comment")) {
      yield {
        at: { source, key: "//", range: issue.range },
        severity,
        says:
          severity === "info"
            ? {
                en: "a comment: DeepSpeed reads it, transformers and accelerate would not",
                zh: "注释：DeepSpeed 可以读取，transformers 与 accelerate 则不行",
              }
            : {
                en: "a comment: transformers and accelerate can't read the file",
                zh: "注释：transformers 与 accelerate 无法读取该文件",
              },
        fix:
          severity === "info"
            ? undefined
            : [{ source, range: { from: blanks(source.text, issue.range.from), to: issue.range.to }, text: "" }],
      };
    }
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": ds().replace('"stage": 2,', '"stage": 2, // enough'),
      },
    },
  ],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds({ _comment: "// enough" }) } },
  ],
};

/** Where the blanks in front of an offset begin. */
function blanks(text: string, at: number): number {
  let from = at;
  while (from > 0 && (text[from - 1] === " " || text[from - 1] === "\t")) from -= 1;
  return from;
}
