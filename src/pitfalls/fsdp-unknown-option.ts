import { nearest } from "../catalog/nearest.ts";
import { factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const OPTIONS = [
  "full_shard",
  "shard_grad_op",
  "no_shard",
  "hybrid_shard",
  "hybrid_shard_zero2",
  "offload",
  "auto_wrap",
];

export const pitfall: Pitfall = {
  code: "HF110",
  id: "fsdp-unknown-option",
  severity: "error",
  title: { en: "An option of fsdp that there is none of", zh: "fsdp 没有的选项" },
  why: {
    en: "fsdp takes words from a fixed list, with blanks between them; any other one is refused, and so is offload alone.",
    zh: "fsdp 只接受固定列表中的词，以空格分隔；其他词会被拒绝，单独的 offload 也会被拒绝。",
  },
  fix: { en: 'For example "full_shard auto_wrap".', zh: '例如 "full_shard auto_wrap"。' },
  sources: ["huggingface/transformers:src/transformers/trainer_utils.py"],
  logs: [/is not a valid FSDPOption/i, /`--fsdp offload` can't work on its own/i],
  *find({ args, dialect }): Iterable<Hit> {
    const setting = args?.exactly("fsdp");
    if (setting == null || dialect === "axolotl" || dialect === "swift" || typeof setting.value !== "string") return;
    const words = setting.value.split(/\s+/).filter((word) => word !== "");
    if (/^(?:true|false|none|null)$/i.test(words[0] ?? "true")) return;
    const wrong = words.find((word) => !OPTIONS.includes(word));
    if (wrong === undefined && words.some((word) => word !== "offload")) return;
    const near = wrong === undefined ? undefined : nearest(wrong, OPTIONS, 1)[0];
    yield {
      at: setting.place,
      says:
        wrong === undefined
          ? { en: "offload needs a sharding beside it", zh: "offload 需要同时给出切分方式" }
          : {
              en: `fsdp has no option ${wrong}${near === undefined ? "" : `; ${near} is probably meant`}`,
              zh: `fsdp 没有选项 ${wrong}${near === undefined ? "" : `；大概是想写 ${near}`}`,
            },
    };
  },
  bad: [{ files: { "train.yaml": factory("learning_rate: 1.0e-5", "fsdp: fullshard auto_wrap") } }],
  good: [{ files: { "train.yaml": factory("learning_rate: 1.0e-5", "fsdp: full_shard auto_wrap") } }],
};
