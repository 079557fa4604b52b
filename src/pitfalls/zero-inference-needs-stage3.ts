import { zeroStage } from "../jobs/facts.ts";
import { ds, sh } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

const run = (...flags: readonly string[]): string =>
  sh(
    "torchrun --nproc_per_node 8 run.py",
    "--model_name_or_path facebook/opt-6.7b",
    "--output_dir out",
    "--per_device_eval_batch_size 4",
    "--bf16",
    "--deepspeed ds.json",
    ...flags,
  );

export const pitfall: Pitfall = {
  code: "ZE104",
  id: "zero-inference-needs-stage3",
  severity: "error",
  title: { en: "Prediction or evaluation alone with stages 0 to 2", zh: "仅预测或评估却使用 0 至 2 阶段" },
  why: {
    en: "Stages 1 and 2 partition what only training has; the Trainer refuses them for inference.",
    zh: "1、2 阶段切分的是训练才有的状态；Trainer 在推理时会拒绝。",
  },
  fix: {
    en: "No --deepspeed for prediction, or a stage 3 config.",
    zh: "预测时不用 --deepspeed，或使用 3 阶段的配置。",
  },
  sources: ["huggingface/transformers#26874", "deepspeedai/DeepSpeed#4526", "zai-org/ChatGLM3#864"],
  logs: [/ZeRO inference only makes sense with ZeRO Stage 3/i],
  *find(job): Iterable<Hit> {
    const { args } = job;
    const stage = zeroStage(job);
    if (args === null || stage === null || stage.value === 3 || !byTrainer(job)) return;
    const name = ["do_predict", "do_eval"].find((each) => args.on(each));
    const trains = args.get("do_train");
    if (name === undefined || args.on("do_train") || (trains !== null && trains.value === undefined)) return;
    yield {
      at: stage.place,
      also: [args.place(name)],
      says: {
        en: `${args.key(name)} without do_train: the Trainer refuses stage ${stage.value}`,
        zh: `只有 ${args.key(name)} 而没有 do_train：Trainer 会拒绝 ${stage.value} 阶段`,
      },
    };
  },
  bad: [{ files: { "run.sh": run("--do_predict"), "ds.json": ds() } }],
  good: [
    {
      files: {
        "run.sh": run("--do_train", "--do_predict", "--learning_rate 1e-5", "--warmup_steps 10"),
        "ds.json": ds(),
      },
    },
  ],
};
