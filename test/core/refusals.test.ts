import { expect, test } from "vitest";
import { type Answers, resolvePlan } from "../../src/index.ts";
import { problems } from "../../src/messages/problems.ts";

const sft: Answers = { model: "qwen2.5-7b", gpu: "h100", gpus: 8, nodes: 1, maxSteps: 100 };
const bge: Answers = { model: "bge-m3", gpu: "h100", gpus: 8, nodes: 1 };
const old: Answers = { ...sft, xtuner: "0.2.0", targets: ["xtuner"] };
const modern: Answers = { ...sft, xtuner: "1.0.1", targets: ["xtuner"] };

/** Code → answers that are refused for it, and answers next to them that are not. */
const table: readonly (readonly [code: string, refused: Answers, next: Answers])[] = [
  ["problem.modelMissing", { gpu: "h100", gpus: 8 }, sft],
  ["problem.modelUnknown", { ...sft, model: "my-llm" }, { ...sft, model: "my-llm", modelSize: "7B" }],
  ["problem.modelQuantized", { ...sft, model: "Qwen2.5-7B-Instruct-AWQ" }, { ...sft, model: "Qwen2.5-7B-Instruct" }],
  ["problem.modelSize", { ...sft, model: "my-llm", modelSize: "7X" }, { ...sft, model: "my-llm", modelSize: "7b" }],
  ["problem.sizeOfKnownModel", { ...sft, modelSize: "7B" }, sft],
  ["problem.modelTooOld", { ...sft, model: "baichuan2-7b" }, { ...sft, model: "qwen-7b" }],
  ["problem.notAnEmbedder", { ...sft, task: "embedding" }, { ...bge, task: "embedding" }],
  ["problem.notADecoder", { ...bge, task: "sft" }, { ...sft, task: "sft" }],
  ["problem.gpuMissing", { model: "qwen2.5-7b", gpus: 8 }, { model: "qwen2.5-7b", gpus: 8, gpuMemory: 80 }],
  ["problem.gpusMissing", { model: "qwen2.5-7b", gpu: "h100" }, { model: "qwen2.5-7b", gpu: "h100", gpus: 1 }],
  ["problem.gpuUnknown", { ...sft, gpu: "abacus" }, sft],
  ["problem.gpuAmbiguous", { ...sft, gpu: "a100" }, { ...sft, gpu: "a100-80" }],
  ["problem.gpusPerNode", { ...sft, nodes: 3 }, { ...sft, nodes: 4 }],
  ["problem.noBf16", { ...sft, gpu: "v100-32", precision: "bf16" }, { ...sft, gpu: "v100-32", precision: "auto" }],
  ["problem.batchEquation", { ...sft, globalBatch: 100 }, { ...sft, globalBatch: 104 }],
  ["problem.batchEquation", { ...sft, globalBatch: 128, microBatch: 3 }, { ...sft, globalBatch: 120, microBatch: 3 }],
  ["problem.batchEquation", { ...sft, globalBatch: 128, microBatch: 2, gradAccum: 4 }, { ...sft, globalBatch: 128, microBatch: 4, gradAccum: 4 }],
  ["problem.nvmePathAlone", { ...sft, nvmePath: "/nvme" }, { ...sft, nvmePath: "/nvme", offload: "nvme" }],
  ["problem.nvmePathMissing", { ...sft, offload: "nvme" }, { ...sft, offload: "nvme", nvmePath: "/nvme" }],
  ["problem.offloadStage", { ...sft, offload: "optimizer", zero: 0 }, { ...sft, offload: "optimizer", zero: 1 }],
  ["problem.offloadStage", { ...sft, offload: "all", zero: 2 }, { ...sft, offload: "all", zero: 3 }],
  ["problem.hostMemory", { ...sft, offload: "optimizer", zero: 2, hostMemory: 64 }, { ...sft, offload: "optimizer", zero: 2, hostMemory: 512 }],
  ["problem.qloraZero3", { ...sft, method: "qlora", zero: 3 }, { ...sft, method: "qlora", zero: 2 }],
  ["problem.qloraZero3", { ...sft, method: "qlora", offload: "all" }, { ...sft, method: "qlora", offload: "optimizer" }],
  ["problem.embeddingZero3", { ...bge, zero: 3 }, { ...bge, zero: 2 }],
  ["problem.loraFlagWithFull", { ...sft, loraRank: 8 }, { ...sft, loraRank: 8, method: "lora" }],
  ["problem.embedderMethod", { ...bge, method: "lora" }, { ...bge, method: "full" }],
  ["problem.embedderMethod", { ...bge, model: "bge-en-icl", method: "full" }, { ...bge, model: "bge-en-icl", method: "lora" }],
  ["problem.tooLong", { ...sft, seqLen: 131_073 }, { ...sft, seqLen: 131_072 }],
  ["problem.tooLong", { ...bge, passageMaxLen: 8193 }, { ...bge, passageMaxLen: 8192 }],
  ["problem.pairTooLong", { ...bge, model: "bge-reranker-base", queryMaxLen: 257, passageMaxLen: 256 }, { ...bge, model: "bge-reranker-base", queryMaxLen: 256, passageMaxLen: 256 }],
  ["problem.packingNeedsFlash", { ...sft, gpu: "v100-32", packing: true }, { ...sft, packing: true }],
  ["problem.noLiger", { ...sft, model: "qwen-7b", targets: ["hf"], liger: true }, { ...sft, targets: ["hf"], liger: true }],
  ["problem.noLiger", { ...sft, targets: ["hf"], liger: true, transformers: "4.44.2" }, { ...sft, targets: ["hf"], liger: true, transformers: "4.45.0" }],
  ["obstacle.liger", { ...old, liger: true }, { ...old, liger: false }],
  ["problem.sftFlag", { ...bge, seqLen: 512 }, { ...bge, queryMaxLen: 512 }],
  ["problem.embeddingFlag", { ...sft, temperature: 0.02 }, { ...bge, temperature: 0.02 }],
  ["problem.noNegatives", { ...bge, gpus: 1, trainGroupSize: 1, microBatch: 1 }, { ...bge, gpus: 1, trainGroupSize: 1, microBatch: 2 }],
  ["problem.noNegatives", { ...bge, model: "bge-reranker-v2-m3", trainGroupSize: 1 }, { ...bge, model: "bge-reranker-v2-m3", trainGroupSize: 2 }],
  ["problem.noTemperature", { ...bge, model: "bge-reranker-v2-m3", temperature: 0.02 }, { ...bge, temperature: 0.02 }],
  ["problem.twoLengths", { ...sft, epochs: 3 }, sft],
  ["problem.batchTooLarge", { ...sft, microBatch: 1000, gradAccum: 125_001 }, { ...sft, microBatch: 1, gradAccum: 125_000 }],
  ["problem.twoWarmups", { ...sft, warmupRatio: 0.1, warmupSteps: 10 }, { ...sft, warmupSteps: 10 }],
  ["problem.warmupTooLong", { ...sft, warmupSteps: 100 }, { ...sft, warmupSteps: 99 }],
  ["problem.warmupTooLong", { ...sft, warmupRatio: 0.991 }, { ...sft, warmupRatio: 0.99 }],
  ["problem.warmupRatioOne", { model: "qwen2.5-7b", gpu: "h100", gpus: 8, warmupRatio: 1 }, { model: "qwen2.5-7b", gpu: "h100", gpus: 8, warmupRatio: 0.99 }],
  ["problem.constantWarmup", { ...sft, scheduler: "constant", warmupSteps: 1 }, { ...sft, scheduler: "constant", warmupSteps: 0 }],
  ["problem.noFloor", { ...sft, scheduler: "cosine", minLrRatio: 0.1 }, { ...sft, minLrRatio: 0.1 }],
  ["problem.floorMissing", { ...sft, scheduler: "cosine_with_min_lr" }, { ...sft, scheduler: "cosine_with_min_lr", minLrRatio: 0 }],
  ["problem.polynomialEnd", { ...sft, scheduler: "polynomial", lr: 1e-7 }, { ...sft, scheduler: "polynomial", lr: 1.1e-7 }],
  ["problem.onlyFor", { ...sft, numCycles: 2 }, { ...sft, scheduler: "cosine_with_restarts", numCycles: 3, warmupSteps: 1 }],
  ["problem.onlyFor", { ...sft, decayRatio: 0.2 }, { ...sft, scheduler: "warmup_stable_decay", decayRatio: 0.2 }],
  ["problem.wsdNeedsLength", { model: "qwen2.5-7b", gpu: "h100", gpus: 8, scheduler: "warmup_stable_decay" }, { ...sft, scheduler: "warmup_stable_decay" }],
  ["problem.embeddingLr", { ...bge, lr: 2.1e-4 }, { ...bge, lr: 2e-4 }],
  ["problem.inverseSqrtWarmup", { ...sft, scheduler: "inverse_sqrt", transformers: "4.38.2", warmupSteps: 0, targets: ["hf"] }, { ...sft, scheduler: "inverse_sqrt", transformers: "4.39.0", warmupSteps: 0, targets: ["hf"] }],
  ["problem.inverseSqrtWarmup", { ...sft, model: "qwen-7b", scheduler: "inverse_sqrt", warmupSteps: 0, targets: ["hf"] }, { ...sft, model: "qwen-7b", scheduler: "inverse_sqrt", warmupSteps: 1, targets: ["hf"] }],
  ["problem.deepspeedShape", { ...sft, schedulerOwner: "deepspeed", scheduler: "polynomial", warmupSteps: 2 }, { ...sft, schedulerOwner: "deepspeed", scheduler: "linear", warmupSteps: 2 }],
  ["problem.deepspeedOld", { ...sft, schedulerOwner: "deepspeed", warmupSteps: 2, deepspeed: "0.18.9" }, { ...sft, schedulerOwner: "deepspeed", warmupSteps: 2, deepspeed: "0.19.0" }],
  ["problem.deepspeedOld", { ...sft, scheduler: "linear", schedulerOwner: "deepspeed", warmupSteps: 2, deepspeed: "0.15.2" }, { ...sft, scheduler: "linear", schedulerOwner: "deepspeed", warmupSteps: 2, deepspeed: "0.15.3" }],
  ["problem.deepspeedWarmup", { ...sft, schedulerOwner: "deepspeed", warmupSteps: 1 }, { ...sft, schedulerOwner: "deepspeed", warmupSteps: 2 }],
  ["problem.versionRange", { ...sft, transformers: "4.35.9" }, { ...sft, transformers: "4.37.0", targets: ["hf"] }],
  ["problem.versionRange", { ...sft, deepspeed: "0.20.0" }, { ...sft, deepspeed: "0.19.9" }],
  ["problem.transformersLimit", { ...sft, model: "qwen3-8b", transformers: "4.50.3" }, { ...sft, model: "qwen3-8b", transformers: "4.51.0" }],
  ["problem.transformersLimit", { ...bge, transformers: "5.0.0" }, { ...bge, transformers: "4.57.6" }],
  ["problem.transformersLimit", { ...sft, minLrRatio: 0.1, transformers: "4.39.3" }, { ...sft, minLrRatio: 0.1, transformers: "4.40.0" }],
  ["problem.transformersLimit", { ...sft, scheduler: "warmup_stable_decay", transformers: "4.40.2" }, { ...sft, scheduler: "warmup_stable_decay", transformers: "4.41.0" }],
  ["problem.transformersLimit", { ...sft, scheduler: "polynomial", transformers: "5.0.0" }, { ...sft, scheduler: "polynomial", transformers: "4.57.6" }],
  ["problem.noTransformers", { ...sft, model: "qwen-7b", minLrRatio: 0.1 }, { ...sft, model: "qwen-7b" }],
  ["obstacle.embedding", { ...bge, targets: ["hf"] }, { ...bge, targets: ["flagembedding"] }],
  ["obstacle.notEmbedding", { ...sft, targets: ["flagembedding"] }, { ...sft, targets: ["hf"] }],
  ["obstacle.inverseSqrt", { ...old, scheduler: "inverse_sqrt" }, { ...sft, scheduler: "inverse_sqrt", targets: ["hf"] }],
  ["obstacle.packedLength", { model: "qwen2.5-7b", gpu: "h100", gpus: 8, xtuner: "0.2.0", targets: ["xtuner"], packing: true }, { ...old, packing: true }],
  ["obstacle.restartsLength", { model: "qwen2.5-7b", gpu: "h100", gpus: 8, xtuner: "0.2.0", targets: ["xtuner"], scheduler: "cosine_with_restarts" }, { ...old, scheduler: "cosine_with_restarts", warmupSteps: 2 }],
  ["obstacle.restartsUneven", { ...old, scheduler: "cosine_with_restarts", numCycles: 7, warmupSteps: 1 }, { ...old, scheduler: "cosine_with_restarts", numCycles: 7, warmupSteps: 2 }],
  ["obstacle.xtunerPrecision", { ...old, precision: "fp32" }, { ...old, precision: "fp16" }],
  ["obstacle.xtuner1Epochs", { model: "qwen2.5-7b", gpu: "h100", gpus: 8, xtuner: "1.0.1", targets: ["xtuner"], epochs: 1.5 }, { ...modern, model: "qwen2.5-7b" }],
  ["obstacle.xtuner1Shape", { ...modern, scheduler: "polynomial" }, { ...modern, scheduler: "linear" }],
  ["obstacle.xtuner1Method", { ...modern, method: "lora" }, { ...modern, method: "full" }],
  ["obstacle.xtuner1Precision", { ...modern, precision: "fp16" }, { ...modern, precision: "bf16" }],
  ["obstacle.xtuner1Model", { ...modern, model: "llama-2-7b" }, { ...modern, model: "qwen3-8b" }],
];

/** The codes of what was found, and of the obstacles inside. */
function codesOf(answers: Answers): readonly string[] {
  const resolved = resolvePlan({ answers });
  if (resolved.ok) return [];
  return resolved.problems.flatMap(({ message }) => {
    const why = message.values?.["why"] as { readonly code: string } | undefined;
    return message.code === "problem.target" && why !== undefined ? [why.code] : [message.code];
  });
}

test.each(table)("%s is said of %j, and not of what is next to it", (code, refused, next) => {
  expect(codesOf(refused)).toContain(code);
  expect(codesOf(next)).toEqual([]);
});

test("every reason for a refusal is in the table", () => {
  const said = new Set(table.map(([code]) => code));
  // Said of an answer before there is a plan, and of a target by its obstacle.
  const elsewhere = ["problem.unknownKey", "problem.value", "problem.target"];
  const codes = Object.keys(problems).filter((code) => /^(?:problem|obstacle)\./.test(code));
  expect(codes.filter((code) => !said.has(code) && !elsewhere.includes(code))).toEqual([]);
});

test("all contradictions are told at once, and a target that nobody asked for is left out with a note", () => {
  expect(codesOf({ ...sft, epochs: 3, loraRank: 8, temperature: 1, nvmePath: "/x" }).toSorted()).toEqual([
    "problem.embeddingFlag", "problem.loraFlagWithFull", "problem.nvmePathAlone", "problem.twoLengths",
  ]);
  const left = resolvePlan({ answers: { ...sft, xtuner: "0.2.0", scheduler: "inverse_sqrt" } });
  expect(left.ok ? [left.plan.targets, left.plan.notes.map(({ code }) => code)] : []).toEqual([["hf"], ["note.targetLeftOut"]]);
});
