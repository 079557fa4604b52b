import { embed } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { pins } from "./tools.ts";

export const pitfall: Pitfall = {
  code: "EM112",
  id: "flagembedding-transformers5",
  severity: "error",
  title: { en: "FlagEmbedding with transformers 5", zh: "FlagEmbedding 与 transformers 5 同时使用" },
  why: {
    en: "FlagEmbedding up to 1.4 passes arguments that transformers 5 has dropped: rerankers stop at their start, embedders at the final save, when the run is lost.",
    zh: "FlagEmbedding 1.4 及以前会传入 transformers 5 已移除的参数：重排模型启动即报错，嵌入模型在最后保存时报错，训练结果丢失。",
  },
  fix: { en: "transformers>=4.44.2,<5.", zh: "使用 transformers>=4.44.2,<5。" },
  versions: { en: "FlagEmbedding up to 1.4", zh: "FlagEmbedding 1.4 及以前" },
  sources: ["FlagOpen/FlagEmbedding:FlagEmbedding/abc/finetune/embedder/AbsTrainer.py"],
  logs: [
    /AttributeError: .*Trainer'? object has no attribute 'tokenizer'/,
    /Trainer\.__init__\(\) got an unexpected keyword argument 'tokenizer'/,
  ],
  *find(job): Iterable<Hit> {
    const { launch } = job;
    const transformers = job.version("transformers");
    if (launch === null || !/^FlagEmbedding\./.test(launch.module ?? "") || !transformers.atLeast("5.0")) return;
    const word = launch.command.words.find(({ text }) => text === launch.module);
    yield {
      at: { source: launch.source, key: "-m", range: word?.range ?? launch.place.range },
      also: pins(job, "transformers"),
      says: {
        en: `${launch.module ?? ""} was made for transformers 4; this is ${transformers.text}`,
        zh: `${launch.module ?? ""} 面向 transformers 4；当前为 ${transformers.text}`,
      },
    };
  },
  bad: [
    { files: { "run.sh": embed("--per_device_train_batch_size 16"), "requirements.txt": "transformers==5.1.0\n" } },
  ],
  good: [
    { files: { "run.sh": embed("--per_device_train_batch_size 16"), "requirements.txt": "transformers==4.57.6\n" } },
  ],
};
