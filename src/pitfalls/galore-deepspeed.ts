import { usesDeepSpeed } from "../jobs/facts.ts";
import { ds, factory } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const NAMES = ["use_galore", "use_apollo"];
const yaml = (line: string): string => factory("finetuning_type: full", "learning_rate: 1.0e-5", line);

export const pitfall: Pitfall = {
  code: "ZE113",
  id: "galore-deepspeed",
  severity: "error",
  title: { en: "GaLore or APOLLO with DeepSpeed", zh: "GaLore 或 APOLLO 与 DeepSpeed 同时使用" },
  why: {
    en: "Both replace the optimizer by one of their own, which DeepSpeed can't partition; LLaMA-Factory refuses the pair.",
    zh: "二者都用自己的优化器替换原有优化器，DeepSpeed 无法切分；LLaMA-Factory 会拒绝。",
  },
  fix: { en: "One of them.", zh: "只使用其一。" },
  sources: ["hiyouga/LLaMA-Factory:src/llamafactory/hparams/parser.py"],
  logs: [/(?:GaLore|APOLLO)(?: and \w+)? (?:are|is) incompatible with DeepSpeed/i],
  *find(job): Iterable<Hit> {
    const name = NAMES.find((each) => job.args?.on(each) === true);
    if (name === undefined || job.args === null || !usesDeepSpeed(job)) return;
    yield {
      at: job.args.place(name),
      says: { en: `${name} can't be combined with DeepSpeed`, zh: `${name} 不能与 DeepSpeed 同时使用` },
    };
  },
  bad: [{ files: { "train.yaml": yaml("use_galore: true\ndeepspeed: ds.json"), "ds.json": ds() } }],
  good: [{ files: { "train.yaml": yaml("deepspeed: ds.json"), "ds.json": ds() } }],
};
