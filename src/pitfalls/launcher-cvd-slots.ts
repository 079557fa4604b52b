import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";
import { pins, visibleDevices } from "./tools.ts";

const run = train("--bf16", "--warmup_steps 10").replace(
  "torchrun --nproc_per_node 8",
  "CUDA_VISIBLE_DEVICES=0,2 deepspeed",
);

export const pitfall: Pitfall = {
  code: "LA105",
  id: "launcher-cvd-slots",
  severity: "error",
  title: {
    en: "CUDA_VISIBLE_DEVICES with gaps, and an old deepspeed launcher",
    zh: "CUDA_VISIBLE_DEVICES 不连续，且 deepspeed 启动器较旧",
  },
  why: {
    en: "Before 0.15.2 the launcher numbered its slots from 0 without gaps, and looked the variable's numbers up among them.",
    zh: "0.15.2 之前，启动器把 slot 从 0 起连续编号，再用该变量中的编号去查找。",
  },
  fix: {
    en: "DeepSpeed 0.15.2 or later, or --include localhost:0,2 without the variable.",
    zh: "升级到 DeepSpeed 0.15.2 及以上，或不设变量而使用 --include localhost:0,2。",
  },
  versions: { en: "DeepSpeed before 0.15.2", zh: "DeepSpeed 0.15.2 之前" },
  sources: ["deepspeedai/DeepSpeed#6530", "deepspeedai/DeepSpeed#2976"],
  logs: [/No slot '\d+' specified on host 'localhost'/i],
  *find(job): Iterable<Hit> {
    const { launch } = job;
    if (launch?.launcher !== "deepspeed" || !job.version("deepspeed").below("0.15.2")) return;
    const visible = visibleDevices(job);
    if (visible === null || ["num_gpus", "include", "exclude"].some((name) => launch.own.exactly(name) !== null))
      return;
    if (visible.ids.every((id, index) => id === String(index))) return;
    yield {
      at: visible.place,
      also: pins(job, "deepspeed"),
      says: {
        en: `slots are numbered from 0 to ${visible.ids.length - 1} here, and ${visible.ids.join(",")} are looked for`,
        zh: `此处 slot 编号为 0 到 ${visible.ids.length - 1}，而要查找的是 ${visible.ids.join(",")}`,
      },
    };
  },
  bad: [{ files: { "run.sh": run, "ds_config.json": ds(), "requirements.txt": "deepspeed==0.14.0\n" } }],
  good: [{ files: { "run.sh": run, "ds_config.json": ds(), "requirements.txt": "deepspeed==0.16.0\n" } }],
};
