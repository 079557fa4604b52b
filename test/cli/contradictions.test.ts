import { describe, expect, test } from "vitest";
import { EMBEDDING, JOB, refused, run, succeeds } from "./run.ts";

type Case = readonly [what: string, args: readonly string[], words: readonly string[]];

const on = (gpu: string): readonly string[] => ["--model", "qwen2.5-7b", "--gpu", gpu, "--gpus", "8"];

/** Each is refused with one message that holds all of the words: the flags, and what to say instead. */
const contradictions: readonly Case[] = [
  ["bf16 on a V100", [...on("v100-32"), "--precision", "bf16"], ["--precision", "--gpu", "no bf16", "fp16"]],
  [
    "bf16 on a 2080 Ti, by nvidia-smi's name",
    [...on("NVIDIA GeForce RTX 2080 Ti"), "--precision", "bf16"],
    ["--precision", "no bf16"],
  ],
  [
    "offload of parameters under ZeRO-1",
    [...JOB, "--zero", "1", "--offload", "all"],
    ["--zero", "--offload", "--zero 3"],
  ],
  ["offload of the optimizer under ZeRO-0", [...JOB, "--zero", "0", "--offload", "optimizer"], ["--zero", "--offload"]],
  ["NVMe offload without a folder", [...JOB, "--zero", "3", "--offload", "nvme"], ["--nvme-path"]],
  ["an NVMe folder without NVMe offload", [...JOB, "--nvme-path", "/nvme"], ["--nvme-path"]],
  ["QLoRA with ZeRO-3", [...JOB, "--method", "qlora", "--zero", "3"], ["--method", "--zero", "--zero 2"]],
  ["a LoRA rank with full training", [...JOB, "--method", "full", "--lora-rank", "8"], ["--lora-rank", "--method"]],
  [
    "a warm-up longer than the run",
    [...JOB, "--max-steps", "100", "--warmup-steps", "500"],
    ["--warmup-steps", "500", "100"],
  ],
  ["a warm-up as long as the run", [...JOB, "--max-steps", "100", "--warmup-steps", "100"], ["--warmup-steps"]],
  [
    "a warm-up longer than the epochs",
    [...JOB, "--samples", "1000", "--epochs", "1", "--warmup-steps", "500"],
    ["--warmup-steps", "500"],
  ],
  ["a warm-up ratio of 1", [...JOB, "--warmup-ratio", "1"], ["--warmup-ratio"]],
  ["both warm-ups", [...JOB, "--warmup-ratio", "0.1", "--warmup-steps", "10"], ["--warmup-ratio", "--warmup-steps"]],
  ["both lengths", [...JOB, "--max-steps", "100", "--epochs", "2"], ["--max-steps", "--epochs"]],
  ["a global batch that the GPUs do not divide", [...JOB, "--global-batch", "100"], ["--global-batch", "96, 104"]],
  [
    "a global batch that the micro batch does not divide",
    [...JOB, "--global-batch", "64", "--micro-batch", "3"],
    ["--global-batch", "--micro-batch"],
  ],
  [
    "a batch equation that does not hold",
    [...JOB, "--global-batch", "64", "--micro-batch", "4", "--grad-accum", "4"],
    ["--global-batch", "--micro-batch", "--grad-accum"],
  ],
  [
    "GPUs that do not divide over the nodes",
    ["--model", "qwen2.5-7b", "--gpu", "h100", "--gpus", "7", "--nodes", "2"],
    ["--gpus", "--nodes", "1, 7"],
  ],
  [
    "more nodes than GPUs",
    ["--model", "qwen2.5-7b", "--gpu", "h100", "--gpus", "2", "--nodes", "4"],
    ["--gpus", "--nodes"],
  ],
  [
    "a minimum above the peak",
    [...JOB, "--scheduler", "cosine_with_min_lr", "--min-lr-ratio", "1.5"],
    ["--min-lr-ratio", "1.5"],
  ],
  [
    "cosine_with_min_lr without a minimum",
    [...JOB, "--scheduler", "cosine_with_min_lr"],
    ["--scheduler", "--min-lr-ratio"],
  ],
  [
    "a minimum for a schedule that has none",
    [...JOB, "--scheduler", "constant", "--min-lr-ratio", "0.1"],
    ["--min-lr-ratio"],
  ],
  [
    "constant with a warm-up",
    [...JOB, "--scheduler", "constant", "--warmup-ratio", "0.1"],
    ["--scheduler", "--warmup-ratio", "constant_with_warmup"],
  ],
  [
    "cycles without restarts",
    [...JOB, "--scheduler", "cosine", "--num-cycles", "2"],
    ["--num-cycles", "cosine_with_restarts"],
  ],
  [
    "a decay ratio without warmup_stable_decay",
    [...JOB, "--decay-ratio", "0.2"],
    ["--decay-ratio", "warmup_stable_decay"],
  ],
  [
    "a schedule that DeepSpeed has not",
    [...JOB, "--scheduler-owner", "deepspeed", "--scheduler", "polynomial"],
    ["--scheduler-owner", "--scheduler"],
  ],
  [
    "a schedule of DeepSpeed 0.14",
    [...JOB, "--scheduler-owner", "deepspeed", "--scheduler", "linear", "--deepspeed", "0.14.0"],
    ["--scheduler-owner", "--deepspeed", "0.15"],
  ],
  [
    "a cosine of DeepSpeed 0.18",
    [...JOB, "--scheduler-owner", "deepspeed", "--deepspeed", "0.18.9"],
    ["--scheduler-owner", "--deepspeed", "0.19"],
  ],
  ["a sequence beyond the model's positions", [...JOB, "--seq-len", "9000000"], ["--seq-len"]],
  ["packing on a card without flash attention", [...on("v100-32"), "--packing"], ["--packing", "--gpu"]],
  ["a size next to a model that is known", [...JOB, "--model-size", "14B"], ["--model-size"]],
  ["an embedding model trained on messages", [...EMBEDDING, "--task", "sft"], ["--task", "--model"]],
  ["a language model trained as an embedder", [...JOB, "--task", "embedding"], ["--task"]],
  ["a target that can't train the model", [...EMBEDDING, "--targets", "xtuner"], ["--targets"]],
  ["a version from before the first that is known", [...JOB, "--deepspeed", "0.1.0"], ["--deepspeed", "0.1.0"]],
  ...["--seq-len 512", "--packing"].map((flag): Case => [
    `an embedding model with ${flag}`,
    [...EMBEDDING, ...flag.split(" ")],
    [flag.split(" ")[0] ?? "", "leave it out"],
  ]),
  ...["--query-max-len 64", "--passage-max-len 64", "--train-group-size 8", "--temperature 0.02"].map((flag): Case => [
    `a language model with ${flag}`,
    [...JOB, ...flag.split(" ")],
    [flag.split(" ")[0] ?? "", "leave it out"],
  ]),
];

const complaints = (stderr: string): number => stderr.split("\n").filter((line) => line.startsWith("error: ")).length;

describe.concurrent("contradictions", () => {
  test.for(contradictions)("%s is refused with one message, and nothing is written", async ([, args, words]) => {
    const { stderr } = await refused(["run", ...args], words);
    expect(complaints(stderr)).toBe(1);
  });

  test("a message about the batch equation is a sentence that can be read", async () => {
    const { stderr } = await refused(["run", ...JOB, "--global-batch", "100"], []);
    expect(stderr).not.toMatch(/× ×|  ×/);
  });

  test("two independent ones are both told", async () => {
    const { stderr } = await refused(
      ["run", ...JOB, "--zero", "1", "--offload", "all", "--max-steps", "9", "--epochs", "1"],
      ["--offload", "--epochs"],
    );
    expect(complaints(stderr)).toBe(2);
  });

  test("a V100 whose memory is not said is asked about, by name", async () => {
    await refused(
      ["run", ...on("V100"), "--precision", "bf16"],
      ["--gpu", "v100-16, v100-32", "no bf16", "--precision fp16"],
    );
  });

  test("a preset does not hide one: the flag that contradicts it is refused, or wins", async () => {
    await refused(["run", "--preset", "qwen2-72b", "--gpu", "v100-32", "--precision", "bf16"], ["no bf16"]);
    const { after } = await succeeds(["run", "--preset", "qwen2-72b", "--max-steps", "100", "--dry-run"]);
    expect(after).toEqual({});
  });

  test("are told in Chinese with --lang zh, with the same flags", async () => {
    const { code, stderr } = await run(["run", ...JOB, "--zero", "1", "--offload", "all", "--lang", "zh"]);
    expect(stderr).toMatch(/\p{Script=Han}/u);
    for (const word of ["--zero", "--offload", "--zero 3"]) expect(stderr).toContain(word);
    expect(code).toBe(2);
  });
});
