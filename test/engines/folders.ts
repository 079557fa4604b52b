import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { familyOf } from "../../src/catalog/families.ts";
import { architectureFromConfig } from "../../src/catalog/model-config.ts";
import { type EmittedFile, generate, type JobOptions, type Plan } from "../../src/index.ts";

/** A folder on the disk, as the product writes it, and the plan that it came of. */
export interface WrittenFolder {
  readonly path: string;
  readonly plan: Plan;
  readonly files: readonly EmittedFile[];
}

/** Writes the folder of a job; null where the product refuses the job. */
export function writeFolder(place: string, job: JobOptions): WrittenFolder | null {
  const generated = generate(job);
  if (!generated.ok) return null;
  for (const { path: name, text } of generated.files) {
    const file = path.join(place, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { path: place, plan: generated.plan, files: generated.files };
}

/** Writes the folder of a job that must be accepted. */
export function mustWrite(place: string, job: JobOptions): WrittenFolder {
  const folder = writeFolder(place, job);
  if (folder !== null) return folder;
  const generated = generate(job);
  throw new Error(`the job is refused: ${JSON.stringify(generated.ok ? null : generated.problems)}`);
}

/** What the product reads of a model folder's config.json. */
export function modelFileOf(config: unknown): NonNullable<JobOptions["modelFile"]> {
  const read = architectureFromConfig(config);
  if (!read.ok) throw new Error(`config.json is not read: ${JSON.stringify(read.reason)}`);
  const { architecture, exact, params, family } = read;
  return { architecture, exact, params, family: family === null ? null : familyOf(family) };
}
