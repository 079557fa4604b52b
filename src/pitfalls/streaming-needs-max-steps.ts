import { factory } from "./examples.ts";
import type { Setting } from "../jobs/settings.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const isGiven = (setting: Setting | null): boolean =>
  setting !== null &&
  setting.value !== null &&
  (setting.value !== undefined || setting.node?.kind === "list" || setting.node?.kind === "map");

const axolotl = (...lines: readonly string[]): string =>
  `${["base_model: facebook/opt-125m", "micro_batch_size: 2", "gradient_accumulation_steps: 4", "learning_rate: 1.0e-5", "warmup_steps: 10", "bf16: auto", ...lines].join("\n")}\n`;

export const pitfall: Pitfall = {
  code: "HF101",
  id: "streaming-needs-max-steps",
  severity: "error",
  title: { en: "A streamed data set without max_steps", zh: "流式数据集没有设置 max_steps" },
  why: {
    en: "The length of a stream is not known, so neither the end of the run nor the schedule can be computed; the frameworks refuse to start.",
    zh: "流式数据的长度未知，既无法确定训练何时结束，也无法计算学习率调度；各框架都会拒绝启动。",
  },
  fix: {
    en: "Set max_steps to the number of optimizer steps that you want.",
    zh: "把 max_steps 设为想要的优化器步数。",
  },
  sources: [
    "hiyouga/LLaMA-Factory:src/llamafactory/hparams/parser.py",
    "axolotl-ai-cloud/axolotl:src/axolotl/utils/schemas/validation.py",
  ],
  logs: [
    /specify `?max_steps`? in streaming mode/i,
    /max_steps must be set when using (?:iterable|streaming)/i,
    /The train_dataset does not implement __len__, max_steps has to be specified/i,
  ],
  *find({ args, dialect }): Iterable<Hit> {
    if (args === null || (args.number("max_steps") ?? 0) > 0) return;
    if (args.has("max_steps") && args.value("max_steps") === undefined) return;
    const name = args.on("streaming")
      ? "streaming"
      : dialect === "axolotl" && isGiven(args.exactly("pretraining_dataset"))
        ? "pretraining_dataset"
        : null;
    if (name === null) return;
    yield {
      at: args.place(name),
      says: {
        en: `${name} without max_steps: the length of the run is not known`,
        zh: `设置了 ${name} 而没有 max_steps：训练长度未知`,
      },
    };
  },
  bad: [
    { files: { "train.yaml": factory("learning_rate: 1.0e-4", "streaming: true", "num_train_epochs: 3.0") } },
    { files: { "config.yml": axolotl("pretraining_dataset:", "  - path: allenai/c4", "num_epochs: 1") } },
  ],
  good: [
    { files: { "train.yaml": factory("learning_rate: 1.0e-4", "streaming: true", "max_steps: 3000") } },
    { files: { "config.yml": axolotl("datasets:", "  - path: tatsu-lab/alpaca", "num_epochs: 1") } },
  ],
};
