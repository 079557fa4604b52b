import { xtuner } from "./examples.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

const cosine =
  "eta_min=0.0, by_epoch=True, begin=warmup_ratio * max_epochs, end=max_epochs, convert_to_iter_based=True";

export const pitfall: Pitfall = {
  code: "MM105",
  id: "xtuner-iters-and-epochs",
  severity: "error",
  title: { en: "max_iters and max_epochs together", zh: "同时设置 max_iters 与 max_epochs" },
  why: { en: "XTuner's TrainLoop takes exactly one of them.", zh: "XTuner 的 TrainLoop 只接受其中之一。" },
  fix: { en: "Keep the one that you mean.", zh: "只保留想要的那一个。" },
  versions: { en: "XTuner 0.1 and 0.2", zh: "XTuner 0.1 与 0.2" },
  sources: ["InternLM/xtuner:xtuner/engine/runner/loops.py"],
  logs: [
    /Only one of `?max_iters`? (?:and|or) `?max_epochs`? can exist/i,
    /Please specify the `?max_iters`? or `?max_epochs`?/i,
  ],
  *find({ xtuner: file }): Iterable<Hit> {
    if (file === null) return;
    const { doc } = file;
    const given = (path: string): boolean => doc.has(path) && doc.value(path) !== null;
    if (!given("train_cfg.max_iters") || !given("train_cfg.max_epochs")) return;
    yield {
      at: doc.place("train_cfg.max_iters"),
      also: [doc.place("train_cfg.max_epochs")],
      says: { en: "max_iters and max_epochs exclude each other", zh: "max_iters 与 max_epochs 互斥" },
    };
  },
  bad: [
    {
      files: {
        "config.py": xtuner(cosine).replace("max_epochs=max_epochs)", "max_epochs=max_epochs, max_iters=3000)"),
      },
    },
  ],
  good: [{ files: { "config.py": xtuner(cosine) } }],
};
