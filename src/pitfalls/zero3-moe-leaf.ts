import { findModel } from "../catalog/models.ts";
import { modelName, zeroStage } from "../jobs/facts.ts";
import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const config = (keys: object): string =>
  ds({ zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: true, ...keys } });
const command = train("--bf16", "--warmup_steps 10").replace("facebook/opt-6.7b", "mistralai/Mixtral-8x7B-v0.1");

export const pitfall: Pitfall = {
  code: "ZT110",
  id: "zero3-moe-leaf",
  severity: "warning",
  title: { en: "A mixture of experts in stage 3 without leaf modules", zh: "3 阶段训练混合专家模型而未设置叶子模块" },
  why: {
    en: "Stage 3 gathers each module as it is reached. Ranks that route their tokens to different experts gather different ones, and wait for each other for ever; the block of experts has to be gathered as a whole.",
    zh: "3 阶段在执行到某个模块时才收集其参数。各进程把 token 路由到不同专家时收集的模块不同，会互相等待而卡死；专家所在的模块必须整体收集。",
  },
  fix: {
    en: "set_z3_leaf_modules in the program, deepspeed_moe_layer_cls_names for accelerate, or stage 2. DeepSpeed 0.18 and later know the common blocks by themselves.",
    zh: "在程序中调用 set_z3_leaf_modules，在 accelerate 中设置 deepspeed_moe_layer_cls_names，或改用 2 阶段。DeepSpeed 0.18 及以上自带常见模型的设置。",
  },
  versions: {
    en: "a warning for DeepSpeed before 0.18, or a program that is at hand",
    zh: "DeepSpeed 0.18 之前、或能看到程序时为警告",
  },
  sources: ["deepspeedai/DeepSpeed#7461", "deepspeedai/DeepSpeed:deepspeed/utils/z3_leaf_module.py"],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    const name = modelName(job);
    const deepspeed = job.version("deepspeed");
    // The frameworks set leaf modules themselves.
    if (stage?.value !== 3 || name === null || job.dialect !== "hf" || deepspeed.atLeast("0.18")) return;
    const found = findModel(name.value);
    if (found.kind !== "found" || found.model.architecture.moe === undefined) return;
    if (job.ds?.doc.has("zero_optimization.leaf_module") === true) return;
    if (job.accelerate?.doc.has("deepspeed_config.deepspeed_moe_layer_cls_names") === true) return;
    if (/z3_leaf/.test(job.program?.source.text ?? "")) return;
    yield {
      at: name.place,
      also: [stage.place],
      severity: deepspeed.known && job.program !== null ? "warning" : "info",
      says: {
        en: `${found.model.id} is a mixture of experts: stage 3 may hang unless its expert block is a leaf module`,
        zh: `${found.model.id} 是混合专家模型：若专家模块未设为叶子模块，3 阶段可能卡死`,
      },
    };
  },
  bad: [
    { files: { "run.sh": command, "ds_config.json": config({}) } },
    {
      files: {
        "run.sh": command,
        "ds_config.json": config({}),
        "train.py": "trainer = Trainer(model)\n",
        "requirements.txt": "deepspeed==0.15.4\n",
      },
    },
  ],
  good: [
    { files: { "run.sh": command, "ds_config.json": config({}), "train.py": "set_z3_leaf_modules(model, [Block])\n" } },
    { files: { "run.sh": command, "ds_config.json": config({}), "requirements.txt": "deepspeed==0.18.2\n" } },
  ],
};
