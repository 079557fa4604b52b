import { xtuner } from "./examples.ts";
import { schedulerPaths } from "./tools.ts";
import { mmengineCurves } from "./mmengine-curves.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

export const pitfall: Pitfall = {
  code: "MM104",
  id: "mmengine-windows",
  severity: "warning",
  title: { en: "Schedulers whose windows overlap, or leave a gap", zh: "调度器的区间重叠或留有空隙" },
  why: {
    en: "mmengine's schedulers change what the one before them has left, without a warning. Where two overlap, their factors multiply; in a gap the last value stays; one that ends before the run does leaves the learning rate where it was.",
    zh: "mmengine 的调度器在前一个的结果上继续修改，没有任何警告。重叠时系数相乘；空隙中保持最后的值；提前结束则学习率停在当时的数值。",
  },
  fix: {
    en: "Let each begin where the one before it ends, and the last end with the run.",
    zh: "让每个调度器从前一个结束处开始，最后一个与训练同时结束。",
  },
  sources: ["open-mmlab/mmengine:mmengine/optim/scheduler/param_scheduler.py", "InternLM/xtuner#386"],
  *find(job): Iterable<Hit> {
    const { xtuner: file } = job;
    if (file === null) return;
    const { doc } = file;
    const windows = schedulerPaths(doc)
      .map((path) => ({
        path,
        begin: doc.number(`${path}.begin`) ?? (doc.has(`${path}.begin`) ? undefined : 0),
        end: doc.number(`${path}.end`),
        epochs: doc.value(`${path}.by_epoch`) !== false,
      }))
      .toSorted((a, b) => (a.begin ?? 0) - (b.begin ?? 0));
    for (const [index, next] of windows.entries()) {
      const before = windows[index - 1];
      if (before === undefined || before.end === undefined || next.begin === undefined || before.epochs !== next.epochs)
        continue;
      const gap = next.begin - before.end;
      const { end: last } = before;
      // One iteration of overlap is how a warm-up is made to end at the peak.
      const slack = next.epochs ? 1e-9 : 1;
      if (Math.abs(gap) <= slack) continue;
      yield {
        at: doc.place(`${next.path}.begin`),
        also: [doc.place(`${before.path}.end`)],
        severity: gap < 0 ? "warning" : "info",
        says:
          gap < 0
            ? {
                en: `this begins at ${next.begin}, before the last one ends at ${before.end}: their factors multiply`,
                zh: `它从 ${next.begin} 开始，而前一个到 ${before.end} 才结束：系数会相乘`,
              }
            : {
                en: `nothing changes the learning rate from ${before.end} to ${next.begin}`,
                zh: `从 ${before.end} 到 ${next.begin} 之间没有调度器改变学习率`,
              },
        curves: mmengineCurves(job, (entry) => (entry["begin"] === next.begin ? { ...entry, begin: last } : entry)),
      };
    }
    const epochs = doc.number("train_cfg.max_epochs");
    const last = windows[windows.length - 1];
    if (
      epochs !== undefined &&
      last?.epochs === true &&
      last.end !== undefined &&
      last.end < epochs - 1e-9 &&
      last.end >= 1
    ) {
      yield {
        at: doc.place(`${last.path}.end`),
        also: [doc.place("train_cfg.max_epochs")],
        says: {
          en: `the schedule ends after ${last.end} of ${epochs} epochs`,
          zh: `调度在 ${epochs} 个 epoch 中的第 ${last.end} 个之后结束`,
        },
        curves: mmengineCurves(job, (entry) => (entry["end"] === last.end ? { ...entry, end: epochs } : entry)),
      };
    }
  },
  bad: [
    {
      files: { "config.py": xtuner("eta_min=0.0, by_epoch=True, begin=0, end=max_epochs, convert_to_iter_based=True") },
    },
    {
      files: {
        "config.py": xtuner(
          "eta_min=0.0, by_epoch=True, begin=warmup_ratio * max_epochs, end=2, convert_to_iter_based=True",
        ),
      },
    },
  ],
  good: [
    {
      files: {
        "config.py": xtuner(
          "eta_min=0.0, by_epoch=True, begin=warmup_ratio * max_epochs, end=max_epochs, convert_to_iter_based=True",
        ),
      },
    },
  ],
};
