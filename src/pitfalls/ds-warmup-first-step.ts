import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { byTrainer, pins } from "./tools.ts";

const config = (type: string, params: object): string =>
  ds({
    scheduler: {
      type,
      params: { total_num_steps: "auto", warmup_num_steps: "auto", warmup_type: "linear", ...params },
    },
  });
const decay = config("WarmupDecayLR", { warmup_min_lr: "auto", warmup_max_lr: "auto" });
const cosine = config("WarmupCosineLR", { cos_min_ratio: 0 });
const command = train("--bf16", "--warmup_steps 100");

export const pitfall: Pitfall = {
  code: "LR121",
  id: "ds-warmup-first-step",
  severity: "info",
  title: {
    en: "A DeepSpeed whose warm-up begins after the first update",
    zh: "所用 DeepSpeed 的预热从第一次更新之后才开始",
  },
  why: {
    en: "Its schedulers are stepped after the update. Before 0.15.3 their constructor leaves the optimizer's rate alone, so the first update is made at the full learning rate; until 0.19.0 WarmupCosineLR sets the first parameter group only, and biases and norms make theirs at the full rate.",
    zh: "它的调度器在更新之后才前进。0.15.3 之前，构造时不改变优化器的学习率，因此第一次更新使用全部学习率；0.19.0 之前，WarmupCosineLR 只设置第一个参数组，偏置与归一化参数的第一次更新仍使用全部学习率。",
  },
  fix: {
    en: "A later DeepSpeed, or no scheduler block: the Trainer's schedule begins at the first update.",
    zh: "升级 DeepSpeed，或不写 scheduler：Trainer 的调度从第一次更新就开始。",
  },
  versions: {
    en: "DeepSpeed before 0.15.3; WarmupCosineLR before 0.19.0",
    zh: "DeepSpeed 0.15.3 之前；WarmupCosineLR 为 0.19.0 之前",
  },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/lr_schedules.py"],
  *find(job): Iterable<Hit> {
    if (job.ds === null) return;
    const { doc } = job.ds;
    const type = doc.text("scheduler.type") ?? "";
    const deepspeed = job.version("deepspeed");
    if (!/^Warmup(?:Decay|Cosine)?LR$/.test(type)) return;
    // There is no WarmupCosineLR at all before that.
    if (type === "WarmupCosineLR" && deepspeed.below("0.12.4")) return;
    const all = deepspeed.below("0.15.3");
    // DeepSpeed's own optimizer has a single group; the Trainer's keeps biases and norms in a second one.
    const others = type === "WarmupCosineLR" && deepspeed.below("0.19.0") && byTrainer(job) && !doc.has("optimizer");
    if (!all && !others) return;
    yield {
      at: doc.place("scheduler.type"),
      also: pins(job, "deepspeed"),
      says: {
        en: `DeepSpeed ${deepspeed.text} makes the first update${all ? "" : " of biases and norms"} at the full learning rate, whatever the warm-up`,
        zh: `DeepSpeed ${deepspeed.text} 的第一次更新${all ? "" : "（偏置与归一化参数）"}使用全部学习率，与预热无关`,
      },
    };
  },
  bad: [
    { files: { "run.sh": command, "ds_config.json": decay, "requirements.txt": "deepspeed==0.14.4\n" } },
    { files: { "run.sh": command, "ds_config.json": cosine, "requirements.txt": "deepspeed==0.18.0\n" } },
  ],
  good: [
    { files: { "run.sh": command, "ds_config.json": decay, "requirements.txt": "deepspeed==0.18.0\n" } },
    { files: { "run.sh": command, "ds_config.json": decay } },
  ],
};
