import type { Hit, Pitfall } from "./pitfall.ts";
import { built, xtuner1 } from "./xtuner1.ts";

export const pitfall: Pitfall = {
  code: "MM109",
  id: "xtuner1-constant-default",
  severity: "warning",
  title: { en: "LRConfig without lr_type is constant", zh: "LRConfig 未写 lr_type 时为 constant" },
  why: {
    en: "In a config file lr_type is constant unless it is given, though the command line's default is cosine; lr_min has no effect then.",
    zh: "配置文件中 lr_type 默认为 constant，而命令行的默认值是 cosine；此时 lr_min 不起作用。",
  },
  fix: {
    en: 'lr_type="cosine", or constant if that is meant.',
    zh: '写 lr_type="cosine"；若确实需要常数则写 constant。',
  },
  versions: { en: "XTuner 1.x", zh: "XTuner 1.x 各版本" },
  sources: ["InternLM/xtuner:xtuner/v1/config/optim.py"],
  *find({ xtuner1: file }): Iterable<Hit> {
    const schedule = file === null ? null : built(file, /^LRConfig$/);
    if (schedule === null) return;
    const floor = schedule.has("lr_min");
    if (schedule.has("lr_type")) return;
    yield {
      at: schedule.place("lr_type"),
      also: floor ? [schedule.place("lr_min")] : [],
      severity: floor ? "warning" : "info",
      says: floor
        ? {
            en: "the schedule is constant after warm-up: lr_min has no effect",
            zh: "预热后学习率保持不变：lr_min 不起作用",
          }
        : { en: "no lr_type: the learning rate is constant after warm-up", zh: "没有 lr_type：预热后学习率保持不变" },
    };
  },
  bad: [
    { files: { "config.py": xtuner1("6e-5", "lr_min=1e-6") } },
    { files: { "config.py": xtuner1("6e-5", "warmup_ratio=0.03") } },
  ],
  good: [{ files: { "config.py": xtuner1("6e-5", 'lr_type="cosine", lr_min=1e-6') } }],
};
