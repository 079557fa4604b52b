import { ds, train } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const run = (flags: string): string =>
  train("--bf16", "--warmup_steps 10").replace("torchrun --nproc_per_node 8", `deepspeed ${flags}`);

export const pitfall: Pitfall = {
  code: "LA106",
  id: "launcher-include-num-gpus",
  severity: "error",
  title: {
    en: "--include or --exclude together with --num_gpus or --num_nodes",
    zh: "--include 或 --exclude 与 --num_gpus 或 --num_nodes 同时使用",
  },
  why: {
    en: "They are two ways to choose the same thing; the deepspeed launcher refuses the pair.",
    zh: "二者是选择同一事物的两种方式；deepspeed 启动器会拒绝。",
  },
  fix: { en: "Only --include.", zh: "只使用 --include。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/launcher/runner.py"],
  logs: [/Cannot specify num_nodes\/gpus with include\/exclude/i],
  *find({ launch }): Iterable<Hit> {
    if (launch?.launcher !== "deepspeed") return;
    const filter = ["include", "exclude"].map((name) => launch.own.exactly(name)).find((each) => each !== null);
    const count = ["num_gpus", "num_nodes"]
      .map((name) => launch.own.exactly(name))
      .find((each) => each !== null && typeof each.value === "number" && each.value >= 0);
    if (filter == null || count == null) return;
    yield {
      at: count.place,
      also: [filter.place],
      says: {
        en: `${count.place.key} beside ${filter.place.key}: the launcher refuses both together`,
        zh: `${count.place.key} 与 ${filter.place.key} 并存：启动器会拒绝`,
      },
    };
  },
  bad: [{ files: { "run.sh": run("--include localhost:0,1 --num_gpus 2"), "ds_config.json": ds() } }],
  good: [{ files: { "run.sh": run("--include localhost:0,1"), "ds_config.json": ds() } }],
};
