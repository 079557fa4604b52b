import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

/** Optimizers that accelerate swaps for DeepSpeed's own on the CPU. */
const SWAPPED = /^(?:adamw_(?:torch|hf|torch_fused|torch_xla|torch_npu_fused|apex_fused)|adagrad|lion)$/;

const config = ds({ zero_optimization: { stage: 2, offload_optimizer: { device: "cpu" } } });

export const pitfall: Pitfall = {
  code: "ZE109",
  id: "offload-client-optimizer",
  severity: "warning",
  title: { en: "CPU offload with an optimizer that is not DeepSpeed's", zh: "CPU 卸载搭配非 DeepSpeed 的优化器" },
  why: {
    en: "DeepSpeed insists on its CPU Adam for an offloaded optimizer. accelerate swaps plain AdamW, Adagrad and Lion for it, and nothing else.",
    zh: "优化器卸载到 CPU 时，DeepSpeed 要求使用它的 CPU Adam。accelerate 只会替换普通的 AdamW、Adagrad 与 Lion。",
  },
  fix: {
    en: "optim adamw_torch, or zero_force_ds_cpu_optimizer: false at the top of the DeepSpeed config.",
    zh: "使用 optim adamw_torch，或在 DeepSpeed 配置顶层写 zero_force_ds_cpu_optimizer: false。",
  },
  versions: { en: "DeepSpeed 0.8.3 and later", zh: "DeepSpeed 0.8.3 及以上" },
  sources: [
    "OpenMOSS/MOSS#272",
    "OptimalScale/LMFlow#693",
    "deepspeedai/DeepSpeed#7524",
    "deepspeedai/DeepSpeed:deepspeed/runtime/engine.py",
  ],
  logs: [/ZeRO-Offload with a client provided optimizer/i, /You are using ZeRO-Offload with a client/i],
  *find(job): Iterable<Hit> {
    const { ds: file, args } = job;
    if (file === null || args === null || !byTrainer(job)) return;
    const device = file.doc.text("zero_optimization.offload_optimizer.device");
    const optim = args.get("optim");
    if (
      (device !== "cpu" && device !== "nvme") ||
      file.doc.has("optimizer") ||
      file.doc.value("zero_force_ds_cpu_optimizer") === false
    )
      return;
    if (optim === null || typeof optim.value !== "string" || SWAPPED.test(optim.value)) return;
    yield {
      at: optim.place,
      also: [file.doc.place("zero_optimization.offload_optimizer")],
      says: {
        en: `${optim.value} can't be offloaded: DeepSpeed asks for its CPU Adam`,
        zh: `${optim.value} 无法卸载：DeepSpeed 要求使用其 CPU Adam`,
      },
    };
  },
  bad: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10", "--optim adamw_bnb_8bit"), "ds_config.json": config } },
  ],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10", "--optim adamw_torch"), "ds_config.json": config } },
  ],
};
