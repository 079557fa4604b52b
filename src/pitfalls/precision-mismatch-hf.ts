import { replaceValue } from "./edits.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

export const pitfall: Pitfall = {
  code: "PR105",
  id: "precision-mismatch-hf",
  severity: "error",
  title: {
    en: "A precision in the DeepSpeed config that the arguments do not have",
    zh: "DeepSpeed 配置的精度与参数不一致",
  },
  why: {
    en: "The Trainer compares fp16.enabled and bf16.enabled with --fp16 and --bf16; an argument that is not given counts as off. Accelerate refuses a mixed_precision beside the other one.",
    zh: "Trainer 会把 fp16.enabled、bf16.enabled 与 --fp16、--bf16 比较；未给出的参数视为关闭。accelerate 会拒绝 mixed_precision 与另一种精度并存。",
  },
  fix: {
    en: '"enabled": "auto" in the DeepSpeed config, and the precision once, in the arguments.',
    zh: '在 DeepSpeed 配置里写 "enabled": "auto"，精度只在参数里写一次。',
  },
  sources: [
    "hiyouga/LLaMA-Factory#3224",
    "shibing624/MedicalGPT#191",
    "huggingface/transformers:src/transformers/integrations/deepspeed.py",
  ],
  logs: [/ds (?:fp16|bf16)\.enabled=\S+ vs hf/i, /`?--mixed_precision`? arg cannot be set to/i],
  *find(job): Iterable<Hit> {
    const { ds: file, args, accelerate, dialect } = job;
    if (file === null) return;
    const { doc } = file;
    const both = doc.value("fp16.enabled") === true && doc.value("bf16.enabled") === true;
    if (both) return;
    const mixed = accelerate?.doc.text("mixed_precision");
    if (accelerate !== null && (mixed === "fp16" || mixed === "bf16")) {
      const other = mixed === "fp16" ? "bf16" : "fp16";
      if (doc.value(`${other}.enabled`) === true) {
        yield {
          at: accelerate.doc.place("mixed_precision"),
          also: [doc.place(`${other}.enabled`)],
          says: {
            en: `mixed_precision ${mixed}, but the DeepSpeed config has ${other} on: accelerate stops`,
            zh: `mixed_precision 为 ${mixed}，而 DeepSpeed 配置启用了 ${other}：accelerate 会报错退出`,
          },
        };
      }
    }
    // axolotl and ms-swift derive the two arguments from other ones.
    if (args === null || !byTrainer(job) || dialect === "axolotl" || dialect === "swift") return;
    for (const precision of ["fp16", "bf16"] as const) {
      const literal = doc.value(`${precision}.enabled`);
      const setting = args.get(precision);
      if (typeof literal !== "boolean" || (setting !== null && setting.value === undefined)) continue;
      if (setting !== null && typeof setting.value === "string" && !/^(?:true|false)$/i.test(setting.value)) continue;
      const on = args.on(precision) || args.on(`${precision}_full_eval`);
      // pure_bf16 of LLaMA-Factory sets the argument itself.
      if (literal === on || (precision === "bf16" && args.on("pure_bf16"))) continue;
      yield {
        at: doc.place(`${precision}.enabled`),
        also: setting === null ? [] : [setting.place],
        says: {
          en: `${precision}.enabled is ${literal}, and ${args.key(precision)} is ${setting === null ? "not given" : on ? "on" : "off"}: the Trainer stops`,
          zh: `${precision}.enabled 为 ${literal}，而 ${args.key(precision)} ${setting === null ? "未给出" : on ? "已打开" : "已关闭"}：Trainer 会报错退出`,
        },
        fix: setting !== null && on ? replaceValue(doc, `${precision}.enabled`, '"auto"') : undefined,
      };
    }
  },
  bad: [
    { files: { "run.sh": train("--warmup_steps 10"), "ds_config.json": ds({ bf16: { enabled: true } }) } },
    { files: { "run.sh": train("--warmup_steps 10", "--bf16"), "ds_config.json": ds({ bf16: { enabled: false } }) } },
  ],
  good: [
    {
      files: {
        "run.sh": train("--warmup_steps 10", "--bf16"),
        "ds_config.json": ds({ bf16: { enabled: true }, fp16: { enabled: false } }),
      },
    },
    { files: { "run.sh": train("--warmup_steps 10", "--bf16"), "ds_config.json": ds({ fp16: { enabled: "auto" } }) } },
  ],
};
