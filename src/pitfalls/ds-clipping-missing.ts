import { ds, train } from "./examples.ts";
import type { Edit, Hit, Pitfall } from "./pitfall.ts";
import { byTrainer } from "./tools.ts";

const without = ds().replace(',\n  "gradient_clipping": "auto"', "");

export const pitfall: Pitfall = {
  code: "ZE106",
  id: "ds-clipping-missing",
  severity: "warning",
  title: {
    en: "No gradient_clipping in a config that the Trainer fills",
    zh: "Trainer 填充的配置缺少 gradient_clipping",
  },
  why: {
    en: "The Trainer fills keys that are there. Without this one max_grad_norm has no effect: DeepSpeed clips with its own default, which was off until 0.19.3 and is 1.0 since.",
    zh: "Trainer 只填充已有的键。缺少它时 max_grad_norm 不起作用：DeepSpeed 使用自己的默认值，0.19.3 之前为关闭，之后为 1.0。",
  },
  fix: { en: 'gradient_clipping: "auto".', zh: '写上 gradient_clipping: "auto"。' },
  versions: { en: "the default changed in DeepSpeed 0.19.3", zh: "默认值在 DeepSpeed 0.19.3 中改变" },
  sources: [
    "huggingface/transformers:src/transformers/integrations/deepspeed.py",
    "deepspeedai/DeepSpeed:deepspeed/runtime/constants.py",
  ],
  *find(job): Iterable<Hit> {
    const { ds: file, args } = job;
    if (
      file === null ||
      args === null ||
      !byTrainer(job) ||
      file.doc.has("gradient_clipping") ||
      file.doc.root.kind !== "map"
    )
      return;
    if (!args.on("do_train") && (args.on("do_predict") || args.on("do_eval"))) return;
    const deepspeed = job.version("deepspeed");
    const asked = args.number("max_grad_norm") ?? 1;
    if (deepspeed.atLeast("0.19.3") && asked === 1) return;
    yield {
      at: file.doc.place("gradient_clipping"),
      severity: deepspeed.known ? "warning" : "info",
      says: deepspeed.atLeast("0.19.3")
        ? {
            en: `max_grad_norm ${asked} has no effect: DeepSpeed clips at 1.0`,
            zh: `max_grad_norm ${asked} 不起作用：DeepSpeed 按 1.0 裁剪`,
          }
        : {
            en: `max_grad_norm ${asked} has no effect${deepspeed.known ? ": gradients are not clipped" : ", and before DeepSpeed 0.19.3 gradients are not clipped at all"}`,
            zh: `max_grad_norm ${asked} 不起作用${deepspeed.known ? "：梯度没有裁剪" : "，且在 DeepSpeed 0.19.3 之前完全不裁剪"}`,
          },
      fix: added(job),
    };
  },
  bad: [
    {
      files: {
        "run.sh": train("--bf16", "--warmup_steps 10"),
        "ds_config.json": without,
        "requirements.txt": "deepspeed==0.15.4\n",
      },
    },
  ],
  good: [
    { files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": ds() } },
    {
      files: { "run.sh": train("--bf16", "--warmup_steps 10"), "ds_config.json": without },
      context: { deepspeed: "0.19.6" },
    },
  ],
};

/** The key put behind the last one of the file. */
function added({ ds: file }: Parameters<Pitfall["find"]>[0]): readonly Edit[] | undefined {
  if (file === null || !file.source.path.endsWith(".json")) return undefined;
  const entries = file.doc.entries("");
  const last = entries[entries.length - 1];
  if (last === undefined) return undefined;
  const { text } = file.source;
  const line = text.lastIndexOf("\n", last.range.from) + 1;
  const indent = /^[ \t]*/.exec(text.slice(line, last.range.from))?.[0] ?? "";
  const alone = text.slice(line, last.range.from).trim() === "";
  return [
    {
      source: file.source,
      range: { from: last.range.to, to: last.range.to },
      text: `,${alone ? `\n${indent}` : " "}"gradient_clipping": "auto"`,
    },
  ];
}
