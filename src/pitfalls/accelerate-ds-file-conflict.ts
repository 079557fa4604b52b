import { removeKey } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** What the DeepSpeed file says already: src/accelerate/utils/dataclasses.py, DeepSpeedPlugin. */
const INLINE = [
  "gradient_accumulation_steps",
  "gradient_clipping",
  "zero_stage",
  "offload_optimizer_device",
  "offload_param_device",
  "offload_optimizer_nvme_path",
  "offload_param_nvme_path",
  "zero3_save_16bit_model",
];

const file = (...lines: readonly string[]): string =>
  `${["compute_environment: LOCAL_MACHINE", "distributed_type: DEEPSPEED", "deepspeed_config:", "  deepspeed_config_file: ds.json", "  zero3_init_flag: false", ...lines, "machine_rank: 0", "num_machines: 1", "num_processes: 8"].join("\n")}\n`;

export const pitfall: Pitfall = {
  code: "LA110",
  id: "accelerate-ds-file-conflict",
  severity: "error",
  title: {
    en: "deepspeed_config_file beside settings of accelerate's own",
    zh: "deepspeed_config_file 与 accelerate 自己的设置并存",
  },
  why: {
    en: 'The file is the only source then; accelerate stops at inline settings, with a message that says they "will be ignored". A mixed_precision has to meet "auto" in the file.',
    zh: '此时文件是唯一来源；accelerate 遇到内联设置会报错退出，虽然提示写的是 "will be ignored"。mixed_precision 要求文件中写 "auto"。',
  },
  fix: { en: "Keep only the file and zero3_init_flag.", zh: "只保留该文件与 zero3_init_flag。" },
  sources: ["huggingface/accelerate#941", "huggingface/accelerate:src/accelerate/utils/dataclasses.py"],
  logs: [/When using `?deepspeed_config_file`?, the following accelerate config variables will be ignored/i],
  *find({ accelerate, ds: config }): Iterable<Hit> {
    if (accelerate === null || !accelerate.doc.has("deepspeed_config.deepspeed_config_file")) return;
    const { doc } = accelerate;
    for (const name of INLINE) {
      const path = `deepspeed_config.${name}`;
      if (!doc.has(path) || doc.value(path) === null) continue;
      yield {
        at: doc.place(path),
        also: [doc.place("deepspeed_config.deepspeed_config_file")],
        says: {
          en: `${name} beside deepspeed_config_file: accelerate stops`,
          zh: `${name} 与 deepspeed_config_file 并存：accelerate 会报错退出`,
        },
        fix: removeKey(doc, path),
      };
    }
    const mixed = doc.text("mixed_precision");
    if (config === null || (mixed !== "fp16" && mixed !== "bf16") || config.doc.value(`${mixed}.enabled`) !== false)
      return;
    yield {
      at: doc.place("mixed_precision"),
      also: [config.doc.place(`${mixed}.enabled`)],
      says: {
        en: `mixed_precision ${mixed}, and the DeepSpeed config has it off`,
        zh: `mixed_precision 为 ${mixed}，而 DeepSpeed 配置将其关闭`,
      },
    };
  },
  bad: [{ files: { "accelerate.yaml": file("  zero_stage: 2", "  gradient_clipping: 1.0"), "ds.json": ds() } }],
  good: [{ files: { "accelerate.yaml": file(), "ds.json": ds() } }],
};
