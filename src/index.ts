import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { judgeAnswers } from "./core/answers.ts";
import { layer } from "./core/layer.ts";
import type { EmittedFile } from "./core/file.ts";
import { type Alternative, alternativesOf } from "./core/plan/alternatives.ts";
import type { ModelFile } from "./core/plan/model.ts";
import type { Plan } from "./core/plan/plan.ts";
import type { Problem } from "./core/plan/problem.ts";
import { resolvePlan as resolve } from "./core/plan/resolve.ts";
import { findPreset, presetAnswers } from "./core/presets.ts";
import type { Answers } from "./core/questions/table.ts";
import { withManifest } from "./folder.ts";
import { emit } from "./generate.ts";
import { checkInvariants } from "./invariants.ts";
import type { Language } from "./messages/message.ts";

export { check } from "./check.ts";
export { mendFiles as mend } from "./mend.ts";
export { explain } from "./pitfalls/explain.ts";
export { pitfallPages } from "./pitfalls/page.ts";
export { judgeAnswers } from "./core/answers.ts";
export { presets } from "./core/presets.ts";
export { answersSchema, manifestSchema, presetSchema } from "./core/schema.ts";
export { questions } from "./core/questions/table.ts";
export { curveOf, learningRate } from "./core/plan/schedule.ts";
export { say } from "./messages/message.ts";
export { adapterParameters } from "./core/plan/memory/adapters.ts";
export { constants as memoryConstants } from "./core/plan/memory/constants.ts";
export { estimate as estimateMemory } from "./core/plan/memory/estimate.ts";
export { deepspeedDefaults } from "./core/plan/memory/job.ts";
export { stepTime } from "./core/plan/time/estimate.ts";
export { timeOf } from "./core/plan/time/plan.ts";
export type { CheckOptions, Finding, Report } from "./check.ts";
export type { Mended } from "./mend.ts";
export type { Explained } from "./pitfalls/explain.ts";
export { version } from "./version.ts";
export type { GpuMemory } from "./core/plan/memory/estimate.ts";
export type { MemoryJob } from "./core/plan/memory/job.ts";
export type { Alternative, Answers, EmittedFile, Language, ModelFile, Plan, Problem };

/** What a job is described by. Only `answers` is needed, and of those a model, a GPU and the number of GPUs. */
export interface JobOptions {
  readonly answers: Answers;
  /** The name of a preset; `answers` stand over it. */
  readonly preset?: string;
  /** The run's name; it stands in the files. */
  readonly name?: string;
  /** What `architectureFromConfig` read of the model's own config.json. */
  readonly modelFile?: ModelFile;
}

export type PlanResult =
  { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly problems: readonly Problem[] };

export type Generated =
  | { readonly ok: true; readonly plan: Plan; readonly files: readonly EmittedFile[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** SHA-256 by Node where this runs in Node, which is five times faster; in JavaScript elsewhere. */
const node = (
  globalThis as { process?: { getBuiltinModule?: (name: string) => typeof import("node:crypto") | undefined } }
).process;
const crypto = node?.getBuiltinModule?.("node:crypto");
const digest = (text: string): string =>
  `sha256:${crypto === undefined ? bytesToHex(sha256(utf8ToBytes(text))) : crypto.createHash("sha256").update(text).digest("hex")}`;

const layered = ({ answers, preset }: JobOptions): Answers => {
  const found = preset === undefined ? null : findPreset(preset);
  if (preset !== undefined && found === null) throw new TypeError(`there is no preset "${preset}"`);
  const { bad } = judgeAnswers(answers);
  if (bad[0] !== undefined) throw new TypeError(`answers.${bad[0].place} is not a valid answer`);
  return found === null ? answers : layer(presetAnswers(found, answers.method), answers);
};

/**
 * Decides every number of a job, once. Pure: no files, no clock, no network. Answers that contradict each other give
 * problems; `say("en", problem.message)` words them. Throws a TypeError for a value that is no answer at all.
 */
export function resolvePlan(job: JobOptions): PlanResult {
  const { name, modelFile = null, preset = null } = job;
  return resolve({ answers: layered(job), preset, modelFile, ...(name === undefined ? {} : { name }) });
}

/**
 * The smallest changes with which a job that does not fit its cards would, cheapest first, each planned whole; none for a
 * job that fits. Throws as `resolvePlan` does.
 */
export function alternatives(job: JobOptions): readonly Alternative[] {
  const { name, modelFile = null, preset = null } = job;
  const resolved = resolvePlan(job);
  if (!resolved.ok) return [];
  return alternativesOf(
    { answers: layered(job), preset, modelFile, ...(name === undefined ? {} : { name }) },
    resolved.plan,
  );
}

/** Every file of a job, `train-config.json` included, as text. Pure, and the same bytes every time. */
export function generate(job: JobOptions & { readonly language?: Language }): Generated {
  const answers = layered(job);
  const { language = "en", modelFile = null, preset = null } = job;
  const resolved = resolvePlan(job);
  if (!resolved.ok) return resolved;
  const { plan } = resolved;
  const files = emit(plan, { answers, preset }, { language, json: {} });
  checkInvariants(plan, files);
  return {
    ok: true,
    plan,
    files: withManifest(files, plan, { name: plan.name, language, preset, answers, modelFile }, {}, digest),
  };
}
