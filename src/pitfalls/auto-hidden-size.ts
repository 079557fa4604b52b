import { modelName } from "../jobs/facts.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

const SIZES = ["reduce_bucket_size", "stage3_prefetch_bucket_size", "stage3_param_persistence_threshold"];

/** Models whose config keeps the size of its text model in a section of its own. */
const NESTED =
  /llava|(?:^|\/)gemma-?3-(?:4|12|27)b|gemma-?3n|qwen2\.5-omni|qwen3-omni|idefics|paligemma|internvl|fuyu|blip-?2|kosmos|mllama|llama-3\.2-(?:11|90)b-vision|pixtral|musicgen|clip-/i;

const config = (size: unknown): string =>
  ds({ zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: true, reduce_bucket_size: size } });
const command = train("--bf16", "--warmup_steps 10").replace("facebook/opt-6.7b", "llava-hf/llava-1.5-7b-hf");

export const pitfall: Pitfall = {
  code: "SY116",
  id: "auto-hidden-size",
  severity: "info",
  title: {
    en: 'ZeRO sizes on "auto" for a model without hidden_size',
    zh: '模型没有 hidden_size，而 ZeRO 的尺寸写成 "auto"',
  },
  why: {
    en: "The sizes are computed from the model's hidden_size. A config that keeps it in a section of its own has none at the top, and older versions of transformers do not look further.",
    zh: "这些尺寸由模型的 hidden_size 计算。若模型配置把它放在子部分，顶层就没有，而较旧的 transformers 不会继续查找。",
  },
  fix: {
    en: "Numbers: 5e8 without the exponent is DeepSpeed's own reduce_bucket_size.",
    zh: "写数值：DeepSpeed 自身的 reduce_bucket_size 为 500000000。",
  },
  sources: ["huggingface/trl#2154", "zjunlp/OntoProtein#11"],
  logs: [/neither `?hidden_size`? nor `?hidden_sizes`?/i, /hidden_size.*entry.*not.*found in the model's config/i],
  *find(job): Iterable<Hit> {
    const name = modelName(job);
    if (job.ds === null || !byTrainer(job) || name === null || !NESTED.test(name.value)) return;
    const { doc } = job.ds;
    const first = SIZES.find((size) => doc.value(`zero_optimization.${size}`) === "auto");
    if (first === undefined || doc.value("zero_optimization.stage") !== 3) return;
    yield {
      at: doc.place(`zero_optimization.${first}`),
      also: [name.place],
      says: {
        en: `${first} follows from hidden_size, which ${name.value} may not have at the top of its config`,
        zh: `${first} 由 hidden_size 得出，而 ${name.value} 的配置顶层可能没有它`,
      },
    };
  },
  bad: [{ files: { "run.sh": command, "ds_config.json": config("auto") } }],
  good: [{ files: { "run.sh": command, "ds_config.json": config(500000000) } }],
};
