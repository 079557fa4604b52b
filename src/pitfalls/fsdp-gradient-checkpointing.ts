import { factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "GC105",
  id: "fsdp-gradient-checkpointing",
  severity: "info",
  title: { en: "gradient_checkpointing under FSDP's full shard", zh: "FSDP 全切分下使用 gradient_checkpointing" },
  why: {
    en: "Computing a layer again gathers its weights a third time. FSDP's own activation_checkpointing, in fsdp_config, does not; transformers warns of it.",
    zh: "重新计算一层时会第三次收集其权重。fsdp_config 中 FSDP 自身的 activation_checkpointing 则不会；transformers 会为此警告。",
  },
  fix: {
    en: "activation_checkpointing: true in fsdp_config, and no gradient_checkpointing.",
    zh: "在 fsdp_config 中写 activation_checkpointing: true，并去掉 gradient_checkpointing。",
  },
  sources: ["huggingface/transformers:src/transformers/training_args.py"],
  logs: [/When using FSDP full shard, instead of using `gradient_checkpointing`/i],
  *find({ args, dialect }): Iterable<Hit> {
    if (args === null || dialect === "axolotl" || !args.on("gradient_checkpointing")) return;
    if (!/\bfull_shard\b/.test(args.text("fsdp") ?? "")) return;
    yield {
      at: args.place("gradient_checkpointing"),
      also: [args.place("fsdp")],
      says: {
        en: "gradient_checkpointing under full_shard gathers every layer once more",
        zh: "full_shard 下的 gradient_checkpointing 会多收集一次每一层",
      },
    };
  },
  bad: [
    {
      files: {
        "train.yaml": factory("learning_rate: 1.0e-5", "fsdp: full_shard auto_wrap", "gradient_checkpointing: true"),
      },
    },
  ],
  good: [{ files: { "train.yaml": factory("learning_rate: 1.0e-5", "fsdp: full_shard auto_wrap") } }],
};
