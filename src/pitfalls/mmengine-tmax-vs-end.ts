import { removeKey } from "./edits.ts";
import { xtuner } from "./examples.ts";
import { schedulerPaths } from "./tools.ts";
import { mmengineCurves, without } from "./mmengine-curves.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "MM102",
  id: "mmengine-tmax-vs-end",
  severity: "warning",
  title: { en: "T_max shorter than the window of the cosine", zh: "T_max 短于余弦调度的区间" },
  why: {
    en: "A cosine is periodic: past T_max the learning rate rises again, up to the peak.",
    zh: "余弦是周期函数：超过 T_max 之后学习率会再次上升，直至峰值。",
  },
  fix: { en: "Leave T_max out; it is end - begin then.", zh: "去掉 T_max；其值即为 end - begin。" },
  sources: ["open-mmlab/mmengine:mmengine/optim/scheduler/param_scheduler.py"],
  *find(job): Iterable<Hit> {
    const { xtuner: file } = job;
    if (file === null) return;
    for (const path of schedulerPaths(file.doc)) {
      const span = file.doc.number(`${path}.T_max`);
      const end = file.doc.number(`${path}.end`);
      const begin = file.doc.number(`${path}.begin`) ?? 0;
      if (span === undefined || end === undefined || span >= end - begin - 1e-9) continue;
      yield {
        at: file.doc.place(`${path}.T_max`),
        says: {
          en: `T_max ${span} in a window of ${end - begin}: the learning rate rises again`,
          zh: `区间长度为 ${end - begin}，而 T_max 为 ${span}：学习率会再次上升`,
        },
        fix: removeKey(file.doc, `${path}.T_max`),
        curves: mmengineCurves(job, (entry) => without(entry, "T_max")),
      };
    }
  },
  bad: [{ files: { "config.py": xtuner("eta_min=0.0, by_epoch=False, begin=10, end=3000, T_max=1000") } }],
  good: [{ files: { "config.py": xtuner("eta_min=0.0, by_epoch=False, begin=10, end=3000") } }],
};
