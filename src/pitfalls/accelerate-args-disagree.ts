import { sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const file = (steps: number): string =>
  `${["compute_environment: LOCAL_MACHINE", "distributed_type: DEEPSPEED", "deepspeed_config:", `  gradient_accumulation_steps: ${steps}`, "  zero_stage: 2", "machine_rank: 0", "mixed_precision: bf16", "num_machines: 1", "num_processes: 8"].join("\n")}\n`;
const run = sh(
  "accelerate launch --config_file accelerate.yaml train.py",
  "--model_name_or_path facebook/opt-6.7b",
  "--output_dir out",
  "--per_device_train_batch_size 2",
  "--gradient_accumulation_steps 4",
  "--learning_rate 1e-5",
  "--warmup_steps 10",
  "--bf16",
);

export const pitfall: Pitfall = {
  code: "BA104",
  id: "accelerate-args-disagree",
  severity: "error",
  title: { en: "The accelerate file and the arguments say different things", zh: "accelerate 文件与参数不一致" },
  why: {
    en: 'accelerate builds the DeepSpeed config from its file, and the Trainer compares that with its arguments: accumulation, clipping and precision have to be equal, or "auto".',
    zh: 'accelerate 依据其文件生成 DeepSpeed 配置，Trainer 再与自己的参数比较：累积、裁剪与精度必须一致，或写 "auto"。',
  },
  fix: {
    en: '"auto" in the accelerate file, and the number once, in the arguments.',
    zh: '在 accelerate 文件中写 "auto"，数值只在参数里写一次。',
  },
  sources: ["hiyouga/LLaMA-Factory#201", "huggingface/accelerate:src/accelerate/accelerator.py"],
  *find({ accelerate, args, ds: config }): Iterable<Hit> {
    if (accelerate === null || args === null || config !== null) return;
    const { doc } = accelerate;
    for (const [key, name] of [
      ["gradient_accumulation_steps", "gradient_accumulation_steps"],
      ["gradient_clipping", "max_grad_norm"],
    ] as const) {
      const there = doc.number(`deepspeed_config.${key}`);
      const here = args.number(name);
      if (there === undefined || here === undefined || there === here) continue;
      yield {
        at: doc.place(`deepspeed_config.${key}`),
        also: [args.place(name)],
        says: {
          en: `${key} is ${there} here, and ${args.key(name)} is ${here}`,
          zh: `此处 ${key} 为 ${there}，而 ${args.key(name)} 为 ${here}`,
        },
      };
    }
    const mixed = doc.text("mixed_precision");
    const other = mixed === "bf16" ? "fp16" : mixed === "fp16" ? "bf16" : null;
    if (other !== null && args.on(other)) {
      yield {
        at: doc.place("mixed_precision"),
        also: [args.place(other)],
        says: {
          en: `mixed_precision is ${mixed}, and ${args.key(other)} is on`,
          zh: `mixed_precision 为 ${mixed}，而 ${args.key(other)} 已打开`,
        },
      };
    }
  },
  bad: [{ files: { "accelerate.yaml": file(1), "run.sh": run } }],
  good: [{ files: { "accelerate.yaml": file(4), "run.sh": run } }],
};
