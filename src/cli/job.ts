import path from "node:path";
import { layer } from "../core/layer.ts";
import type { EmittedFile } from "../core/file.ts";
import { checkInvariants } from "../invariants.ts";
import type { ModelFile } from "../core/plan/model.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { Problem } from "../core/plan/problem.ts";
import { resolvePlan } from "../core/plan/resolve.ts";
import { findPreset, presetAnswers } from "../core/presets.ts";
import { flagOf } from "../core/questions/define.ts";
import type { Answers } from "../core/questions/table.ts";
import { withManifest } from "../folder.ts";
import { emit } from "../generate.ts";
import type { Language, Message } from "../messages/message.ts";
import { type Complaint, UsageError } from "./errors.ts";
import { digest } from "./digest.ts";
import { projectStyle } from "./format.ts";

/** What a job is made from, once every layer of answers was laid over the other. */
export interface Job {
  readonly answers: Answers;
  readonly preset: string | null;
  readonly modelFile: ModelFile | null;
  readonly name: string;
}

/** The answers of a preset, for the method that the layers above it ask for. */
export function baseAnswers(preset: string | null, above: Answers): Answers {
  const found = preset === null ? null : findPreset(preset);
  return found === null ? {} : presetAnswers(found, above.method);
}

/** Preset, answers file, flags: each over the one before. */
export const layers = (preset: string | null, file: Answers, flags: Answers): Answers => {
  const said = layer(file, flags);
  return layer(baseAnswers(preset, said), said);
};

/** The plan of a job; throws a UsageError with every problem that its answers have. */
export function planOf({ answers, preset, modelFile, name }: Job): Plan {
  const resolved = resolvePlan({ answers, preset, modelFile, name });
  if (!resolved.ok) throw new UsageError(...resolved.problems.map(complaintOf));
  return resolved.plan;
}

/** A problem with answers, told by the flags that give them. */
export const complaintOf = ({ at, message, instead }: Problem): Complaint => ({
  message,
  place: at.map((key) => `--${flagOf(key)}`).join(", "),
  instead,
});

/** The run's name: the folder's. */
export const nameOf = (folder: string): string => path.basename(folder) || "train-config";

/**
 * Every file of a job as it goes to disk: emitted, checked against the invariants, in the destination's own style, and the
 * manifest with their digests.
 */
export async function filesOf(
  job: Job,
  plan: Plan,
  folder: string,
  language: Language,
): Promise<{ readonly files: readonly EmittedFile[]; readonly note: Message | null }> {
  const style = await projectStyle(folder);
  const emitted = emit(plan, { answers: job.answers, preset: job.preset }, { language, json: style.json });
  checkInvariants(plan, emitted);
  const files = await style.format(emitted);
  const all = withManifest(files, plan, { ...job, language }, style.json, digest);
  return { files: [...files, ...(await style.format(all.slice(files.length)))], note: style.note };
}
