import type { EmittedFile } from "../core/file.ts";
import { commentLines } from "../core/print/comment.ts";
import { type JsonStyle, type JsonValue, printJson } from "../core/print/json.ts";
import { type Language, message, say } from "../messages/message.ts";
import { version } from "../version.ts";

/** How files are written, apart from what they say. */
export interface Style {
  readonly language: Language;
  readonly json: Partial<JsonStyle>;
}

/** What a target adds to a folder. */
export interface Part {
  readonly files: readonly EmittedFile[];
  /** The commands that start the job, relative to the folder. */
  readonly launches: readonly string[];
  /** The command that turns the last checkpoint into Hugging Face weights, where the trainer does not write them itself. */
  readonly converts?: string;
}

/** The first lines of every program and script: who wrote it, and how to write it again. */
export function header(language: Language): string {
  const known = headers.get(language);
  if (known !== undefined) return known;
  const lines = `${commentLines(say(language, message("header.line", { version })))}\n#   npx create-train-config regenerate`;
  headers.set(language, lines);
  return lines;
}

const headers = new Map<Language, string>();

export const json = (path: string, value: object, style: Style): EmittedFile => ({
  path,
  text: printJson(value as JsonValue, style.json),
});

/** Templates end where their last line does; a file ends with exactly one line break. */
export const text = (path: string, content: string): EmittedFile => ({ path, text: `${content.trimEnd()}\n` });
