import { renameSetting } from "./edits.ts";
import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const RENAMED: Readonly<Record<string, string>> = {
  normlized: "normalize_embeddings",
  normalized: "normalize_embeddings",
  same_task_within_batch: "same_dataset_within_batch",
  sentence_pooling: "sentence_pooling_method",
  use_inbatch_neg: "",
  enable_sub_batch: "sub_batch_size",
};

export const pitfall: Pitfall = {
  code: "EM103",
  id: "flagembedding-arg-renamed",
  severity: "error",
  title: { en: "Old argument names with FlagEmbedding 1.3", zh: "在 FlagEmbedding 1.3 中使用旧参数名" },
  why: {
    en: "The modules under FlagEmbedding.finetune came with 1.3 and know other names; the run stops at arguments that are not used.",
    zh: "FlagEmbedding.finetune 下的模块自 1.3 起提供，参数名已更改；遇到未使用的参数会报错退出。",
  },
  fix: {
    en: "normalize_embeddings, same_dataset_within_batch.",
    zh: "改为 normalize_embeddings、same_dataset_within_batch。",
  },
  versions: { en: "FlagEmbedding 1.3 and later", zh: "FlagEmbedding 1.3 及以上" },
  sources: [
    "FlagOpen/FlagEmbedding#1218",
    "FlagOpen/FlagEmbedding:FlagEmbedding/abc/finetune/embedder/AbsArguments.py",
  ],
  logs: [/not used by the HfArgumentParser: \['--normlized/i],
  *find({ launch, args }): Iterable<Hit> {
    if (args === null || launch === null || !/^FlagEmbedding\.finetune\./.test(launch.module ?? "")) return;
    for (const setting of args.all) {
      if (!Object.hasOwn(RENAMED, setting.name)) continue;
      const now = RENAMED[setting.name] ?? "";
      // Without an instruction the mode of the new name puts the word "None" in front of queries.
      const ready = setting.name !== "same_task_within_batch" || args.has("query_instruction_for_retrieval");
      const direct = ready && /^(?:normlized|normalized|same_task_within_batch)$/.test(setting.name);
      yield {
        at: setting.place,
        says:
          now === ""
            ? {
                en: `${setting.place.key} is gone in FlagEmbedding 1.3`,
                zh: `FlagEmbedding 1.3 已没有 ${setting.place.key}`,
              }
            : {
                en: `${setting.place.key} is called --${now} in FlagEmbedding 1.3`,
                zh: `${setting.place.key} 在 FlagEmbedding 1.3 中叫 --${now}`,
              },
        fix: direct && args.exactly(now) === null ? renameSetting(setting, now) : undefined,
      };
    }
  },
  bad: [
    {
      files: {
        "run.sh": embed("--per_device_train_batch_size 16", "--normlized True", "--same_task_within_batch True"),
      },
    },
  ],
  good: [
    {
      files: {
        "run.sh": embed(
          "--per_device_train_batch_size 16",
          "--normalize_embeddings True",
          '--query_instruction_for_retrieval ""',
        ),
      },
    },
  ],
};
