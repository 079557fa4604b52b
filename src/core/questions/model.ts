import { question } from "./define.ts";

export const modelQuestions = [
  question({
    key: "model",
    group: "model",
    form: { kind: "text" },
    label: { en: "Model", zh: "模型" },
    why: {
      en: "A catalog id, a hub id, or a path to a model folder or config.json.",
      zh: "目录中的名称、模型仓库 id，或本地模型目录 / config.json 的路径。",
    },
    asked: true,
    main: true,
  }),
  question({
    key: "modelSize",
    group: "model",
    form: { kind: "text" },
    label: { en: "Model size", zh: "模型规模" },
    why: {
      en: "7B, 1.8B, 350M: when the model is not known, a dense decoder of this size is assumed.",
      zh: "如 7B、1.8B、350M：模型未知时，按该规模的稠密解码器估算。",
    },
  }),
  question({
    key: "task",
    group: "model",
    form: { kind: "choice", choices: [{ value: "sft" }, { value: "embedding" }] },
    label: { en: "Task", zh: "任务" },
    why: { en: "Follows from the model unless said.", zh: "未指定时由模型决定。" },
  }),
  question({
    key: "method",
    group: "model",
    form: {
      kind: "choice",
      choices: [
        { value: "full", hint: { en: "every weight is trained", zh: "训练全部参数" } },
        { value: "lora", hint: { en: "low-rank adapters on a 16-bit model", zh: "在 16 位模型上训练低秩适配器" } },
        {
          value: "qlora",
          hint: { en: "adapters on a 4-bit model, ZeRO 0-2", zh: "在 4 位模型上训练适配器，ZeRO 0-2" },
        },
      ],
    },
    label: { en: "Method", zh: "训练方式" },
    why: {
      en: "Full training needs about 16 bytes a parameter over all GPUs, LoRA 2, QLoRA 0.6.",
      zh: "全参训练每参数约需 16 字节（所有 GPU 合计），LoRA 约 2，QLoRA 约 0.6。",
    },
    asked: true,
    main: true,
  }),
  question({
    key: "loraRank",
    group: "model",
    form: { kind: "integer", min: 1, max: 4096 },
    label: { en: "LoRA rank", zh: "LoRA 秩" },
    why: { en: "Capacity of the adapters; memory hardly changes.", zh: "适配器容量；显存几乎不变。" },
  }),
  question({
    key: "loraTargets",
    group: "model",
    form: { kind: "list" },
    label: { en: "LoRA target modules", zh: "LoRA 目标模块" },
    why: { en: "Comma-separated module names; by model unless said.", zh: "逗号分隔的模块名；未指定时由模型决定。" },
  }),
];
