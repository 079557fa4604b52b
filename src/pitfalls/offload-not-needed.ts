import { estimate } from "../core/plan/memory/estimate.ts";
import { ds, train } from "./examples.ts";
import { memoryOf } from "./memory.ts";
import type { Hit, Pitfall } from "./pitfall.ts";

/** Up to this share of the card a job fits even if the model of its memory is far off. */
const PLAINLY = 0.6;

const offloaded = ds({
  bf16: { enabled: true },
  zero_optimization: { stage: 3, offload_optimizer: { device: "cpu" } },
});
const command = (model: string): string =>
  train(
    "--bf16 True",
    "--warmup_steps 10",
    "--gradient_checkpointing True",
    "--model_max_length 2048",
    "--use_lora False",
  ).replace("facebook/opt-6.7b", model);

export const pitfall: Pitfall = {
  code: "ME102",
  id: "offload-not-needed",
  severity: "info",
  title: { en: "Offload of a job that plainly fits", zh: "显存足够却启用了卸载" },
  why: {
    en: "Offloaded states cross the bus at every step, which takes several times as long as the step itself. Told only where --gpu names the card, and the job needs well below its memory without.",
    zh: "卸载的状态每一步都要经过总线，耗时可达训练步本身的数倍。仅在用 --gpu 给出显卡、且不卸载时所需显存明显低于显卡容量时提示。",
  },
  fix: { en: "Delete offload_optimizer and offload_param.", zh: "删除 offload_optimizer 与 offload_param。" },
  sources: ["hiyouga/LLaMA-Factory#7282"],
  *find(job): Iterable<Hit> {
    const found = memoryOf(job);
    if (found === null || job.ds === null) return;
    const { memory, gpu, available } = found;
    const { engine } = memory;
    if (engine.kind !== "deepspeed" || engine.offload === "none") return;
    const { needed } = estimate({ ...memory, engine: { ...engine, offload: "none" } });
    if (needed > PLAINLY * available) return;
    const share = Math.round((100 * needed) / available);
    yield {
      at: job.ds.doc.place("zero_optimization.offload_optimizer"),
      says: {
        en: `without offload the job takes about ${share} % of a ${gpu.name}`,
        zh: `不卸载时约占 ${gpu.name} 显存的 ${share}%`,
      },
    };
  },
  bad: [
    {
      files: { "run.sh": command("Qwen/Qwen2.5-0.5B"), "ds_config.json": offloaded },
      context: { gpu: "a100-80gb-sxm" },
    },
  ],
  good: [
    { files: { "run.sh": command("Qwen/Qwen2.5-0.5B"), "ds_config.json": offloaded } },
    { files: { "run.sh": command("Qwen/Qwen2.5-7B"), "ds_config.json": offloaded }, context: { gpu: "a100-40gb-sxm" } },
  ],
};
