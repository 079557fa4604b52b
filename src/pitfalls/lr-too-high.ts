import { modelName, usesAdapters } from "../jobs/facts.ts";
import { factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** Models that are trained at such rates: encoders, T5, speech and vision. */
const SMALL =
  /t5|bert|electra|bart|pegasus|marian|gpt-?2|distil|vit|clip|wav2vec|whisper|hubert|resnet|swin|dino|opt-(?:125|350)m|pythia-(?:14|31|70|160|410)m|0\.[1-6]b|[1-4]\d\dm/i;

export const pitfall: Pitfall = {
  code: "LR106",
  id: "lr-too-high",
  severity: "warning",
  title: { en: "A learning rate far above what such a run takes", zh: "学习率远高于此类训练所能承受的范围" },
  why: {
    en: "Rates that suit LoRA destroy a model when all of its weights are trained: the loss diverges, fp16's scale runs to its minimum, or the model forgets.",
    zh: "适合 LoRA 的学习率用于全参数训练会毁掉模型：损失发散、fp16 损失缩放降到下限，或模型遗忘原有能力。",
  },
  fix: {
    en: "1e-6 to 2e-5 for all weights of a large language model, 5e-5 to 3e-4 for LoRA.",
    zh: "大语言模型全参数训练取 1e-6 至 2e-5，LoRA 取 5e-5 至 3e-4。",
  },
  sources: ["hiyouga/LLaMA-Factory#4255", "hiyouga/LLaMA-Factory#4944", "deepspeedai/DeepSpeedExamples#531"],
  *find(job): Iterable<Hit> {
    const { args, dialect } = job;
    const lr = args?.number("learning_rate");
    if (args === null || lr === undefined || dialect === "flagembedding") return;
    const model = modelName(job)?.value ?? "";
    // Training on raw text takes more than tuning does.
    if (
      args.value("stage") === "pt" ||
      args.exactly("pretraining_dataset") !== null ||
      job.launch?.program?.text === "pt"
    )
      return;
    // A projector or a head alone is trained at such rates.
    if (args.all.some(({ name }) => /^(?:tune_|freeze_|train_only|only_)/.test(name) && args.on(name))) return;
    if (SMALL.test(model) || /adafactor|prodigy|lion|muon|sgd/i.test(args.text("optim") ?? "")) return;
    const adapters = usesAdapters(job);
    // Nothing says whether all weights are trained: only a rate that suits neither is reported.
    const limit = adapters === true ? 1e-3 : adapters === false ? 1e-4 : 5e-4;
    if (adapters === true ? lr <= limit : lr < limit) return;
    yield {
      at: args.place("learning_rate"),
      says: {
        en: `${lr.toExponential()} is ${adapters === true ? "too much even for adapters (5e-5 to 3e-4)" : "far above the 1e-6 to 2e-5 of a full fine-tune"}`,
        zh: `${lr.toExponential()} ${adapters === true ? "即使对适配器也过高（5e-5 至 3e-4）" : "远高于全参数微调的 1e-6 至 2e-5"}`,
      },
    };
  },
  bad: [{ files: { "train.yaml": factory("finetuning_type: full", "learning_rate: 1.0e-3") } }],
  good: [
    { files: { "train.yaml": factory("finetuning_type: lora", "lora_target: all", "learning_rate: 1.0e-4") } },
    { files: { "train.yaml": factory("finetuning_type: full", "learning_rate: 1.0e-5") } },
  ],
};
