import { ds } from "./examples.ts";
import { wholeNumbers } from "../catalog/names/deepspeed.ts";
import type { Hit, Pitfall, Text } from "./pitfall.ts";
import type { Doc } from "../readers/tree.ts";

interface Rule {
  readonly path: string;
  /** What is wrong with the value; null where nothing is. */
  readonly judge: (value: unknown, doc: Doc) => Text | null;
}

const below = (least: number): Text => ({ en: `must be ${least} or more`, zh: `必须大于等于 ${least}` });
const WHOLE: Text = { en: "must be a whole number", zh: "必须是整数" };
const NUMBER: Text = { en: "must be a number", zh: "必须是数字" };

const integer = (path: string, least: number): Rule => ({
  path,
  judge: (value) =>
    value === undefined || value === "auto" || typeof value === "string"
      ? null
      : typeof value !== "number"
        ? NUMBER
        : !Number.isInteger(value)
          ? WHOLE
          : value < least
            ? below(least)
            : null,
});

const RULES: readonly Rule[] = [
  {
    path: "zero_optimization.stage",
    judge: (value) =>
      value === undefined || value === "auto" || [0, 1, 2, 3, "0", "1", "2", "3"].includes(value as number)
        ? null
        : { en: "must be 0, 1, 2 or 3", zh: "必须是 0、1、2 或 3" },
  },
  ...["initial_scale_power", "hysteresis"].map((name) => integer(`fp16.${name}`, 0)),
  ...["loss_scale_window", "min_loss_scale"].map((name) => integer(`fp16.${name}`, 0)),
  {
    path: "fp16.loss_scale",
    judge: (value) => (typeof value === "boolean" ? NUMBER : typeof value === "number" && value < 0 ? below(0) : null),
  },
  ...["train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps"].map((name) =>
    integer(name, 1),
  ),
  {
    path: "gradient_clipping",
    judge: (value) => (typeof value === "boolean" ? NUMBER : typeof value === "number" && value < 0 ? below(0) : null),
  },
  // A fraction in these has a pitfall of its own.
  ...wholeNumbers.map((name): Rule => ({
    path: `zero_optimization.${name}`,
    judge: (value) => (typeof value === "boolean" ? NUMBER : typeof value === "number" && value < 0 ? below(0) : null),
  })),
  {
    path: "communication_data_type",
    judge: (value) =>
      typeof value !== "string" || ["fp16", "bf16", "fp32"].includes(value)
        ? null
        : { en: "must be fp16, bf16 or fp32", zh: "必须是 fp16、bf16 或 fp32" },
  },
  {
    path: "gradient_allreduce_op",
    judge: (value) =>
      value === undefined || value === "mean" || value === "sum"
        ? null
        : { en: "must be mean or sum", zh: "必须是 mean 或 sum" },
  },
  ...["offload_optimizer", "offload_param"].map((name): Rule => ({
    path: `zero_optimization.${name}.device`,
    judge: (value) =>
      value === undefined || value === null || ["none", "cpu", "nvme", "auto"].includes(String(value))
        ? null
        : { en: "must be none, cpu or nvme", zh: "必须是 none、cpu 或 nvme" },
  })),
  {
    path: "zero_optimization.offload_optimizer.ratio",
    judge: (value, doc) =>
      typeof value === "number" && value < 1 && doc.value("zero_optimization.stage") !== 3
        ? { en: "may be below 1 in stage 3 only", zh: "只有 3 阶段才可小于 1" }
        : null,
  },
];

export const pitfall: Pitfall = {
  code: "SY112",
  id: "ds-type-mismatch",
  severity: "error",
  title: { en: "A value that DeepSpeed does not take", zh: "DeepSpeed 不接受的值" },
  why: {
    en: "The sections of the config are typed: a wrong type, a value out of range or a word that is none of the choices stops DeepSpeed at its start.",
    zh: "配置的各部分都有类型：类型错误、超出范围或不在可选值之内，DeepSpeed 会在启动时报错退出。",
  },
  fix: { en: "A value of the named kind.", zh: "改为所要求的值。" },
  sources: [
    "deepspeedai/DeepSpeed:deepspeed/runtime/precision_config.py",
    "deepspeedai/DeepSpeed:deepspeed/runtime/zero/config.py",
  ],
  logs: [
    /Input should be (?:a valid (?:integer|number|boolean)|greater than or equal to|less than or equal to|'none'|0, 1, 2)/i,
    /Invalid communication_data_type/i,
  ],
  *find(job): Iterable<Hit> {
    if (job.ds === null) return;
    const { doc } = job.ds;
    const zero = doc.node("zero_optimization");
    if (
      zero !== null &&
      zero.kind !== "map" &&
      zero.kind !== "opaque" &&
      !(zero.kind === "scalar" && typeof zero.value === "boolean")
    ) {
      yield {
        at: doc.place("zero_optimization"),
        says: { en: "zero_optimization must be a section", zh: "zero_optimization 必须是一个部分" },
      };
      return;
    }
    for (const { path, judge } of RULES) {
      const node = doc.node(path);
      if (node === null || node.kind !== "scalar") continue;
      const wrong = judge(node.value, doc);
      if (wrong === null) continue;
      const old = path === "fp16.min_loss_scale" && job.version("deepspeed").below("0.17.1");
      yield {
        at: doc.place(path),
        severity: old ? "info" : "error",
        says: { en: `${path} is ${node.text}: it ${wrong.en}`, zh: `${path} 为 ${node.text}：${wrong.zh}` },
      };
    }
    for (const name of ["offload_optimizer", "offload_param"]) {
      const path = `zero_optimization.${name}`;
      if (doc.value(`${path}.device`) === "nvme" && !doc.has(`${path}.nvme_path`)) {
        yield {
          at: doc.place(`${path}.nvme_path`),
          says: { en: `${name} to nvme needs nvme_path`, zh: `${name} 卸载到 nvme 需要 nvme_path` },
        };
      }
    }
  },
  bad: [
    { files: { "ds.json": ds({ fp16: { enabled: "auto", min_loss_scale: 0.5 } }) } },
    { files: { "ds.json": ds({ communication_data_type: "float32" }) } },
    { files: { "ds.json": ds({ zero_optimization: { stage: 4 } }) } },
  ],
  good: [
    {
      files: {
        "ds.json": ds({
          fp16: { enabled: "auto", min_loss_scale: 1 },
          zero_optimization: { stage: 2, reduce_bucket_size: 5e8 },
        }),
      },
    },
  ],
};
