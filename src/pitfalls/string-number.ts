import { replaceValue } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { walk } from "./tools.ts";

export const pitfall: Pitfall = {
  code: "SY111",
  id: "string-number",
  severity: "error",
  title: { en: "A number in quotes", zh: "带引号的数字" },
  why: {
    en: 'The Trainer compares by value and type, and its message hides the difference ("ds 8 vs hf 8"); DeepSpeed multiplies and compares it as a text.',
    zh: 'Trainer 按值与类型比较，而报错信息看不出差别（"ds 8 vs hf 8"）；DeepSpeed 会把它当作文本参与运算与比较。',
  },
  fix: { en: "Without quotes.", zh: "去掉引号。" },
  sources: ["hiyouga/LLaMA-Factory#1116", "huggingface/transformers:src/transformers/integrations/deepspeed.py"],
  logs: [/ds (\S+) vs hf \1\b/i, /ds \w+=(\S+) vs hf \w+=\1\b/i],
  *find({ ds: file }): Iterable<Hit> {
    if (file === null) return;
    for (const { path, node } of walk(file.doc)) {
      if (
        node.kind !== "scalar" ||
        !node.quoted ||
        typeof node.value !== "string" ||
        !/^[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?$/.test(node.value)
      )
        continue;
      // `stage` alone is converted, and names and tags are texts.
      if (/(?:^|\.)(?:stage|job_name|project|team|group|tag\w*|output_path|nvme_path|type)$/.test(path)) continue;
      yield {
        at: file.doc.place(path),
        says: { en: `${node.text} is a text, not a number`, zh: `${node.text} 是文本而不是数字` },
        fix: replaceValue(file.doc, path, node.value),
      };
    }
  },
  bad: [{ files: { "ds.json": ds({ gradient_accumulation_steps: "8" }) } }],
  good: [{ files: { "ds.json": ds({ gradient_accumulation_steps: 8 }) } }],
};
