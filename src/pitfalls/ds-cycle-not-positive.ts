import { ds } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const LENGTHS = ["cycle_first_step_size", "cycle_second_step_size", "lr_range_test_step_size"];
const cycle = (first: number): string =>
  ds({
    scheduler: { type: "OneCycle", params: { cycle_min_lr: 1e-6, cycle_max_lr: 1e-5, cycle_first_step_size: first } },
  });

export const pitfall: Pitfall = {
  code: "LR125",
  id: "ds-cycle-not-positive",
  severity: "error",
  title: { en: "A cycle or a range test of no length", zh: "周期或范围测试的长度不是正数" },
  why: {
    en: "OneCycle and LRRangeTest divide by these lengths; recent versions refuse one that is not positive, older ones divide by zero.",
    zh: "OneCycle 与 LRRangeTest 要除以这些长度；新版本拒绝非正数，旧版本会除以零。",
  },
  fix: { en: "A number of steps of 1 or more.", zh: "写 1 或更大的步数。" },
  sources: ["deepspeedai/DeepSpeed:deepspeed/runtime/lr_schedules.py"],
  *find({ ds: file }): Iterable<Hit> {
    if (file === null) return;
    for (const name of LENGTHS) {
      const path = `scheduler.params.${name}`;
      const value = file.doc.number(path);
      if (value === undefined || value > 0) continue;
      yield {
        at: file.doc.place(path),
        says: { en: `${name} is ${value}: it must be positive`, zh: `${name} 为 ${value}：必须为正数` },
      };
    }
  },
  bad: [{ files: { "ds.json": cycle(0) } }],
  good: [{ files: { "ds.json": cycle(100) } }],
};
