import { usesAdapters, usesDeepSpeed } from "../jobs/facts.ts";
import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 2 train.py",
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--learning_rate 1e-5",
    "--warmup_steps 10",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "PR108",
  id: "fp16-weights-with-amp",
  severity: "error",
  title: { en: "fp16 training of weights that are loaded in fp16", zh: "以 fp16 加载权重并进行 fp16 混合精度训练" },
  why: {
    en: "Without DeepSpeed, mixed precision keeps its master weights in the model itself; they have to be fp32. The gradient scaler stops at the first step.",
    zh: "不使用 DeepSpeed 时，混合精度的主权重就是模型本身，必须为 fp32。梯度缩放器会在第一步报错。",
  },
  fix: {
    en: "Load in float32 (or bfloat16 with --bf16), or cast what is trained to float32.",
    zh: "以 float32 加载（或用 --bf16 与 bfloat16），或把训练的参数转换为 float32。",
  },
  sources: ["oobabooga/textgen#5268", "huggingface/transformers#30559", "huggingface/diffusers#6119"],
  logs: [/Attempting to unscale FP16 gradients/i],
  *find(job): Iterable<Hit> {
    const { args, dialect } = job;
    if (args === null || dialect !== "hf" || usesDeepSpeed(job) || !args.on("fp16")) return;
    const setting = args.get("torch_dtype") ?? args.get("model_dtype");
    if (setting === null || !/^(?:torch\.)?(?:float16|fp16|half)$/.test(setting.text)) return;
    yield {
      at: setting.place,
      also: [args.place("fp16")],
      severity: usesAdapters(job) === true ? "warning" : "error",
      says: {
        en: 'weights in float16 under fp16 mixed precision: "Attempting to unscale FP16 gradients"',
        zh: 'fp16 混合精度下以 float16 加载权重：会报 "Attempting to unscale FP16 gradients"',
      },
    };
  },
  bad: [{ files: { "run.sh": run("--fp16 True", "--torch_dtype float16") } }],
  good: [{ files: { "run.sh": run("--fp16 True", "--torch_dtype float32") } }],
};
