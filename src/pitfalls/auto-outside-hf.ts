import { ds, sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { walk } from "./tools.ts";

/** XTuner fills these from its own config. */
const XTUNER = new Set([
  "gradient_accumulation_steps",
  "train_micro_batch_size_per_gpu",
  "gradient_clipping",
  "fp16.enabled",
  "bf16.enabled",
]);

const run = sh("deepspeed --num_gpus 4 train.py", "--deepspeed_config ds.json");

export const pitfall: Pitfall = {
  code: "SY104",
  id: "auto-outside-hf",
  severity: "error",
  title: { en: '"auto" where nobody fills it in', zh: '无人填充的 "auto"' },
  why: {
    en: 'Only transformers\' Trainer replaces the word. DeepSpeed itself keeps it as a text, and compares it with a number at the first step; inside zero_optimization, fp16 and bf16 it drops it, so that a precision on "auto" is off. XTuner fills five keys.',
    zh: '只有 transformers 的 Trainer 会替换它。DeepSpeed 自身把它当作文本，在第一步与数字比较时报错；在 zero_optimization、fp16 与 bf16 内则被丢弃，精度写成 "auto" 即为关闭。XTuner 只填充五个键。',
  },
  fix: { en: "Write the values.", zh: "写出具体的值。" },
  sources: [
    "deepspeedai/DeepSpeed#1270",
    "huggingface/accelerate#3152",
    "deepspeedai/DeepSpeed:deepspeed/runtime/config_utils.py",
  ],
  logs: [
    /'[<>]=?' not supported between instances of 'str' and '(?:int|float)'/,
    /not found in kwargs\. Please specify it without `auto`/i,
  ],
  *find(job): Iterable<Hit> {
    if (job.ds === null || (job.reader !== "deepspeed" && job.reader !== "mmengine")) return;
    const { doc } = job.ds;
    for (const { path, node } of walk(doc)) {
      if (node.kind !== "scalar" || node.value !== "auto") continue;
      if (job.reader === "mmengine" && XTUNER.has(path)) continue;
      const dropped = /^(?:zero_optimization|fp16|bf16|bfloat16)\./.test(path);
      yield {
        at: doc.place(path),
        severity: dropped && !/enabled$/.test(path) ? "info" : "error",
        says: dropped
          ? {
              en: `nobody fills ${path}: DeepSpeed drops "auto" and takes its default${/enabled$/.test(path) ? ", which is off" : ""}`,
              zh: `没有组件填充 ${path}：DeepSpeed 丢弃 "auto" 并使用默认值${/enabled$/.test(path) ? "，即关闭" : ""}`,
            }
          : {
              en: `nobody fills ${path}: DeepSpeed gets the text "auto"`,
              zh: `没有组件填充 ${path}：DeepSpeed 得到的是文本 "auto"`,
            },
      };
    }
  },
  bad: [
    { files: { "run.sh": run, "ds.json": ds() } },
    {
      files: {
        "train.py": 'import deepspeed\n\nengine, *_ = deepspeed.initialize(model=model, config="ds.json")\n',
        "ds.json": ds(),
      },
    },
    {
      files: {
        "train.py": `import deepspeed\n\ndef main():\n    engine, *_ = deepspeed.initialize(model=model, config={"train_batch_size": "auto", "zero_optimization": {"stage": 2}})\n`,
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": run,
        "ds.json": ds({
          bf16: { enabled: true },
          train_batch_size: 32,
          train_micro_batch_size_per_gpu: 2,
          gradient_accumulation_steps: 4,
          gradient_clipping: 1,
        }),
      },
    },
  ],
};
