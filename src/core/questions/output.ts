import { question } from "./define.ts";

export const outputQuestions = [
  question({
    key: "data",
    group: "output",
    form: { kind: "text" },
    label: { en: "Training data", zh: "训练数据" },
    why: {
      en: "A JSONL file: messages for SFT; query, pos, neg for embeddings.",
      zh: "JSONL 文件：SFT 用 messages；向量模型用 query、pos、neg。",
    },
    asked: true,
    main: true,
  }),
  question({
    key: "targets",
    group: "output",
    form: { kind: "list", values: ["hf", "xtuner", "flagembedding"] },
    label: { en: "Targets", zh: "目标框架" },
    why: { en: "Which trainers to write for.", zh: "为哪些训练框架生成文件。" },
  }),
  question({
    key: "launcher",
    group: "output",
    form: { kind: "choice", choices: [{ value: "torchrun" }, { value: "deepspeed" }, { value: "accelerate" }] },
    label: { en: "Launcher", zh: "启动器" },
    why: { en: "What starts the processes.", zh: "由什么启动进程。" },
  }),
  question({
    key: "transformers",
    group: "output",
    form: { kind: "version" },
    label: { en: "transformers version", zh: "transformers 版本" },
    why: { en: "Names and step arithmetic follow it.", zh: "参数名与步数算法随之变化。" },
  }),
  question({
    key: "deepspeed",
    group: "output",
    form: { kind: "version" },
    label: { en: "DeepSpeed version", zh: "DeepSpeed 版本" },
    why: { en: "Accepted keys follow it.", zh: "可用配置项随之变化。" },
  }),
  question({
    key: "xtuner",
    group: "output",
    form: { kind: "version" },
    label: { en: "XTuner version", zh: "XTuner 版本" },
    why: {
      en: "0.1 and 0.2 read mmengine configs, 1.x its own.",
      zh: "0.1 与 0.2 使用 mmengine 配置，1.x 使用自己的配置。",
    },
  }),
  question({
    key: "flagembedding",
    group: "output",
    form: { kind: "version" },
    label: { en: "FlagEmbedding version", zh: "FlagEmbedding 版本" },
    why: { en: "1.3 and later have the current entry points.", zh: "1.3 及以后使用现行入口。" },
  }),
  question({
    key: "outputDir",
    group: "output",
    form: { kind: "text" },
    label: { en: "Output folder", zh: "输出目录" },
    why: {
      en: "Checkpoints and weights; relative to where the job is started.",
      zh: "保存检查点与权重；相对于启动任务的目录。",
    },
  }),
  question({
    key: "seed",
    group: "output",
    form: { kind: "integer", min: 0, max: 4294967295 },
    label: { en: "Seed", zh: "随机种子" },
    why: { en: "The same for every engine.", zh: "所有引擎使用同一种子。" },
  }),
  question({
    key: "saveSteps",
    group: "output",
    form: { kind: "integer", min: 1, max: 1e9 },
    label: { en: "Save every", zh: "保存间隔" },
    why: { en: "Optimizer steps between two checkpoints.", zh: "两次检查点之间的优化步数。" },
  }),
];
