import { zeroStage } from "../jobs/facts.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const program = (...lines: readonly string[]): string =>
  `from transformers import AutoModelForCausalLM, Trainer, TrainingArguments\n\n${lines.join("\n")}\n`;
const model = 'model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")';
const args =
  'args = TrainingArguments(output_dir="out", bf16=True, learning_rate=1e-5, warmup_steps=10, deepspeed="ds.json")';
const stage3 = ds({ zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: true } });

export const pitfall: Pitfall = {
  code: "ZT111",
  id: "arguments-after-model",
  severity: "warning",
  title: {
    en: "TrainingArguments made after the model, with stage 3",
    zh: "3 阶段在加载模型之后才创建 TrainingArguments",
  },
  why: {
    en: "from_pretrained partitions a model while it loads it only if TrainingArguments with a stage-3 config are alive by then. Otherwise every process loads the whole model first.",
    zh: "只有在此之前已创建带 3 阶段配置的 TrainingArguments，from_pretrained 才会在加载时切分模型。否则每个进程都会先加载完整的模型。",
  },
  fix: { en: "Make TrainingArguments first, and keep them.", zh: "先创建 TrainingArguments 并保留它。" },
  sources: ["huggingface/transformers:src/transformers/integrations/deepspeed.py"],
  *find(job): Iterable<Hit> {
    const { argsFile } = job;
    const stage = zeroStage(job);
    if (argsFile?.form !== "python" || stage?.value !== 3 || job.ds === null || !argsFile.args.has("deepspeed")) return;
    const { text } = argsFile.source;
    if (/HfDeepSpeedConfig/.test(text)) return;
    const made = text.lastIndexOf("\n", argsFile.doc.root.range.from) + 1;
    const load = /^([ \t]*)[\w.]+[ \t]*=[ \t]*(?:Auto\w*|\w+For\w+)\.from_pretrained\(/gm;
    for (const found of text.slice(0, made).matchAll(load)) {
      const [line, indent = ""] = found;
      if (/Tokenizer|Config|Processor|Extractor/.test(line)) continue;
      const between = text.slice(found.index, made);
      // Another function may be called in another order.
      if (/^[ \t]*(?:async[ \t]+)?(?:def|class)\b/m.test(between) || indent !== /^[ \t]*/.exec(text.slice(made))?.[0])
        continue;
      const from = found.index + indent.length;
      yield {
        at: { source: argsFile.source, key: "from_pretrained", range: { from, to: found.index + line.length } },
        also: [argsFile.args.place("deepspeed")],
        says: {
          en: "the model is loaded before TrainingArguments exist: every process holds all of it",
          zh: "在创建 TrainingArguments 之前加载模型：每个进程都会持有完整的模型",
        },
      };
      return;
    }
  },
  bad: [{ files: { "train.py": program(model, args), "ds.json": stage3 } }],
  good: [
    { files: { "train.py": program(args, model), "ds.json": stage3 } },
    { files: { "train.py": program(model, args), "ds.json": ds() } },
  ],
};
