import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** Where the modules of before 1.3 are now. */
const MOVED: Readonly<Record<string, string>> = {
  "FlagEmbedding.baai_general_embedding.finetune.run": "FlagEmbedding.finetune.embedder.encoder_only.base",
  "FlagEmbedding.BGE_M3.run": "FlagEmbedding.finetune.embedder.encoder_only.m3",
  "FlagEmbedding.reranker.run": "FlagEmbedding.finetune.reranker.encoder_only.base",
  "FlagEmbedding.llm_reranker.finetune_for_instruction.run": "FlagEmbedding.finetune.reranker.decoder_only.base",
  "FlagEmbedding.llm_reranker.finetune_for_layerwise.run": "FlagEmbedding.finetune.reranker.decoder_only.layerwise",
};

export const pitfall: Pitfall = {
  code: "EM108",
  id: "flagembedding-old-module",
  severity: "warning",
  title: { en: "A module that FlagEmbedding 1.3 has moved", zh: "FlagEmbedding 1.3 已移动的模块" },
  why: {
    en: "FlagEmbedding 1.3 (October 2024) put its programs elsewhere, with other argument names: No module named …",
    zh: "FlagEmbedding 1.3（2024 年 10 月）调整了程序位置与参数名：会报 No module named …",
  },
  fix: {
    en: "The new module, with its arguments; or FlagEmbedding below 1.3 in the requirements.",
    zh: "改用新模块及其参数；或在依赖中锁定低于 1.3 的 FlagEmbedding。",
  },
  versions: { en: "FlagEmbedding 1.3 and later", zh: "FlagEmbedding 1.3 及以上" },
  sources: ["FlagOpen/FlagEmbedding#1509", "FlagOpen/FlagEmbedding:examples/finetune/embedder/encoder_only/m3.sh"],
  logs: [/No module named '?FlagEmbedding\.(?:baai_general_embedding|BGE_M3|reranker|llm_reranker)/i],
  *find(job): Iterable<Hit> {
    const { launch } = job;
    const module = launch?.module ?? "";
    if (launch === null || !Object.hasOwn(MOVED, module) || job.version("flagembedding").below("1.3")) return;
    const word = launch.command.words.find(({ text }) => text === module);
    yield {
      at: { source: launch.source, key: "-m", range: word?.range ?? launch.place.range },
      severity: job.version("flagembedding").atLeast("1.3") ? "error" : "warning",
      says: {
        en: `${module} is ${MOVED[module] ?? ""} from FlagEmbedding 1.3 on`,
        zh: `FlagEmbedding 1.3 起 ${module} 改为 ${MOVED[module] ?? ""}`,
      },
    };
  },
  bad: [
    {
      files: {
        "run.sh": embed("--per_device_train_batch_size 16").replace(
          "FlagEmbedding.finetune.embedder.encoder_only.base",
          "FlagEmbedding.baai_general_embedding.finetune.run",
        ),
      },
    },
  ],
  good: [
    { files: { "run.sh": embed("--per_device_train_batch_size 16") } },
    {
      files: {
        "run.sh": embed("--per_device_train_batch_size 16").replace(
          "FlagEmbedding.finetune.embedder.encoder_only.base",
          "FlagEmbedding.baai_general_embedding.finetune.run",
        ),
        "requirements.txt": "FlagEmbedding==1.2.11\n",
      },
    },
  ],
};
