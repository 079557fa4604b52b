import { number, says, type Sentence } from "./sentence.ts";

/** Comments and sentences in the files of a folder, other than train.py and the XTuner configs. */
export const emitted = {
  "header.line": says({
    en: (v: { version: string }) => `Written by create-train-config ${v.version}. Change the answers, not this file:`,
    zh: (v) => `由 create-train-config ${v.version} 生成。请修改答案，而不是本文件：`,
  }),
  "launch.nodeRank": {
    en: "set NODE_RANK to the number of this node, from 0",
    zh: "请把 NODE_RANK 设为本节点编号（从 0 开始）",
  },
  "launch.masterAddr": {
    en: "set MASTER_ADDR to the address of node 0, the same on every node",
    zh: "请把 MASTER_ADDR 设为 0 号节点的地址，所有节点相同",
  },
  "launch.hostfile": {
    en: "set HOSTFILE to the hostfile of DeepSpeed",
    zh: "请把 HOSTFILE 设为 DeepSpeed 的 hostfile",
  },
  "launch.world": says({
    en: (v: { nodes: number; perNode: number; world: number; global: number }) =>
      `${v.nodes} × ${v.perNode} GPUs = ${v.world} processes: the world size of the batch equation (global batch ${v.global}).`,
    zh: (v) =>
      `${v.nodes} × ${v.perNode} 张 GPU = ${v.world} 个进程：即批量等式中的 world size（全局批量 ${v.global}）。`,
  }),
  "launch.everyNode": { en: "Start this script on every node.", zh: "请在每个节点上运行本脚本。" },
  "launch.arguments": { en: "More arguments are passed on.", zh: "其余参数会原样传递。" },
  "requirements.hf": { en: "What the files of this folder were written for.", zh: "本目录的文件按以下版本生成。" },
  "requirements.xtuner": {
    en: "XTuner pins its own versions: give it an environment of its own.",
    zh: "XTuner 固定了自己的依赖版本：请为它单独准备环境。",
  },
  "requirements.xtuner01": {
    en: "XTuner 0.1 installs on Python 3.8 to 3.10 only, and takes whatever transformers is newest, which it can't be imported with: these were trained together.",
    zh: "XTuner 0.1 只能装在 Python 3.8 至 3.10 上；它会装上最新的 transformers，而那样无法导入：以下版本一起训练过。",
  },

  "readme.intro": says({
    en: (v: { model: string; method: string; gpus: string; precision: string; stage: number }) =>
      `${v.model}, ${v.method}, on ${v.gpus}, ${v.precision}, ZeRO-${v.stage}. Every number was decided once and written into every file; they can't contradict each other.`,
    zh: (v) =>
      `${v.model}，${v.method}，${v.gpus}，${v.precision}，ZeRO-${v.stage}。每个数字只决定一次并写入所有文件，因此它们不会互相矛盾。`,
  }),
  "readme.start": { en: "Start", zh: "启动" },
  "readme.install": { en: "Install what the files were written for:", zh: "安装对应版本的依赖：" },
  "readme.data.sft": says({
    en: (v: { data: string }) => `Put the training data at ${v.data}, one conversation a line:`,
    zh: (v) => `把训练数据放到 ${v.data}，每行一段对话：`,
  }),
  "readme.data.embedding": says({
    en: (v: { data: string }) =>
      `Put the training data at ${v.data}, one query a line, each with at least one negative:`,
    zh: (v) => `把训练数据放到 ${v.data}，每行一个查询，且至少有一个负例：`,
  }),
  "readme.launch": {
    en: "Start the job (relative paths are relative to where you start it):",
    zh: "启动任务（相对路径相对于启动时所在的目录）：",
  },
  "readme.everyNode": says({
    en: (v: { nodes: number }) => `On each of the ${v.nodes} nodes, with its own NODE_RANK from 0.`,
    zh: (v) => `在 ${v.nodes} 个节点上分别运行，NODE_RANK 从 0 开始各不相同。`,
  }),
  "readme.resume": {
    en: "A job that is started again goes on from the last checkpoint in the output folder.",
    zh: "再次启动时会从输出目录中的最后一个检查点继续。",
  },
  "readme.convert": {
    en: "Turn XTuner's last checkpoint into Hugging Face weights:",
    zh: "把 XTuner 的最后一个检查点转换为 Hugging Face 权重：",
  },
  "readme.numbers": { en: "The numbers", zh: "各项数值" },
  "readme.batch": says({
    en: (v: { global: number; micro: number; accumulation: number; world: number }) =>
      `Global batch ${v.global} = micro batch ${v.micro} × accumulation ${v.accumulation} × ${v.world} GPUs`,
    zh: (v) => `全局批量 ${v.global} = 微批量 ${v.micro} × 累积 ${v.accumulation} × ${v.world} 张 GPU`,
  }),
  "readme.lengthKnown": says({
    en: (v: { total: number; warmup: number }) =>
      `${number(v.total)} optimizer steps, of which ${number(v.warmup)} warm-up`,
    zh: (v) => `${number(v.total)} 个优化步，其中预热 ${number(v.warmup)} 步`,
  }),
  "readme.lengthEpochs": says({
    en: (v: { epochs: number; warmup: string }) =>
      `${v.epochs} epochs; the number of steps follows from the data; warm-up: ${v.warmup}`,
    zh: (v) => `${v.epochs} 轮；步数由数据决定；预热：${v.warmup}`,
  }),
  "readme.memory": says({
    en: (v: { needed: string; available: string }) => `About ${v.needed} of ${v.available} GiB a GPU (an estimate)`,
    zh: (v) => `每卡约 ${v.needed} / ${v.available} GiB（估计值）`,
  }),
  "readme.decisions": { en: "Why each choice", zh: "每项选择的理由" },
  "label.totalSteps": { en: "Optimizer steps in all", zh: "优化步总数" },
  "label.buckets": { en: "DeepSpeed buckets", zh: "DeepSpeed 通信桶" },
  "label.worldSize": { en: "World size", zh: "World size" },
  "readme.rate": { en: "The learning rate of an optimizer step", zh: "各优化步的学习率" },
  "readme.rateIntro": says({
    en: (v: { scheduler: string; owner: string }) =>
      `Schedule ${v.scheduler}, stepped by the ${v.owner}. Compare it with what the run logs:`,
    zh: (v) => `调度 ${v.scheduler}，由 ${v.owner} 推进。请与训练日志对照：`,
  }),
  "readme.rateRow": says({
    en: (v: { step: number; lr: string }) => `step ${number(v.step)}: ${v.lr}`,
    zh: (v) => `第 ${number(v.step)} 步：${v.lr}`,
  }),
  "readme.rateUnknown": {
    en: "The number of steps follows from the data, so the curve is fixed when the run starts: from 0 up to the peak in the warm-up, then along the schedule to its end at the last step.",
    zh: "步数由数据决定，因此曲线在启动时确定：预热阶段从 0 升到峰值，随后沿调度在最后一步到达终点。",
  },
  "readme.watch": { en: "What to watch in the first 50 steps", zh: "前 50 步看什么" },
  "readme.watch.lr": {
    en: "learning_rate follows the list above. If it stays 0, fp16 is still searching its loss scale, or every gradient overflows. If it is flat after warm-up, another file owns the schedule.",
    zh: "learning_rate 应与上表一致。若一直为 0，说明 fp16 仍在寻找损失缩放，或梯度全部溢出；若预热后变平，说明调度被别的文件接管。",
  },
  "readme.watch.lrDeepspeed": {
    en: "With DeepSpeed as the owner the log shows the rate of the next step.",
    zh: "由 DeepSpeed 负责调度时，日志显示的是下一步的学习率。",
  },
  "readme.watch.loss": {
    en: "loss is finite and falls. A NaN shows as nan here: logging_nan_inf_filter is off, with which it would be logged as 0.0.",
    zh: "loss 应为有限值并下降。NaN 会如实显示为 nan：已关闭 logging_nan_inf_filter，否则会被记为 0.0。",
  },
  "readme.watch.norm": {
    en: "grad_norm is finite, not 0 and not the same number at every step. A constant 1.0 or 1.41421 is a NaN in disguise.",
    zh: "grad_norm 应为有限值，不为 0，也不应每步相同。恒为 1.0 或 1.41421 说明其实是 NaN。",
  },
  "readme.watch.embedding": {
    en: "A loss of 0.0 now and then is an easy batch; a loss that stays 0.0 has nothing to compare with, or the learning rate is too high.",
    zh: "偶尔出现 0.0 说明该批次很容易；一直为 0.0 说明没有可比较的负例，或学习率过高。",
  },
  "readme.files": { en: "Files", zh: "文件" },
  "readme.change": { en: "Change something", zh: "如何修改" },
  "readme.changeHow": {
    en: "Change an answer in train-config.json and write the folder again; a file that you edited by hand is never overwritten without --force:",
    zh: "修改 train-config.json 中的答案后重新生成；手工改过的文件没有 --force 不会被覆盖：",
  },
  "readme.repeat": { en: "The command that wrote this folder:", zh: "生成本目录的命令：" },
  "readme.notes": { en: "Good to know", zh: "须知" },

  "file.train-config.json": {
    en: "the answers, the versions and a digest of every file",
    zh: "答案、版本以及每个文件的摘要",
  },
  "file.ds_config.json": { en: "DeepSpeed, for the Trainer", zh: "DeepSpeed 配置（供 Trainer 使用）" },
  "file.training_args.json": { en: "Hugging Face TrainingArguments", zh: "Hugging Face TrainingArguments" },
  "file.train.py": { en: "the training program", zh: "训练程序" },
  "file.xtuner_config.py": { en: "the XTuner config", zh: "XTuner 配置" },
  "file.ds_config.xtuner.json": {
    en: "DeepSpeed, for XTuner: literal values",
    zh: "DeepSpeed 配置（供 XTuner 使用，全为具体值）",
  },
  "file.launch.sh": { en: "starts the job", zh: "启动任务" },
  "file.launch.xtuner.sh": { en: "starts the job with XTuner", zh: "用 XTuner 启动任务" },
  "file.accelerate.yaml": { en: "accelerate's launcher, without a rank", zh: "accelerate 启动器配置，不含 rank" },
  "file.requirements.txt": { en: "the versions written for", zh: "对应的依赖版本" },
  "file.requirements.xtuner.txt": { en: "the versions for XTuner", zh: "XTuner 的依赖版本" },
  "file.README.md": { en: "this page", zh: "本页" },
} as const satisfies Record<string, Sentence>;
