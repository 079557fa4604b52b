import fc from "fast-check";
import { familyOf } from "../../src/catalog/families.ts";
import { gpus } from "../../src/catalog/gpus.ts";
import { models } from "../../src/catalog/models.ts";
import type { ModelFile } from "../../src/core/plan/model.ts";
import type { Form } from "../../src/core/questions/define.ts";
import { type Answers, type Key, questions } from "../../src/core/questions/table.ts";
import { type Generated, generate, type JobOptions, type Language, type Plan, resolvePlan } from "../../src/index.ts";
import { texts } from "../print/arbitraries.ts";
import { repair } from "./repair.ts";

/** Texts that any answer may be, and that a careless printer breaks on: quotes, controls, markup, other types' looks. */
export const hostileTexts: fc.Arbitrary<string> = texts.filter(
  (text) => text !== "" && text.length <= 4096 && text.isWellFormed() && !text.includes("\0"),
);

/** Names that a folder can have. */
export const hostileNames: fc.Arbitrary<string> = fc.oneof(
  hostileTexts.filter((text) => !text.includes("/") && !/^\.{1,2}$/.test(text) && text.length < 100),
  fc.constantFrom("-rf", "--yes", "a b", "a #", "# a", "$(id)", "plan", "presets", "chekc", "配置", "'", "`", "a\nb", "x=1"),
);

const plainTexts = fc.constantFrom("data/train.jsonl", "/mnt/data/中文.jsonl", "output/run-1", "./x y", "~/run", "-rf", "a,b");

const namesOf = (kinds: readonly string[]): fc.Arbitrary<string> =>
  fc
    .constantFrom(...models.filter((model) => kinds.includes(model.kind)))
    .chain((model) => fc.constantFrom(model.id, ...Object.keys(model.checkpoints)));

/** Every model of the catalog under every name; those that FlagEmbedding trains are few, so they get more than their share. */
const modelNames = fc.oneof(
  { weight: 5, arbitrary: namesOf(["decoder"]) },
  { weight: 1, arbitrary: namesOf(["encoder", "reranker"]) },
  { weight: 1, arbitrary: namesOf(["decoder-embedder"]) },
  { weight: 1, arbitrary: fc.constantFrom("BAAI/bge-m3", "bge-reranker-v2-m3", "bge-reranker-base") },
);

/** What people usually say; keys that are not here take their values from the form alone. */
const usual: Partial<Record<Key, fc.Arbitrary<unknown>>> = {
  model: modelNames,
  modelSize: fc.constantFrom("7B", "1.8B", "350M", "72b", "0.1B", "405B"),
  loraTargets: fc.subarray(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "c_attn", "lm_head"], { minLength: 1 }),
  loraRank: fc.constantFrom(8, 16, 64),
  gpu: fc.constantFrom(...gpus.map((gpu) => gpu.id), "NVIDIA A100-SXM4-80GB", "4090"),
  gpuMemory: fc.constantFrom(16, 24, 39.4, 80, 141),
  gpus: fc.constantFrom(1, 2, 4, 8, 16, 24, 64, 512),
  nodes: fc.constantFrom(1, 2, 4, 8),
  liger: fc.constantFrom(false, false, false, true),
  hostMemory: fc.constantFrom(256, 1024),
  lr: fc.constantFrom(1e-5, 2e-5, 5e-6, 2e-4, 3e-5, 1.2345e-5),
  minLrRatio: fc.constantFrom(0, 0.05, 0.1, 0.333),
  warmupRatio: fc.constantFrom(0, 0.01, 0.03, 0.1, 0.29),
  warmupSteps: fc.constantFrom(0, 1, 2, 10, 100),
  numCycles: fc.constantFrom(1, 2, 3, 5),
  decayRatio: fc.constantFrom(0.1, 0.2, 1),
  weightDecay: fc.constantFrom(0, 0.01, 0.1),
  maxGradNorm: fc.constantFrom(0.5, 1),
  adamBeta2: fc.constantFrom(0.95, 0.98, 0.999),
  seqLen: fc.constantFrom(512, 2048, 4096, 8192),
  epochs: fc.constantFrom(1, 2, 3, 0.5, 1.5, 2.1),
  maxSteps: fc.constantFrom(1, 2, 100, 1000, 100_000),
  samples: fc.constantFrom(1, 21, 1000, 52_002, 1e7),
  queryMaxLen: fc.constantFrom(32, 64, 256, 512),
  passageMaxLen: fc.constantFrom(64, 128, 256, 512),
  trainGroupSize: fc.constantFrom(2, 8, 16),
  temperature: fc.constantFrom(0.01, 0.02, 0.05),
  globalBatch: fc.constantFrom(8, 16, 64, 128, 256, 1000, 2048),
  microBatch: fc.constantFrom(1, 2, 4, 8, "auto"),
  gradAccum: fc.constantFrom(1, 2, 3, 16, "auto"),
  transformers: fc.constantFrom("4.36.2", "4.37.2", "4.40.0", "4.41.0", "4.44.2", "4.46.0", "4.49.0", "4.51.3", "4.52.0", "4.57.6", "5.0.0", "5.18.0"),
  deepspeed: fc.constantFrom("0.12.6", "0.14.5", "0.15.3", "0.16.9", "0.19.6"),
  xtuner: fc.constantFrom("0.1.23", "0.2.0", "1.0.1"),
  flagembedding: fc.constantFrom("1.3.0", "1.4.0"),
  seed: fc.constantFrom(0, 42, 4294967295),
  saveSteps: fc.constantFrom(1, 10, 500),
};

/** Any value that a form takes, its bounds and its far ends among them. */
function anyValue(form: Form): fc.Arbitrary<unknown> {
  switch (form.kind) {
    case "integer":
      return fc.oneof(
        fc.integer({ min: form.min, max: Math.min(form.max, form.min + 100) }),
        fc.integer({ min: form.min, max: Math.min(form.max, 2 ** 31 - 1) }),
        fc.constantFrom<unknown>(form.min, form.max, ...(form.auto === true ? ["auto"] : [])),
      );
    case "number": {
      const min = form.above ?? form.min ?? 0;
      const inside = (value: number): boolean => value >= (form.min ?? min) && (form.above === undefined || value > form.above);
      return fc
        .oneof(
          fc.double({ min, max: form.max, noNaN: true }),
          fc.double({ min, max: Math.min(form.max, 1e-3), noNaN: true }),
          fc.constantFrom(min, form.max, 5e-324, 1e-12, 1e-7),
        )
        .filter((value) => inside(value) && !Object.is(value, -0));
    }
    case "choice":
      return fc.constantFrom(...form.choices.map((choice) => choice.value));
    case "list":
      return form.values === undefined
        ? fc.array(hostileTexts.map((text) => text.replaceAll(",", ";").trim().replace(/^-+\s*/, "")).filter((text) => text !== ""), { minLength: 1, maxLength: 4 })
        : fc.array(fc.constantFrom(...form.values), { minLength: 1, maxLength: 4 });
    case "switch":
      return fc.boolean();
    case "version":
      return fc
        .tuple(fc.nat(6), fc.nat(60), fc.option(fc.nat(9), { nil: null }))
        .map((parts) => parts.filter((part) => part !== null).join("."));
    case "text":
      return fc.oneof(plainTexts, hostileTexts);
  }
}

/** A model and a card have to be said, one way or the other; of the rest about a third is. */
const often: Partial<Record<Key, number>> = { model: 6, gpu: 6, gpus: 8 };

const said = (row: (typeof questions)[number]): fc.Arbitrary<unknown> => {
  const values = usual[row.key];
  const any = anyValue(row.form);
  const value = values === undefined ? any : fc.oneof({ weight: 7, arbitrary: values }, { weight: 1, arbitrary: any });
  const present = often[row.key] ?? 1;
  return fc.oneof({ weight: present, arbitrary: value }, { weight: row.key in often ? 1 : 2, arbitrary: fc.constant(undefined) });
};

const defined = (answers: Readonly<Record<string, unknown>>): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined)) as Answers;

/** Answers of which each is possible by itself; most sets of them contradict each other. */
export const anyAnswers: fc.Arbitrary<Answers> = fc.record(Object.fromEntries(questions.map((row) => [row.key, said(row)]))).map(defined);

/** What a folder's own config.json may have said: an architecture of the catalog under a path of the person's. */
const modelFiles: fc.Arbitrary<ModelFile> = fc
  .tuple(fc.constantFrom(...models.filter((model) => model.kind === "decoder")), fc.boolean())
  .map(([model, exact]) => ({
    architecture: model.architecture,
    family: exact ? familyOf(model.family) : null,
    params: model.params,
    exact,
  }));

const preset = fc.option(fc.constantFrom("qwen-7b", "qwen2-72b", "bge"), { nil: undefined, freq: 6 });

/** Jobs over the whole answer space; most of them were mended so that their answers go together. */
export const jobs: fc.Arbitrary<JobOptions> = fc
  .record({
    answers: anyAnswers,
    mended: fc.integer({ min: 1, max: 8 }),
    name: fc.option(hostileNames, { nil: undefined }),
    modelFile: fc.option(modelFiles, { nil: undefined, freq: 10 }),
    preset,
  })
  .map(({ answers, mended, name, modelFile, preset: recipe }) => ({
    answers: mended === 8 ? answers : repair(answers, modelFile ?? null),
    ...(name === undefined ? {} : { name }),
    ...(modelFile === undefined ? {} : { modelFile }),
    ...(mended > 2 || recipe === undefined ? {} : { preset: recipe }),
  }));

/** The jobs of which a plan comes. */
export const accepted: fc.Arbitrary<JobOptions> = jobs.filter((job) => resolvePlan(job).ok);

export function planOf(job: JobOptions): Plan {
  const resolved = resolvePlan(job);
  if (!resolved.ok) throw new Error(`refused: ${JSON.stringify(resolved.problems)}`);
  return resolved.plan;
}

export type Folder = Extract<Generated, { readonly ok: true }> & {
  /** A file's text; null where the folder has none of that name. */
  readonly text: (path: string) => string | null;
  readonly json: (path: string) => Readonly<Record<string, any>> | null;
};

/** The folder of a job of which a plan comes. */
export function folderOf(job: JobOptions, language: Language = "en"): Folder {
  const generated = generate({ ...job, language });
  if (!generated.ok) throw new Error(`refused: ${JSON.stringify(generated.problems)}`);
  const text = (path: string): string | null => generated.files.find((file) => file.path === path)?.text ?? null;
  const json = (path: string) => {
    const found = text(path);
    return found === null ? null : (JSON.parse(found) as Record<string, unknown>);
  };
  return { ...generated, text, json };
}

/** Checks things that came of jobs in one batch; a failure names the job. */
export function eachOf<Thing extends { readonly job: JobOptions }>(things: readonly Thing[], check: (thing: Thing) => void): void {
  for (const thing of things) {
    try {
      check(thing);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\nfor the job ${JSON.stringify(thing.job)}`, { cause: error });
    }
  }
}
