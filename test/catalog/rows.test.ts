import { describe, expect, test } from "vitest";
import * as z from "zod";
import { familyIds, familyOf, needsRemoteCode } from "../../src/catalog/families.ts";
import { gpus } from "../../src/catalog/gpus.ts";
import { models } from "../../src/catalog/models.ts";
import {
  countActiveParameters,
  countEmbeddingParameters,
  countParameters,
  isCounted,
} from "../../src/catalog/parameters.ts";

const count = z.int().positive();
const source = z.string().min(10);

const architecture = z.strictObject({
  modelType: z.string().refine(isCounted),
  hiddenSize: count,
  layers: count,
  heads: count,
  kvHeads: count,
  headDim: count,
  intermediateSize: count,
  vocabSize: count,
  tiedEmbeddings: z.boolean(),
  maxPositions: count,
  top: z.enum(["language-model", "none", "pooler", "classifier", "score"]),
  positionTable: count.optional(),
  tokenTypes: count.optional(),
  moe: z
    .strictObject({
      experts: count,
      expertsPerToken: count,
      intermediateSize: count,
      sharedIntermediateSize: z.int().nonnegative(),
      denseLayers: z.int().nonnegative(),
    })
    .optional(),
  mla: z
    .strictObject({
      queryRank: count.nullable(),
      keyValueRank: count,
      nopeHeadDim: count,
      ropeHeadDim: count,
      valueHeadDim: count,
    })
    .optional(),
});

const model = z.strictObject({
  id: z.string().regex(/^[a-z0-9.-]+$/),
  hubId: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  family: z.enum(familyIds as unknown as [string, ...string[]]),
  kind: z.enum(["decoder", "encoder", "reranker", "decoder-embedder"]),
  trustRemoteCode: z.boolean(),
  params: count,
  activeParams: count,
  embeddingParams: count,
  checkpoints: z.record(z.string().regex(/^[\w.-]+\/[\w.-]+$/), z.enum(["base", "chat", "task"])),
  architecture,
  source,
});

const gpu = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  name: z.string().min(3),
  vendor: z.enum(["nvidia", "amd", "huawei", "cambricon", "metax", "hygon", "moorethreads"]),
  products: z.array(z.string().regex(/^[a-z0-9]+$/)).min(1),
  form: z.enum(["any", "sxm", "pcie", "nvl"]),
  advertisedGB: count,
  otherGB: z.array(count).optional(),
  memoryGiB: z.number().positive(),
  arch: z.string(),
  computeCapability: z.string(),
  bf16: z.boolean(),
  fp8: z.boolean(),
  tf32: z.boolean(),
  bf16DenseTflops: z.number().positive().nullable(),
  fp16DenseTflops: z.number().positive().nullable(),
  memBandwidthGBs: z.number().positive(),
  interconnect: z.strictObject({
    kind: z.string().min(3),
    gen: z.number().nullable(),
    pcieGBs: z.number().positive(),
    nvlinkGBs: z.number().positive().nullable(),
  }),
  flashAttention2: z.boolean(),
  source,
  memorySource: z.string().min(5),
  confidence: z.enum(["high", "medium", "low"]),
});

const unique = (values: readonly string[]) =>
  expect(values.filter((value, at) => values.indexOf(value) !== at)).toEqual([]);

describe("models", () => {
  test.for(models)("$id", (row) => {
    expect(model.safeParse(row).error?.issues).toBeUndefined();
    expect(Object.keys(row.checkpoints)).toContain(row.hubId);
    expect(row.trustRemoteCode).toBe(needsRemoteCode(familyOf(row.family)));
    expect(familyOf(row.family).modelTypes).toContain(row.architecture.modelType);
    expect(familyOf(row.family).embedder !== null).toBe(row.kind !== "decoder");
  });

  test.for(models)("$id is counted to the last parameter", (row) => {
    expect(countParameters(row.architecture)).toBe(row.params);
    expect(countActiveParameters(row.architecture)).toBe(row.activeParams);
    expect(countEmbeddingParameters(row.architecture)).toBe(row.embeddingParams);
  });

  test("ids and hub ids stand for one row each", () => {
    expect(models.length).toBeGreaterThanOrEqual(84);
    unique(models.map(({ id }) => id));
    unique(models.flatMap(({ checkpoints }) => Object.keys(checkpoints)).map((id) => id.toLowerCase()));
  });

  test("counts that others published", () => {
    const params = new Map(models.map((row) => [row.id, row.params]));
    expect(params.get("qwen-7b")).toBe(7721324544); // ms-swift logs 7721.3245M for full qwen-7b-chat
    expect(params.get("qwen2-72b")).toBe(72706203648);
    expect(params.get("llama-2-7b")).toBe(6738415616);
    expect(params.get("gemma-3-1b")).toBe(999885952); // keras-hub preset
  });
});

describe("gpus", () => {
  test.for(gpus)("$id", (row) => {
    expect(gpu.safeParse(row).error?.issues).toBeUndefined();
    expect(row.memoryGiB).toBeLessThanOrEqual(row.advertisedGB);
    expect(row.memoryGiB * 2 ** 30).toBeGreaterThan(row.advertisedGB * 1e9 * 0.9);
    expect(row.bf16).toBe(row.bf16DenseTflops !== null);
  });

  test.for(gpus.filter(({ vendor }) => vendor === "nvidia"))("$id can do what its compute capability says", (row) => {
    const capability = Number(row.computeCapability);
    expect(row.bf16).toBe(capability >= 8);
    expect(row.flashAttention2).toBe(capability >= 8);
    expect(row.fp8).toBe(capability >= 8.9);
  });

  test("ids are unique", () => {
    expect(gpus.length).toBeGreaterThanOrEqual(58);
    unique(gpus.map(({ id }) => id));
  });
});

describe("families", () => {
  const version = /^\d+\.\d+\.\d+$/;
  test.for(familyIds.map(familyOf))("$id", (family) => {
    expect(family.source.length).toBeGreaterThan(20);
    expect(family.loraTargets.length).toBeGreaterThan(0);
    unique(family.loraTargets);
    expect(family.loading.since).toMatch(version);
    if (family.loading.kind === "remote-code" && family.loading.until !== null) {
      expect(family.loading.until).toMatch(version);
    }
    const facts = family.embedder;
    expect(family.chat === null).toBe(facts !== null);
    if (facts === null) return;
    const [low, high] = facts.learningRateRange;
    expect(low).toBeLessThan(facts.learningRate);
    expect(high).toBeGreaterThan(facts.learningRate);
    expect(facts.trainGroupSize).toBeGreaterThanOrEqual(2);
    expect(Math.max(facts.queryMaxLen, facts.passageMaxLen)).toBeLessThanOrEqual(facts.longest);
    expect(facts.entry.startsWith("reranker")).toBe(facts.temperature === null);
    expect(facts.pooling === null).toBe(facts.temperature === null);
    expect(facts.entry.includes("decoder_only")).toBe(facts.lora !== null);
    expect(facts.source).toContain("FlagEmbedding");
  });

  test("mixtures of experts, and only they, name the class of their sparse layer", () => {
    const sparse = new Set(models.filter((row) => row.architecture.moe !== undefined).map((row) => row.family));
    expect(familyIds.filter((id) => familyOf(id).moeBlocks.length > 0).sort()).toEqual([...sparse].sort());
  });

  test("every model has a family, and every family but those for foreign configs has a model", () => {
    const used = new Set<string>(models.map((row) => row.family));
    expect(familyIds.filter((id) => !used.has(id))).toEqual(["chatglm", "glm-4-0414", "decoder", "encoder"]);
  });

  test("an embedder takes no longer text than its model has positions for", () => {
    for (const row of models) {
      const facts = familyOf(row.family).embedder;
      if (facts !== null) expect(facts.longest, row.id).toBeLessThanOrEqual(row.architecture.maxPositions);
    }
  });

  test("facts that settle a config", () => {
    expect(familyOf("qwen").loading).toEqual({ kind: "remote-code", since: "4.32.0", until: "4.37.2" });
    expect(familyOf("qwen3").loading).toEqual({ kind: "native", since: "4.51.0" });
    expect(familyOf("qwen").loraTargets).toEqual(["c_attn", "c_proj", "w1", "w2"]);
    expect(familyOf("qwen2").xtunerTemplate).toBe("qwen_chat");
    expect(familyOf("bge-large-zh").embedder).toMatchObject({
      learningRate: 1e-5,
      temperature: 0.02,
      queryInstruction: "为这个句子生成表示以用于检索相关文章：",
    });
    expect(familyOf("bge-m3").embedder).toMatchObject({ longest: 8192, queryInstruction: "" });
    expect(familyOf("bge-en-icl").embedder).toMatchObject({ pooling: "last_token", learningRate: 1e-4 });
  });
});
