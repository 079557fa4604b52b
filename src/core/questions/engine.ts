import { question } from "./define.ts";

export const engineQuestions = [
  question({
    key: "precision",
    group: "engine",
    form: {
      kind: "choice",
      choices: [
        { value: "auto", hint: { en: "bf16 where the card has it, else fp16", zh: "显卡支持则 bf16，否则 fp16" } },
        { value: "bf16", hint: { en: "Ampere and later", zh: "Ampere 及以后" } },
        { value: "fp16", hint: { en: "needs a loss scale; overflow skips steps", zh: "需要损失缩放；溢出会跳过更新" } },
        { value: "fp32", hint: { en: "twice the memory, far slower", zh: "显存翻倍，慢得多" } },
      ],
    },
    label: { en: "Precision", zh: "精度" },
    why: {
      en: "One precision for every file; most models were published in bf16.",
      zh: "所有文件使用同一精度；多数模型以 bf16 发布。",
    },
    asked: true,
  }),
  question({
    key: "zero",
    group: "engine",
    form: {
      kind: "choice",
      choices: [{ value: "auto" }, { value: 0 }, { value: 1 }, { value: 2 }, { value: 3 }],
    },
    label: { en: "ZeRO stage", zh: "ZeRO 阶段" },
    why: { en: "Higher stages save memory and cost communication.", zh: "阶段越高越省显存，通信越多。" },
    asked: true,
    main: true,
  }),
  question({
    key: "offload",
    group: "engine",
    form: {
      kind: "choice",
      choices: [
        { value: "auto" },
        { value: "none" },
        { value: "optimizer", hint: { en: "optimizer states to host memory", zh: "优化器状态卸载到内存" } },
        { value: "all", hint: { en: "and parameters, ZeRO-3 only", zh: "参数也卸载，仅 ZeRO-3" } },
        { value: "nvme", hint: { en: "optimizer states to disk, ZeRO-3 only", zh: "优化器状态卸载到磁盘，仅 ZeRO-3" } },
      ],
    },
    label: { en: "Offload", zh: "卸载" },
    why: { en: "Trades time for GPU memory.", zh: "以时间换显存。" },
  }),
  question({
    key: "liger",
    group: "engine",
    form: { kind: "switch" },
    label: { en: "Liger kernels", zh: "Liger 融合算子" },
    why: {
      en: "Fused loss without full logits: the cheapest memory there is for a large vocabulary.",
      zh: "融合损失，不生成完整 logits：词表大时最省显存的办法。",
    },
    task: "sft",
  }),
  question({
    key: "nvmePath",
    group: "engine",
    form: { kind: "text" },
    label: { en: "NVMe path", zh: "NVMe 路径" },
    why: { en: "A folder on a local disk, for --offload nvme.", zh: "本地磁盘目录，用于 --offload nvme。" },
  }),
];
