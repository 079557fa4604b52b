import { precisionOn, zeroStage } from "../jobs/facts.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const without = ds({ bf16: undefined });

export const pitfall: Pitfall = {
  code: "PR109",
  id: "no-precision",
  severity: "info",
  title: { en: "ZeRO without mixed precision", zh: "使用 ZeRO 却没有混合精度" },
  why: {
    en: "Nothing switches on fp16 or bf16, so the run is in fp32: twice the memory, and several times as slow.",
    zh: "没有任何地方启用 fp16 或 bf16，因此以 fp32 训练：内存翻倍，速度慢数倍。",
  },
  fix: { en: 'bf16.enabled "auto" and --bf16.', zh: '写 bf16.enabled "auto" 并加上 --bf16。' },
  sources: ["huggingface/transformers:src/transformers/integrations/deepspeed.py"],
  *find(job): Iterable<Hit> {
    const { ds: file, args, dialect } = job;
    const stage = zeroStage(job);
    if (
      file === null ||
      stage === null ||
      stage.value < 1 ||
      job.reader === "mmengine" ||
      dialect === "swift" ||
      dialect === "axolotl"
    )
      return;
    const { doc } = file;
    if (
      precisionOn(job, "fp16") !== null ||
      precisionOn(job, "bf16") !== null ||
      doc.has("amp") ||
      doc.has("torch_autocast") ||
      doc.has("bfloat16")
    )
      return;
    if (
      args !== null &&
      ["fp16", "bf16", "pure_bf16", "torch_dtype"].some(
        (name) => args.has(name) && (args.value(name) === undefined || args.on(name)),
      )
    )
      return;
    // "auto" without arguments may be filled by anybody.
    if (args === null && (doc.value("fp16.enabled") === "auto" || doc.value("bf16.enabled") === "auto")) return;
    if (args !== null && !args.on("do_train") && (args.on("do_predict") || args.on("do_eval"))) return;
    yield {
      at: doc.place(doc.has("bf16") ? "bf16.enabled" : doc.has("fp16") ? "fp16.enabled" : "bf16"),
      says: { en: "neither fp16 nor bf16 is on: the run is in fp32", zh: "fp16 与 bf16 均未启用：以 fp32 训练" },
    };
  },
  bad: [{ files: { "run.sh": train("--warmup_steps 10"), "ds_config.json": without } }],
  good: [{ files: { "run.sh": train("--warmup_steps 10", "--bf16"), "ds_config.json": without } }],
};
