import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "ZE114",
  id: "deepspeed-and-fsdp",
  severity: "error",
  title: { en: "DeepSpeed and FSDP together", zh: "同时使用 DeepSpeed 与 FSDP" },
  why: { en: "Both partition the model; every framework refuses the pair.", zh: "二者都会切分模型；各框架都会拒绝。" },
  fix: { en: "One of them.", zh: "只使用其一。" },
  sources: [
    "axolotl-ai-cloud/axolotl:src/axolotl/utils/schemas/validation.py",
    "huggingface/accelerate:src/accelerate/commands/launch.py",
  ],
  logs: [
    /deepspeed and fsdp cannot be used together/i,
    /You can only use one of `?--cpu`?, `?--multi_gpu`?, `?--tpu`?, `?--use_deepspeed`?, `?--use_fsdp`?/i,
  ],
  *find({ args, accelerate, dsNamed, launch }): Iterable<Hit> {
    if (args !== null && dsNamed !== null && args.get("deepspeed")?.value !== undefined) {
      const name = ["fsdp", "fsdp_config"].find((each) => {
        const setting = args.exactly(each);
        if (setting === null) return false;
        if (setting.node?.kind === "scalar" && setting.value === undefined) return false;
        return setting.node?.kind === "map"
          ? setting.node.entries.length > 0
          : setting.node?.kind === "list"
            ? setting.node.items.length > 0
            : typeof setting.value === "string" && setting.value !== "";
      });
      if (name !== undefined) {
        yield {
          at: args.place(name),
          also: [dsNamed.place],
          says: {
            en: `${args.key(name)} beside DeepSpeed: only one of them can partition the model`,
            zh: `${args.key(name)} 与 DeepSpeed 并存：只能由其中之一切分模型`,
          },
        };
      }
    }
    if (
      accelerate !== null &&
      accelerate.doc.value("distributed_type") === "DEEPSPEED" &&
      accelerate.doc.entries("fsdp_config").length > 0
    ) {
      yield {
        at: accelerate.doc.place("fsdp_config"),
        also: [accelerate.doc.place("distributed_type")],
        says: { en: "fsdp_config in a file for DeepSpeed", zh: "DeepSpeed 的配置文件中含有 fsdp_config" },
      };
    }
    if (launch?.launcher === "accelerate" && launch.own.on("use_deepspeed") && launch.own.on("use_fsdp")) {
      yield {
        at: launch.own.place("use_fsdp"),
        also: [launch.own.place("use_deepspeed")],
        says: { en: "--use_deepspeed and --use_fsdp exclude each other", zh: "--use_deepspeed 与 --use_fsdp 互斥" },
      };
    }
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10", '--fsdp "full_shard auto_wrap"'),
        "ds_config.json": ds(),
      },
    },
  ],
  good: [{ files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds() } }],
};
