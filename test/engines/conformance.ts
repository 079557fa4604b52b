import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Language } from "../../src/index.ts";
import { type Column, columns, type Table } from "./report.ts";

type Both = Readonly<Record<Language, string>>;

/** What stands behind each column. */
const meanings: Readonly<Record<Column, { readonly title: Both; readonly text: Both }>> = {
  read: {
    title: { en: "read", zh: "读取" },
    text: {
      en: "The engine's own readers take the emitted files of every preset that the versions can run, and of random answer sets: HfArgumentParser and `HfTrainerDeepSpeedConfig` without a mismatch, `DeepSpeedConfig` without an error or a warning about a key of ours, mmengine's `Config.fromfile` with XTuner's own checks, FlagEmbedding's dataclasses. What they read is what the plan says: batch, accumulation, clipping, precision, stage, warm-up, learning rate.",
      zh: "引擎自带的读取程序接受所有该版本能运行的预设以及随机答案生成的文件：HfArgumentParser 与 `HfTrainerDeepSpeedConfig` 无一处不符，`DeepSpeedConfig` 没有错误，也没有针对我们所写键的警告；mmengine 的 `Config.fromfile` 及 XTuner 自己的检查；FlagEmbedding 的数据类。读到的批大小、梯度累积、裁剪、精度、ZeRO 阶段、预热和学习率与计划一致。",
    },
  },
  "schedule predicted": {
    title: { en: "schedule predicted", zh: "调度预测" },
    text: {
      en: "The models in `src/engines` give the learning rate that the real classes and real runs use, step by step and in every parameter group, to 1e-12 of the peak; for good configs and for broken ones (a `WarmupLR` block under a cosine, the logarithmic warm-up, `WarmupDecayLR` without `warmup_max_lr`, fp16 overflows, a schedule that ends after the first epoch …), and the exception where the engine raises one.",
      zh: "`src/engines` 中的模型逐步、逐参数组给出真实类与真实训练所用的学习率，误差不超过峰值的 1e-12；既包括正确的配置，也包括错误的配置（余弦之下的 `WarmupLR` 块、对数预热、缺少 `warmup_max_lr` 的 `WarmupDecayLR`、fp16 溢出、第一个 epoch 后就结束的调度等），引擎抛出异常时则预测该异常。",
    },
  },
  "plan followed": {
    title: { en: "plan followed", zh: "按计划执行" },
    text: {
      en: "mmengine builds the emitted `param_scheduler` and XTuner's `TrainLoop` steps it: every optimizer step uses the planned rate, to 1e-12 after warm-up and within what the small `start_factor` leaves during it, from 1 to 1,000 iterations, for any accumulation.",
      zh: "由 mmengine 构建写出的 `param_scheduler`，由 XTuner 的 `TrainLoop` 推进：每个优化器步都使用计划的学习率，预热之后误差 1e-12，预热期间不超过很小的 `start_factor` 带来的偏差；从 1 到 1,000 次迭代，任意梯度累积。",
    },
  },
  trained: {
    title: { en: "trained", zh: "训练" },
    text: {
      en: "The emitted programs train a small random model as they stand: ZeRO 0 to 3, one and two processes, bf16, fp32 and fp16, full and LoRA, dense and with experts, owners of the schedule, stopped and resumed. Every update uses the planned rate; losses are finite and fall; gradients are finite and not zero; the weights that were saved load again and are equal.",
      zh: "写出的程序原样训练一个很小的随机模型：ZeRO 0 到 3，一个和两个进程，bf16、fp32、fp16，全参数与 LoRA，稠密与专家模型，不同的调度负责方，中断后恢复。每次更新都使用计划的学习率；损失有限并下降；梯度有限且不为零；保存的权重可重新加载且完全相等。",
    },
  },
  launched: {
    title: { en: "launched", zh: "启动" },
    text: {
      en: "`bash launch.sh` with torchrun, accelerate and DeepSpeed's launcher, two processes: the log shows the planned rates, the weights are there.",
      zh: "分别用 torchrun、accelerate 和 DeepSpeed 启动器运行 `bash launch.sh`，两个进程：日志显示计划的学习率，权重文件存在。",
    },
  },
  "pitfall caught": {
    title: { en: "pitfall caught", zh: "识破陷阱" },
    text: {
      en: "The control: documented pitfalls, put by hand into an emitted folder, make these proofs fail, each for its own reason.",
      zh: "反向验证：把已知陷阱手工写入生成的目录，上述证明必须因相应的原因而失败。",
    },
  },
};

const prose = {
  title: { en: "Conformance", zh: "一致性验证" },
  intro: {
    en: "What is written here was loaded, trained and measured by the engines themselves. A number counts checks that passed; a cell is empty where there is nothing to prove.",
    zh: "以下内容均由引擎本身加载、训练并测量。数字是通过的检查数；没有可验证内容的单元格为空。",
  },
  again: {
    en: "Run it again with `npm run test:engines` (Python 3.11 and the package index; `--quick` for a part of it in a few minutes).",
    zh: "重新运行：`npm run test:engines`（需要 Python 3.11 和软件包索引；`--quick` 在几分钟内运行其中一部分）。",
  },
  where: { en: "versions", zh: "版本" },
  limits: { en: "Limits", zh: "局限" },
  limitList: {
    en: [
      "A CPU, gloo between processes, torch 2.13 under all versions. Collectives of NCCL, CUDA kernels, 4-bit weights and flash attention were not run.",
      "DeepSpeed refuses fp16 on a CPU; that check is lifted. Its all-gathers are made one at a time, because gloo returns some of those that it is to wait for half filled.",
      "DeepSpeed 0.12 can't reduce gradients of a CPU without ZeRO, and is trained from ZeRO-1 on.",
      "XTuner 1.x is not in the package index and does not start without a GPU; it is not part of this table.",
    ],
    zh: [
      "在 CPU 上运行，进程间用 gloo，所有版本都用 torch 2.13。未运行 NCCL 集合通信、CUDA 内核、4-bit 权重和 flash attention。",
      "DeepSpeed 在 CPU 上拒绝 fp16，这项检查被解除。它的 all-gather 逐个执行，因为 gloo 对需要稍后等待的 all-gather 有时只返回一半数据。",
      "DeepSpeed 0.12 在没有 ZeRO 时无法归约 CPU 上的梯度，因此从 ZeRO-1 起训练。",
      "XTuner 1.x 不在软件包索引中，没有 GPU 也无法启动，不在此表之内。",
    ],
  },
} as const;

const files: Readonly<Record<Language, string>> = { en: "conformance.md", zh: "conformance.zh-CN.md" };

/** Writes the table of a complete run into `docs/`, in both languages. The same run gives the same bytes. */
export function writeConformance(root: string, table: Table, seed: number): void {
  const folder = path.join(root, "docs");
  mkdirSync(folder, { recursive: true });
  for (const language of ["en", "zh"] as const) {
    writeFileSync(path.join(folder, files[language]), conformancePage(language, table, seed));
  }
}

/** The page of one language. */
export function conformancePage(language: Language, { rows }: Table, seed: number): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const seedLine = { en: `Seed of the random answer sets: ${seed}.`, zh: `随机答案的种子：${seed}。` }[language];
  return [
    `# ${prose.title[language]}`,
    "",
    prose.intro[language],
    "",
    `${prose.again[language]} ${seedLine}`,
    "",
    row([prose.where[language], ...columns.map((column) => meanings[column].title[language])]),
    row(["---", ...columns.map(() => "--:")]),
    ...rows.map(row),
    "",
    ...columns.flatMap((column) => [`**${meanings[column].title[language]}.** ${meanings[column].text[language]}`, ""]),
    `## ${prose.limits[language]}`,
    "",
    ...prose.limitList[language].map((line) => `- ${line}`),
    "",
  ].join("\n");
}
