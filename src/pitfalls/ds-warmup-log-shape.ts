import { blockCurves } from "./curves.ts";
import { ds } from "./examples.ts";
import type { Edit, Hit, Pitfall } from "./pitfall.ts";

const config = (params: object): string =>
  ds({
    scheduler: {
      type: "WarmupDecayLR",
      params: {
        warmup_min_lr: "auto",
        warmup_max_lr: "auto",
        warmup_num_steps: "auto",
        total_num_steps: "auto",
        ...params,
      },
    },
  });

export const pitfall: Pitfall = {
  code: "LR109",
  id: "ds-warmup-log-shape",
  severity: "info",
  title: { en: "DeepSpeed's warm-up is logarithmic unless told otherwise", zh: "DeepSpeed 的预热默认是对数形状" },
  why: {
    en: "warmup_type is log by default, and the Trainer doesn't fill it: the learning rate rises steeply at first. With 300 steps of warm-up it is up to half of the peak above a linear one.",
    zh: "warmup_type 默认为 log，Trainer 不会填充：学习率一开始上升很快。预热 300 步时，最多比线性预热高出峰值的一半。",
  },
  fix: { en: 'warmup_type: "linear".', zh: '写上 warmup_type: "linear"。' },
  sources: ["QwenLM/Qwen-VL#183", "deepspeedai/DeepSpeed:deepspeed/runtime/lr_schedules.py"],
  *find(job): Iterable<Hit> {
    const { ds: file } = job;
    if (file === null) return;
    const type = file.doc.text("scheduler.type");
    if (type === undefined || !/^Warmup(?:Decay|Cosine)?LR$/.test(type) || file.doc.has("scheduler.params.warmup_type"))
      return;
    yield {
      at: file.doc.place("scheduler.params.warmup_type"),
      says: {
        en: `${type} without warmup_type warms up along a logarithm, not a line`,
        zh: `${type} 未写 warmup_type，按对数而非直线预热`,
      },
      fix: added(file),
      curves: blockCurves(job, { scheduler: { warmup_type: "linear" } }),
    };
  },
  bad: [{ files: { "ds.json": config({}) } }],
  good: [{ files: { "ds.json": config({ warmup_type: "linear" }) } }],
};

function added({ doc, source }: NonNullable<Parameters<Pitfall["find"]>[0]["ds"]>): readonly Edit[] | undefined {
  const entries = doc.entries("scheduler.params");
  const last = entries[entries.length - 1];
  if (last === undefined || !source.path.endsWith(".json")) return undefined;
  const line = source.text.lastIndexOf("\n", last.range.from) + 1;
  const before = source.text.slice(line, last.range.from);
  const gap = before.trim() === "" ? `\n${before}` : " ";
  return [{ source, range: { from: last.range.to, to: last.range.to }, text: `,${gap}"warmup_type": "linear"` }];
}
