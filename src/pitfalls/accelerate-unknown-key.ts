import { accelerateDeepSpeedKeys, accelerateKeys } from "../catalog/names/accelerate.ts";
import { topKeys, zeroNames } from "../catalog/names/deepspeed.ts";
import { nearest } from "../catalog/nearest.ts";
import { removeKey, renameKey } from "./edits.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const file = (...lines: readonly string[]): string =>
  `${["compute_environment: LOCAL_MACHINE", "distributed_type: DEEPSPEED", "deepspeed_config:", "  gradient_clipping: 1.0", "  zero_stage: 2", ...lines, "machine_rank: 0", "mixed_precision: bf16", "num_machines: 1", "num_processes: 8"].join("\n")}\n`;

export const pitfall: Pitfall = {
  code: "LA103",
  id: "accelerate-unknown-key",
  severity: "error",
  title: { en: "A key that accelerate does not know", zh: "accelerate 不认识的键" },
  why: {
    en: "At the top of the file accelerate stops at a key that it does not know. Inside deepspeed_config it reads the names of its own list and drops everything else without a word.",
    zh: "在文件顶层，accelerate 遇到不认识的键会报错退出；在 deepspeed_config 内部，它只读取自己列表中的名称，其余默默忽略。",
  },
  fix: {
    en: "Move it to where it is read: the training arguments, or a DeepSpeed JSON named by deepspeed_config_file.",
    zh: "移到会读取它的地方：训练参数，或 deepspeed_config_file 指定的 DeepSpeed JSON。",
  },
  sources: [
    "zai-org/CogVideo#502",
    "OpenMOSS/MOSS#272",
    "huggingface/accelerate:src/accelerate/commands/config/config_args.py",
  ],
  logs: [/The config file at .* had unknown keys/i],
  *find({ accelerate }): Iterable<Hit> {
    if (accelerate === null) return;
    const { doc } = accelerate;
    for (const { key } of doc.entries("")) {
      if (accelerateKeys.includes(key)) continue;
      const near = nearest(key, accelerateKeys, 1)[0];
      yield {
        at: doc.place(key),
        says: {
          en: `accelerate does not know ${key} and stops${near === undefined ? "" : `; ${near} is probably meant`}`,
          zh: `accelerate 不认识 ${key}，会报错退出${near === undefined ? "" : `；大概是想写 ${near}`}`,
        },
        fix: near !== undefined && !doc.has(near) ? renameKey(doc, key, near) : undefined,
      };
    }
    for (const { key, value } of doc.entries("deepspeed_config")) {
      if (accelerateDeepSpeedKeys.includes(key) || value.kind === "map") continue;
      const path = `deepspeed_config.${key}`;
      const ours = topKeys.includes(key) || zeroNames.includes(key);
      yield {
        at: doc.place(path),
        severity: "warning",
        says: {
          en: `${key} has no effect here${ours ? ": it belongs in a DeepSpeed JSON (deepspeed_config_file)" : ""}`,
          zh: `${key} 写在这里不起作用${ours ? "：它应写在 DeepSpeed JSON（deepspeed_config_file）里" : ""}`,
        },
        fix: ours ? undefined : removeKey(doc, path),
      };
    }
  },
  bad: [
    { files: { "accelerate.yaml": file("lr_scheduler: cosine") } },
    { files: { "accelerate.yaml": file().replace("  zero_stage: 2", "  zero_stage: 2\n  overlap_comm: true") } },
  ],
  good: [{ files: { "accelerate.yaml": file() } }],
};
