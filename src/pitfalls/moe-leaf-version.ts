import type { Hit, Pitfall } from "./pitfall.ts";
import { pins } from "./tools.ts";

const file = `compute_environment: LOCAL_MACHINE
distributed_type: DEEPSPEED
deepspeed_config:
  deepspeed_moe_layer_cls_names: MixtralSparseMoeBlock
  gradient_accumulation_steps: 1
  zero3_init_flag: true
  zero3_save_16bit_model: true
  zero_stage: 3
machine_rank: 0
mixed_precision: bf16
num_machines: 1
num_processes: 8
`;

export const pitfall: Pitfall = {
  code: "ZT112",
  id: "moe-leaf-version",
  severity: "error",
  title: { en: "MoE leaf modules with a DeepSpeed that has none", zh: "所用 DeepSpeed 不支持 MoE 叶子模块" },
  why: {
    en: "accelerate hands deepspeed_moe_layer_cls_names to set_z3_leaf_modules, which came with DeepSpeed 0.14.0.",
    zh: "accelerate 会把 deepspeed_moe_layer_cls_names 交给 set_z3_leaf_modules，后者随 DeepSpeed 0.14.0 出现。",
  },
  fix: { en: "DeepSpeed 0.14.0 or later.", zh: "使用 DeepSpeed 0.14.0 及以上。" },
  versions: { en: "DeepSpeed before 0.14.0", zh: "DeepSpeed 0.14.0 之前" },
  sources: ["huggingface/accelerate:src/accelerate/utils/dataclasses.py"],
  logs: [/DeepSpeed version must be >= 0\.14\.0 to use MOE support/i],
  *find(job): Iterable<Hit> {
    const path = "deepspeed_config.deepspeed_moe_layer_cls_names";
    const deepspeed = job.version("deepspeed");
    if (typeof job.accelerate?.doc.value(path) !== "string" || !deepspeed.below("0.14.0")) return;
    yield {
      at: job.accelerate.doc.place(path),
      also: pins(job, "deepspeed"),
      says: {
        en: `DeepSpeed ${deepspeed.text} has no leaf modules: accelerate stops`,
        zh: `DeepSpeed ${deepspeed.text} 没有叶子模块：accelerate 会报错退出`,
      },
    };
  },
  bad: [{ files: { "accelerate.yaml": file, "requirements.txt": "deepspeed==0.13.1\n" } }],
  good: [{ files: { "accelerate.yaml": file, "requirements.txt": "deepspeed==0.16.4\n" } }],
};
