import type { Language } from "../messages/message.ts";
import type { EmittedFile } from "./file.ts";
import type { ModelFile } from "./plan/model.ts";
import type { Plan } from "./plan/plan.ts";
import { type JsonStyle, type JsonValue, printJson } from "./print/json.ts";
import { type Answers, keys } from "./questions/table.ts";
import { showVersion } from "./version.ts";

export const MANIFEST = "train-config.json";

/** Where the published schemas are found; editors complete and check a file that names one. */
const SCHEMA = "https://cdn.jsdelivr.net/npm/create-train-config/schema/train-config.json";

/** SHA-256 of a text's UTF-8 bytes, as `sha256:` and hexadecimal digits. Node and a browser have their own. */
export type Digest = (text: string) => string;

/** How a folder came to be: what `regenerate` reads, and what tells a hand-edited file from an emitted one. */
export interface Manifest {
  readonly name: string;
  readonly language: Language;
  readonly preset: string | null;
  readonly answers: Answers;
  readonly modelFile: ModelFile | null;
  readonly files: Readonly<Record<string, string>>;
  /** The version of the tool that wrote the folder. */
  readonly version: string;
}

/** The text of `train-config.json`. Reproducible: no time, no host, no absolute path. */
export function printManifest(manifest: Manifest, plan: Plan, style: Partial<JsonStyle>): string {
  const { versions, targets } = plan;
  const used = {
    transformers:
      targets.includes("hf") || targets.includes("flagembedding") ? showVersion(versions.transformers) : undefined,
    deepspeed: showVersion(versions.deepspeed),
    xtuner: targets.includes("xtuner") ? showVersion(versions.xtuner) : undefined,
    flagembedding: targets.includes("flagembedding") ? showVersion(versions.flagembedding) : undefined,
  };
  const { modelFile } = manifest;
  return printJson(
    {
      $schema: SCHEMA,
      tool: "create-train-config",
      version: manifest.version,
      name: manifest.name,
      language: manifest.language,
      preset: manifest.preset,
      // In the order of the table, whatever the order in which they were given.
      answers: Object.fromEntries(
        keys.flatMap((key) => (manifest.answers[key] === undefined ? [] : [[key, manifest.answers[key]]])),
      ),
      versions: used,
      ...(modelFile === null ? {} : { modelFile: { ...modelFile, family: modelFile.family?.id ?? null } }),
      files: manifest.files,
    } as unknown as JsonValue,
    style,
  );
}

export const digests = (files: readonly EmittedFile[], digest: Digest): Readonly<Record<string, string>> =>
  Object.fromEntries(files.map((file) => [file.path, digest(file.text)]));
