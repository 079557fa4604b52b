import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import path from "node:path";
import { judgeAnswers } from "../core/answers.ts";
import type { Answers } from "../core/questions/table.ts";
import { message } from "../messages/message.ts";
import { fileComplaint, UsageError } from "./errors.ts";

/** Far more than any answers need; anything larger is some other file. */
const LARGEST = 1 << 20;

/**
 * Reads and judges an answers file, YAML or JSON, or standard input for `-`. Throws a UsageError that names the line for
 * anything that is not a mapping of known answers: not UTF-8, too large, a key given twice, too many aliases.
 */
export async function readAnswersFile(name: string, cwd: string): Promise<Answers> {
  const place = name === "-" ? "stdin" : name;
  const text = decode(name === "-" ? readAll(0, place) : readFile(path.resolve(cwd, name), place), place);
  const value = await parse(text, place);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError({ message: message("answers.notAMapping"), place });
  }
  const { answers, bad } = judgeAnswers(value as Record<string, unknown>);
  if (bad.length > 0) {
    throw new UsageError(...bad.map((each) => ({ ...each, place: `${place}: ${each.place}` })));
  }
  return answers;
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
  try {
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, version: "1.2" });
    const [error] = document.errors;
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      const reason = error.code === "DUPLICATE_KEY" ? message("answers.duplicateKey") : message("answers.syntax", { reason: error.message });
      throw new UsageError({ message: reason, place: `${place}:${line}:${col}` });
    }
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Too many aliases, or brackets nested so deeply that the parser's stack ends.
    throw new UsageError({ message: message("answers.tooDeep"), place });
  }
}
