import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import * as z from "zod";
import type { Language } from "../messages/message.ts";
import type { EmittedFile } from "./file.ts";
import type { ModelFile } from "./plan/model.ts";
import type { Plan } from "./plan/plan.ts";
import { type JsonStyle, type JsonValue, printJson } from "./print/json.ts";
import type { Answers } from "./questions/table.ts";
import { showVersion } from "./version.ts";

export const MANIFEST = "train-config.json";

/** Where the published schemas are found; editors complete and check a file that names one. */
const SCHEMA = "https://cdn.jsdelivr.net/npm/create-train-config/schema/train-config.json";

/** `sha256:` and the digest of a file's UTF-8 bytes. */
export const digest = (text: string): string => `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`;

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
    transformers: targets.includes("hf") || targets.includes("flagembedding") ? showVersion(versions.transformers) : undefined,
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
      answers: manifest.answers,
      versions: used,
      ...(modelFile === null
        ? {}
        : { modelFile: { ...modelFile, family: modelFile.family?.id ?? null } }),
      files: manifest.files,
    } as unknown as JsonValue,
    style,
  );
}

export const digests = (files: readonly EmittedFile[]): Readonly<Record<string, string>> =>
  Object.fromEntries(files.map((file) => [file.path, digest(file.text)]));

/** What is read back of a manifest; the answers are judged by their own schema. */
export const manifestSchema = z.object({
  tool: z.literal("create-train-config"),
  version: z.string(),
  name: z.string().min(1),
  language: z.enum(["en", "zh"]),
  preset: z.string().nullable(),
  answers: z.record(z.string(), z.unknown()),
  modelFile: z
    .object({
      architecture: z.record(z.string(), z.unknown()),
      params: z.number().positive(),
      exact: z.boolean(),
      family: z.string().nullable(),
    })
    .optional(),
  files: z.record(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/), z.string()),
});
