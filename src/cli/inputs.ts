import { createReadStream, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { familyOf } from "../catalog/families.ts";
import { findModel } from "../catalog/models.ts";
import type { ModelFile } from "../core/plan/model.ts";
import type { Answers } from "../core/questions/table.ts";
import { message } from "../messages/message.ts";
import { fileComplaint, UsageError } from "./errors.ts";

/** A config.json is a few kilobytes; what is larger than this is not one. */
const LARGEST_CONFIG = 1 << 20;

/**
 * The model's own config.json, where `--model` is a path; null where it is a name. A name of the catalog stays a name even
 * if a folder of that name lies here; `./name` is always the folder.
 */
export async function readModelFile(model: string | undefined, cwd: string): Promise<ModelFile | null> {
  if (model === undefined) return null;
  const isPath = /^(\.{0,2}[\\/]|~|[A-Za-z]:\\)/.test(model) || model.endsWith(".json");
  if (!isPath && findModel(model).kind === "found") return null;
  const absolute = path.resolve(cwd, model);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) {
    if (!isPath) return null;
    throw new UsageError({ message: message("model.noFolder"), place: `--model ${model}` });
  }
  const file = stats.isDirectory() ? path.join(absolute, "config.json") : absolute;
  const place = stats.isDirectory() ? path.join(model, "config.json") : model;
  const { architectureFromConfig } = await import("../catalog/model-config.ts");
  const read = architectureFromConfig(readConfig(file, place));
  if (!read.ok) {
    const key = "key" in read.reason ? read.reason.key : "";
    throw new UsageError({ message: message("model.badConfig", { reason: read.reason.code, key }), place });
  }
  if (read.quantization !== null) {
    throw new UsageError({
      message: message("problem.modelQuantized", { model }),
      place,
      instead: message("instead.unquantized"),
    });
  }
  const { architecture, exact, family, params } = read;
  return { architecture, exact, params, family: family === null ? null : familyOf(family) };
}

function readConfig(file: string, place: string): unknown {
  try {
    const stats = statSync(file);
    // A device or a pipe may never end.
    if (!stats.isFile() && !stats.isDirectory()) throw new UsageError({ message: message("model.noFolder"), place });
    if (stats.size > LARGEST_CONFIG) throw new UsageError({ message: message("answers.tooLarge"), place });
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof SyntaxError) throw new UsageError({ message: message("model.notJson"), place });
    throw fileComplaint(error, place) ?? error;
  }
}

/**
 * Rows of the training data, where it is a JSONL file on this machine and the number of samples is not known; null
 * otherwise. Counts lines that are not blank, in constant memory.
 */
export async function countRows(answers: Answers, cwd: string): Promise<number | null> {
  const { data, samples, maxSteps, packing } = answers;
  if (data === undefined || samples !== undefined || maxSteps !== undefined || packing === true) return null;
  if (!/\.jsonl?$/i.test(data)) return null;
  const file = path.resolve(cwd, data);
  if (!(statSync(file, { throwIfNoEntry: false })?.isFile() ?? false)) return null;
  let rows = 0;
  let filled = false;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
      for (const byte of chunk as Buffer) {
        if (byte === 0x0a) {
          if (filled) rows += 1;
          filled = false;
        } else if (byte > 0x20) filled = true;
      }
    }
  } catch (error) {
    throw fileComplaint(error, data) ?? error;
  }
  rows += filled ? 1 : 0;
  return rows === 0 ? null : rows;
}
