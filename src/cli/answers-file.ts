import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import path from "node:path";
import type { YAMLParseError, YAMLWarning } from "yaml";
import { judgeAnswers } from "../core/answers.ts";
import { findPreset } from "../core/presets.ts";
import type { Answers } from "../core/questions/table.ts";
import { type Message, message } from "../messages/message.ts";
import { type Complaint, fileComplaint, UsageError } from "./errors.ts";
import { unknownPreset } from "./flags.ts";

/** Far more than any answers need; anything larger is some other file. */
const LARGEST = 1 << 20;

/**
 * Reads and judges an answers file, YAML or JSON, or standard input for `-`. Throws a UsageError that names the line for
 * anything that is not a mapping of known answers: not UTF-8, too large, a key given twice, too many aliases.
 */
export async function readAnswersFile(name: string, cwd: string): Promise<AnswersFile> {
  const place = name === "-" ? "stdin" : name;
  const text = decode(name === "-" ? readAll(0, place) : readFile(path.resolve(cwd, name), place), place);
  const value = await parse(text, place);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError({ message: message("answers.notAMapping"), place });
  }
  const { preset: named = null, ...rest } = value as Record<string, unknown>;
  const preset = named === null ? null : typeof named === "string" ? named : JSON.stringify(named);
  const complaints: Complaint[] = [];
  if (preset !== null && findPreset(preset) === null) complaints.push(unknownPreset(preset, "preset"));
  const { answers, bad } = judgeAnswers(rest);
  complaints.push(...bad);
  if (complaints.length > 0) {
    throw new UsageError(...complaints.map((each) => ({ ...each, place: `${place}: ${each.place}` })));
  }
  return { answers, preset };
}

/** What an answers file says: answers, and the preset that they stand over. */
export interface AnswersFile {
  readonly answers: Answers;
  readonly preset: string | null;
}

function readFile(file: string, place: string): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw fileComplaint(error, place) ?? error;
  }
  try {
    if (fstatSync(descriptor).isDirectory()) throw new UsageError({ message: message("file.isFolder"), place });
    return readAll(descriptor, place);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads to the end, or up to the limit: a pipe or a device may never end. */
function readAll(descriptor: number, place: string): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.alloc(65536);
    let read: number;
    try {
      read = readSync(descriptor, chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") continue;
      if ((error as NodeJS.ErrnoException).code === "EOF") break;
      throw fileComplaint(error, place) ?? error;
    }
    if (read === 0) break;
    size += read;
    if (size > LARGEST) throw new UsageError({ message: message("answers.tooLarge"), place });
    chunks.push(chunk.subarray(0, read));
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer, place: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError({ message: message("answers.notUtf8"), place });
  }
}

async function parse(text: string, place: string): Promise<unknown> {
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  // `error`: what the parser has to say is said here, and not by a warning of Node's.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: "error",
    version: "1.2",
  });
  // A tag that nobody knows is only a warning to the parser.
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new UsageError({ message: complaintOf(error), place: `${place}:${line}:${col}` });
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 20 });
    // Throws for a value that holds itself.
    JSON.stringify(value);
    return value;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const unresolved = reason.startsWith("Unresolved alias");
    throw new UsageError({
      message: unresolved ? message("answers.syntax", { reason }) : message("answers.tooDeep"),
      place,
    });
  }
}

/** What is wrong with a YAML file, for a person. */
export function complaintOf({ code, message: reason }: YAMLParseError | YAMLWarning): Message {
  switch (code) {
    case "DUPLICATE_KEY":
      return message("answers.duplicateKey");
    // Brackets nested so deeply that the parser's stack ends.
    case "RESOURCE_EXHAUSTION":
      return message("answers.tooDeep");
    case "MULTIPLE_DOCS":
      return message("answers.notAMapping");
    default:
      return message("answers.syntax", { reason });
  }
}
