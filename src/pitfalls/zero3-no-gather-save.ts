import { zeroStage } from "../jobs/facts.ts";
import type { Doc } from "../readers/tree.ts";
import { replaceValue } from "./edits.ts";
import { ds } from "./examples.ts";
import type { Edit, Hit, Pitfall } from "./pitfall.ts";

const NAMES = [
  "stage3_gather_16bit_weights_on_model_save",
  "gather_16bit_weights_on_model_save",
  "stage3_gather_fp16_weights_on_model_save",
];

/** The key put behind the stage, in the way of the file. */
function added(doc: Doc): readonly Edit[] | undefined {
  const stage = doc.entry("zero_optimization.stage");
  if (stage === null || !doc.source.path.endsWith(".json")) return undefined;
  const { text } = doc.source;
  const line = text.lastIndexOf("\n", stage.range.from) + 1;
  const indent = /^[ \t]*/.exec(text.slice(line, stage.range.from))?.[0] ?? "";
  const alone = text.slice(line, stage.range.from).trim() === "";
  return [
    {
      source: doc.source,
      range: { from: stage.range.to, to: stage.range.to },
      text: `,${alone ? `\n${indent}` : " "}"${NAMES[0]}": true`,
    },
  ];
}

export const pitfall: Pitfall = {
  code: "ZT104",
  id: "zero3-no-gather-save",
  severity: "warning",
  title: { en: "Stage 3 without gathered weights on saving", zh: "3 阶段保存时未收集权重" },
  why: {
    en: "The weights are partitioned. Without gathering, save_model writes no model file, or tensors of shape [0]; what can be used is in the DeepSpeed checkpoint only.",
    zh: "权重是分片的。不收集时，save_model 不写出模型文件，或写出形状为 [0] 的张量；可用的权重只在 DeepSpeed 检查点里。",
  },
  fix: {
    en: "stage3_gather_16bit_weights_on_model_save: true, or zero_to_fp32.py on the checkpoint afterwards.",
    zh: "设 stage3_gather_16bit_weights_on_model_save: true，或之后对检查点运行 zero_to_fp32.py。",
  },
  sources: ["huggingface/transformers#20082", "FlagOpen/FlagEmbedding#873", "deepspeedai/DeepSpeed#3841"],
  logs: [
    /size mismatch for .*: copying a param with shape torch\.Size\(\[0\]\)/i,
    /stage3_gather_16bit_weights_on_model_save=false\. Saving the full checkpoint instead/i,
    /Cannot save .*ZeRO Stage-3 .* stage3_gather_16bit/i,
  ],
  *find(job): Iterable<Hit> {
    const stage = zeroStage(job);
    if (stage?.value !== 3) return;
    const { ds, accelerate, script, args } = job;
    if (/zero_to_fp32/.test(script?.source.text ?? "")) return;
    if (
      job.reader === "deepspeed" ||
      (args !== null && !args.on("do_train") && (args.on("do_predict") || args.on("do_eval")))
    )
      return;
    const says = {
      en: "stage 3 without gathering: the saved model has no usable weights until zero_to_fp32.py has been run",
      zh: "3 阶段未收集权重：在运行 zero_to_fp32.py 之前，保存的模型没有可用的权重",
    };
    if (ds !== null) {
      const { doc } = ds;
      const given = NAMES.find((name) => doc.has(`zero_optimization.${name}`));
      const path = `zero_optimization.${given ?? NAMES[0]}`;
      const value = doc.value(path);
      if (given !== undefined && value !== false && value !== null) return;
      yield {
        at: doc.place(path),
        says,
        fix: given === undefined ? added(doc) : replaceValue(doc, path, doc.prefix === "" ? "true" : "True"),
      };
    } else if (accelerate !== null && accelerate.doc.has("deepspeed_config.zero_stage")) {
      const path = "deepspeed_config.zero3_save_16bit_model";
      if (accelerate.doc.value(path) === true) return;
      yield {
        at: accelerate.doc.place(path),
        says,
        fix: accelerate.doc.has(path) ? replaceValue(accelerate.doc, path, "true") : undefined,
      };
    }
  },
  bad: [
    { files: { "ds.json": ds({ zero_optimization: { stage: 3 } }) } },
    { files: { "ds.json": ds({ zero_optimization: { stage: 3, stage3_gather_16bit_weights_on_model_save: false } }) } },
  ],
  good: [{ files: { "ds.json": ds({ zero_optimization: { stage: 3, gather_16bit_weights_on_model_save: true } }) } }],
};
