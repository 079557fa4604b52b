import type { Context } from "../../core/print/render.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { atLeast, showVersion } from "../../core/version.ts";
import type { Language } from "../../messages/message.ts";

/** ChatML, for base checkpoints whose tokenizer brings no chat template. */
const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** The values of `templates/hf/train.py.hbs`. */
export function trainContext(plan: Plan, language: Language, header: string): Context {
  const { batch, hardware, method, model, precision, task, versions, zero } = plan;
  if (task.kind !== "sft") throw new Error("train.py is written for SFT; the plan refuses this target");
  const remote = model.family.loading.kind === "remote-code";
  return {
    language,
    header,
    model: {
      path: model.path,
      trustRemoteCode: remote,
      chatTemplate: model.family.chat?.fallback === "chatml" ? CHATML : null,
      dtype: { bf16: "bfloat16", fp16: "float16", fp32: "float32" }[precision.kind],
      dtypeArgument: atLeast(versions.transformers, "4.56") ? "dtype" : "torch_dtype",
      // Unasked, transformers takes torch's fused attention where a model has it; asked for it, those that have none stop.
      attention: task.packing && !remote ? "flash_attention_2" : null,
      moeLeaf: zero.stage === 3 && model.family.moeBlocks.length > 0 ? model.family.moeBlocks : null,
    },
    data: plan.data,
    seqLen: task.seqLen,
    packing: task.packing,
    lora: method.kind === "full" ? null : method,
    qlora: method.kind === "qlora",
    zero3: zero.stage === 3,
    // Before 5.1 a parameter group without weights stops DeepSpeed with a zip() error: that of the undecayed ones, of adapters
    // and of models whose norms that version does not know as such.
    dropEmptyGroups: !atLeast(versions.transformers, "5.1"),
    worldSize: batch.world,
    gpus: hardware.gpus,
    transformers: showVersion(versions.transformers),
    tokenizerArgument: atLeast(versions.transformers, "4.46") ? "processing_class" : "tokenizer",
  };
}
