import { expect, test } from "vitest";
import { check } from "../../src/check.ts";

const ds = (zero: object): string =>
  JSON.stringify({
    bf16: { enabled: "auto" },
    zero_optimization: zero,
    train_batch_size: "auto",
    train_micro_batch_size_per_gpu: "auto",
    gradient_accumulation_steps: "auto",
    gradient_clipping: "auto",
  });
const run = (model: string, ...flags: readonly string[]): string =>
  `torchrun --nproc_per_node 8 train.py --model_name_or_path ${model} --output_dir out --bf16 True --learning_rate 1e-5 --warmup_steps 10 --per_device_train_batch_size 1 --gradient_checkpointing True --model_max_length 2048 --deepspeed ds.json ${flags.join(" ")}\n`;
const verdict = (script: string, zero: object, gpu: string | undefined): readonly string[] =>
  check({ "run.sh": script, "ds.json": ds(zero) }, { context: { gpu } }).findings.flatMap(({ rule, severity }) => (rule === "does-not-fit" ? [severity] : []));

const seven = run("Qwen/Qwen2.5-7B-Instruct");

test("a job is measured against the card that is named, and against none otherwise", () => {
  expect(verdict(seven, { stage: 2 }, "rtx4090")).toEqual(["warning"]);
  expect(verdict(seven, { stage: 2 }, "a100-80gb")).toEqual([]);
  expect(verdict(seven, { stage: 2 }, undefined)).toEqual([]);
  expect(verdict(seven, { stage: 2 }, "a card of mine")).toEqual([]);
});

test("what the files say of sharding, offload and adapters counts", () => {
  const all = { stage: 3, offload_optimizer: { device: "cpu" }, offload_param: { device: "cpu" } };
  expect(verdict(seven, all, "rtx4090")).toEqual([]);
  expect(verdict(run("Qwen/Qwen2.5-7B-Instruct", "--use_lora True"), { stage: 2 }, "rtx4090")).toEqual([]);
});

test("it is an error only where the files say that all is trained, and the states alone are far beyond the card", () => {
  const large = run("Qwen/Qwen2.5-72B-Instruct", "--use_lora False");
  expect(verdict(large, { stage: 2 }, "a100-80gb")).toEqual(["error"]);
  expect(verdict(run("Qwen/Qwen2.5-72B-Instruct"), { stage: 2 }, "a100-80gb")).toEqual(["warning"]);
});

test("a model that the catalogue does not know is not judged", () => {
  expect(verdict(run("somebody/unheard-of-900b"), { stage: 0 }, "rtx4090")).toEqual([]);
});
