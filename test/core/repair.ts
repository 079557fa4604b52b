import { findGpu } from "../../src/catalog/gpus.ts";
import { type EmbedderFacts, type Family, familyOf } from "../../src/catalog/families.ts";
import { findModel } from "../../src/catalog/models.ts";
import { isEncoder } from "../../src/catalog/parameters.ts";
import type { ModelFile } from "../../src/core/plan/model.ts";
import type { Answers, Key } from "../../src/core/questions/table.ts";
import { atLeast, compareVersions, parseVersion, type Version } from "../../src/core/version.ts";

type Draft = { -readonly [K in Key]?: Answers[K] };

/**
 * Answers changed so that they mostly go together, as a person's do. It knows the rules only roughly, on purpose: what it
 * misses is refused, and refusals are tested, too.
 */
export function repair(said: Answers, file: ModelFile | null): Answers {
  const answers: Draft = { ...said };
  const family = repairModel(answers, file);
  repairHardware(answers);
  repairBatch(answers);
  if (family.embedder === null) repairSft(answers, file);
  else repairEmbedding(answers, family.embedder);
  repairEngine(answers, family.embedder !== null);
  repairLength(answers);
  repairSchedule(answers);
  repairVersions(answers, family);
  return answers;
}

const drop = (answers: Draft, ...keys: readonly Key[]): void => {
  for (const key of keys) delete answers[key];
};

function repairModel(answers: Draft, file: ModelFile | null): Family {
  const found = answers.model === undefined ? null : findModel(answers.model);
  if (file !== null) {
    answers.model ??= "/models/mine";
    drop(answers, "modelSize");
    return file.family ?? familyOf("decoder");
  }
  if (found?.kind === "found") {
    drop(answers, "modelSize");
    return familyOf(found.model.family);
  }
  if (!/^\d[\d.]*[mb]$/i.test(answers.modelSize ?? "")) answers.modelSize = "7B";
  return familyOf("decoder");
}

function repairHardware(answers: Draft): void {
  answers.gpus ??= 8;
  if (answers.nodes !== undefined && answers.gpus % answers.nodes !== 0) drop(answers, "nodes");
  const card = answers.gpu === undefined ? null : findGpu(answers.gpu);
  if (card !== null && card.kind !== "found") drop(answers, "gpu");
  if (answers.gpu === undefined && answers.gpuMemory === undefined) answers.gpu = "h100";
  const listed = answers.gpu === undefined ? null : findGpu(answers.gpu);
  if (listed?.kind !== "found") return;
  if (answers.precision === "bf16" && !listed.gpu.bf16) answers.precision = "auto";
  if (!listed.gpu.flashAttention2) drop(answers, "packing");
}

function repairBatch(answers: Draft): void {
  const number = (value: number | "auto" | undefined): number | null => (typeof value === "number" ? value : null);
  const [micro, accumulation, world] = [number(answers.microBatch), number(answers.gradAccum), answers.gpus ?? 8];
  if (answers.globalBatch === undefined) return;
  const share = world * (micro ?? 1) * (accumulation ?? 1);
  const both = micro !== null && accumulation !== null;
  answers.globalBatch = both ? share : Math.max(1, Math.round(answers.globalBatch / share)) * share;
  if (answers.globalBatch > 1e9) drop(answers, "globalBatch");
}

function repairSft(answers: Draft, file: ModelFile | null): void {
  drop(answers, "queryMaxLen", "passageMaxLen", "trainGroupSize", "temperature");
  if (answers.task !== undefined) answers.task = "sft";
  if (answers.method === undefined || answers.method === "full") drop(answers, "loraRank", "loraTargets");
  const found = answers.model === undefined ? null : findModel(answers.model);
  const longest = file?.architecture.maxPositions ?? (found?.kind === "found" ? found.model.architecture.maxPositions : 4096);
  if (answers.seqLen !== undefined) answers.seqLen = Math.min(answers.seqLen, longest);
  if (answers.gpu === undefined) drop(answers, "packing");
  if (found?.kind === "found" && isEncoder(found.model.architecture.modelType)) answers.model = "qwen2.5-7b";
  // mmengine can't do every schedule; the Trainer can.
  if (answers.targets !== undefined) answers.targets = answers.seed === 42 && answers.liger !== true ? ["hf", "xtuner"] : ["hf"];
}

function repairEmbedding(answers: Draft, embedder: EmbedderFacts): void {
  drop(answers, "seqLen", "packing", "liger");
  if (answers.task !== undefined) answers.task = "embedding";
  if (embedder.lora === null) drop(answers, "method", "loraRank", "loraTargets");
  else if (answers.method !== undefined) answers.method = "lora";
  const reranker = embedder.temperature === null;
  const longest = reranker ? Math.floor(embedder.longest / 2) : embedder.longest;
  for (const key of ["queryMaxLen", "passageMaxLen"] as const) {
    const value = answers[key];
    if (value !== undefined) answers[key] = Math.min(value, longest);
  }
  if (reranker) drop(answers, "temperature");
  if (answers.trainGroupSize === 1) answers.trainGroupSize = 2;
  if ((answers.lr ?? 0) > embedder.learningRateRange[1] * 10) drop(answers, "lr");
  if (answers.targets !== undefined) answers.targets = ["flagembedding"];
}

function repairEngine(answers: Draft, embedding: boolean): void {
  const shallow = embedding || answers.method === "qlora";
  if (shallow && answers.zero === 3) answers.zero = 2;
  if (shallow && (answers.offload === "all" || answers.offload === "nvme")) answers.offload = "none";
  if (answers.offload === "all" || answers.offload === "nvme") answers.zero = 3;
  if (answers.offload === "optimizer" && answers.zero === 0) answers.zero = 1;
  if (answers.offload === "nvme") answers.nvmePath ??= "/local_nvme";
  else drop(answers, "nvmePath");
}

function repairLength(answers: Draft): void {
  if (answers.maxSteps !== undefined) drop(answers, "epochs");
}

const takesFloor = ["cosine_with_min_lr", "polynomial", "warmup_stable_decay"];

function repairSchedule(answers: Draft): void {
  const name = answers.scheduler ?? (answers.minLrRatio === undefined ? "cosine" : "cosine_with_min_lr");
  if (!takesFloor.includes(name)) drop(answers, "minLrRatio");
  if (name === "cosine_with_min_lr") answers.minLrRatio ??= 0.1;
  if (name === "polynomial" && (answers.minLrRatio === 1 || (answers.lr ?? 1) <= 1e-7)) drop(answers, "minLrRatio", "lr");
  if (name !== "cosine_with_restarts") drop(answers, "numCycles");
  if (name !== "warmup_stable_decay") drop(answers, "decayRatio");
  else if (answers.maxSteps === undefined && answers.samples === undefined) {
    answers.maxSteps = 300;
    drop(answers, "epochs");
  }
  if (answers.warmupRatio !== undefined) drop(answers, "warmupSteps");
  if (name === "constant") drop(answers, "warmupRatio", "warmupSteps");
  if ((answers.warmupRatio ?? 0) > 0.9) answers.warmupRatio = 0.29;
  const length = answers.maxSteps ?? (answers.samples === undefined ? 3000 : answers.samples / 1000);
  if (length < 50) drop(answers, "warmupRatio", "warmupSteps");
  if (answers.schedulerOwner === "deepspeed") {
    if (!["cosine", "linear", "constant_with_warmup", "cosine_with_min_lr"].includes(name) || length < 50) drop(answers, "schedulerOwner");
    else if (answers.warmupRatio === undefined) answers.warmupSteps = Math.min(100, Math.max(2, answers.warmupSteps ?? 2));
    if (answers.warmupRatio === 0) drop(answers, "schedulerOwner");
  }
}

const version = (text: string): Version => parseVersion(text) as Version;

/** The first DeepSpeed that may own a schedule. */
const firstOwner = (scheduler: Draft["scheduler"]): string => (scheduler === "linear" || scheduler === "constant_with_warmup" ? "0.15.3" : "0.19.0");

function repairVersions(answers: Draft, { loading, embedder, liger }: Family): void {
  if (!liger) drop(answers, "liger");
  const inRange = (key: "transformers" | "deepspeed" | "xtuner" | "flagembedding", from: string, below: string): void => {
    const value = answers[key];
    if (value !== undefined && (!atLeast(version(value), from) || atLeast(version(value), below))) drop(answers, key);
  };
  inRange("transformers", loading.since, embedder === null && answers.scheduler !== "polynomial" ? "6.0" : "5.0");
  inRange("deepspeed", answers.schedulerOwner === "deepspeed" ? firstOwner(answers.scheduler) : "0.12.0", "0.20.0");
  inRange("xtuner", "0.1.14", "2.0.0");
  inRange("flagembedding", "1.3.0", "2.0.0");
  const asked = answers.transformers;
  if (asked === undefined) return;
  const until = loading.kind === "remote-code" ? loading.until : embedder === null ? null : "4.57.6";
  if (until !== null && compareVersions(version(asked), version(until)) > 0) drop(answers, "transformers");
  if (answers.minLrRatio !== undefined && !atLeast(version(asked), "4.41")) drop(answers, "transformers");
  if (!atLeast(version(asked), "4.45")) drop(answers, "liger");
  if (!atLeast(version(asked), "4.41") && answers.scheduler === "warmup_stable_decay") drop(answers, "transformers");
}
