import { ds, sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const accelerate = `distributed_type: DEEPSPEED
deepspeed_config:
  deepspeed_config_file: ds.json
  zero3_init_flag: false
num_machines: 1
num_processes: 4
`;
const run = sh("accelerate launch --config_file acc.yaml train.py", "--model_name_or_path gpt2", "--data_path data");
const config = ds({
  bf16: { enabled: true },
  gradient_clipping: 1,
  gradient_accumulation_steps: 1,
  optimizer: { type: "AdamW", params: { lr: 1e-5, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0 } },
});
const program = (made: string): string =>
  `from accelerate import Accelerator\naccelerator = Accelerator()\noptimizer = ${made}(model.parameters(), lr=1e-5)\nmodel, optimizer, loader = accelerator.prepare(model, optimizer, loader)\n`;

/** What a section of the file is called in a program, and what accelerate wants there in its place. */
const PAIRS = [
  ["optimizer", "DummyOptim", /\b(?:AdamW|Adam|SGD|Adafactor|AdamW8bit|Adam8bit)\(/],
  [
    "scheduler",
    "DummyScheduler",
    /\b(?:get_scheduler|get_\w+_schedule(?:_with_warmup)?|LambdaLR|CosineAnnealingLR|OneCycleLR)\(/,
  ],
] as const;

export const pitfall: Pitfall = {
  code: "ZE120",
  id: "accelerate-optimizer-twice",
  severity: "error",
  title: {
    en: "An optimizer or a scheduler in the DeepSpeed config and in the program",
    zh: "DeepSpeed 配置与程序中都有优化器或调度器",
  },
  why: {
    en: "accelerate takes one of them: with a section in the file the program must hand a DummyOptim or a DummyScheduler to prepare.",
    zh: "accelerate 只接受其中之一：文件中有该部分时，程序必须把 DummyOptim 或 DummyScheduler 交给 prepare。",
  },
  fix: {
    en: "Delete the section, or use the dummy class in the program.",
    zh: "删除该部分，或在程序中使用对应的 Dummy 类。",
  },
  sources: ["huggingface/accelerate:src/accelerate/accelerator.py"],
  logs: [/You cannot specify (?:an optimizer|a scheduler) in the config file and in the code/i],
  *find(job): Iterable<Hit> {
    const text = job.program?.source.text ?? "";
    if (job.ds === null || job.reader !== "accelerate" || !/\.prepare\(/.test(text) || /\bTrainer\(/.test(text)) return;
    for (const [section, dummy, made] of PAIRS) {
      if (!job.ds.doc.has(section) || text.includes(dummy) || !made.test(text)) continue;
      yield {
        at: job.ds.doc.place(section),
        says: {
          en: `the program makes its own ${section}: accelerate refuses the section of the file`,
          zh: `程序自行创建了 ${section}：accelerate 会拒绝文件中的该部分`,
        },
      };
    }
  },
  bad: [
    { files: { "run.sh": run, "acc.yaml": accelerate, "ds.json": config, "train.py": program("torch.optim.AdamW") } },
  ],
  good: [{ files: { "run.sh": run, "acc.yaml": accelerate, "ds.json": config, "train.py": program("DummyOptim") } }],
};
