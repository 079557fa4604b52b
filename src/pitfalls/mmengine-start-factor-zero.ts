import { xtuner } from "./examples.ts";
import { replaceValue } from "./edits.ts";
import { schedulerPaths } from "./tools.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const cosine =
  "eta_min=0.0, by_epoch=True, begin=warmup_ratio * max_epochs, end=max_epochs, convert_to_iter_based=True";

export const pitfall: Pitfall = {
  code: "MM107",
  id: "mmengine-start-factor-zero",
  severity: "error",
  title: { en: "A warm-up that begins at 0", zh: "从 0 开始的预热" },
  why: {
    en: "LinearLR multiplies from step to step: from 0 it divides by zero at the second one.",
    zh: "LinearLR 逐步相乘：从 0 开始会在第二步除以零。",
  },
  fix: { en: "start_factor=1e-5.", zh: "写 start_factor=1e-5。" },
  sources: ["open-mmlab/mmengine:mmengine/optim/scheduler/param_scheduler.py"],
  *find({ xtuner: file }): Iterable<Hit> {
    if (file === null) return;
    for (const path of schedulerPaths(file.doc)) {
      if (file.doc.number(`${path}.start_factor`) !== 0) continue;
      yield {
        at: file.doc.place(`${path}.start_factor`),
        says: {
          en: "start_factor 0: ZeroDivisionError at the second step",
          zh: "start_factor 为 0：第二步出现 ZeroDivisionError",
        },
        fix: replaceValue(file.doc, `${path}.start_factor`, "1e-5"),
      };
    }
  },
  bad: [{ files: { "config.py": xtuner(cosine).replace("start_factor=1e-5", "start_factor=0") } }],
  good: [{ files: { "config.py": xtuner(cosine) } }],
};
