import { readFileSync } from "node:fs";
import path from "node:path";
import { nearest } from "../../catalog/nearest.ts";
import type { Context } from "../../jobs/job.ts";
import { message } from "../../messages/message.ts";
import { pitfalls } from "../../pitfalls/all.ts";
import type { Severity } from "../../pitfalls/pitfall.ts";
import { type Complaint, fileComplaint, UsageError } from "../errors.ts";

export interface CheckConfig {
  readonly rules: Readonly<Record<string, Severity | "off">>;
  readonly ignore: readonly string[];
  readonly maxWarnings: number | null;
  readonly context: Context;
}

/** Looked for in the folder where the command runs. */
const NAMES = ["train-config-check.yaml", "train-config-check.json"];

const LEVELS: readonly string[] = ["off", "info", "warning", "error"];

/** The config file that is named, or the one that lies here; empty where there is none. */
export async function readConfig(cwd: string, named: string | undefined): Promise<CheckConfig> {
  const none: CheckConfig = { rules: {}, ignore: [], maxWarnings: null, context: {} };
  for (const name of named === undefined ? NAMES : [named]) {
    let text: string;
    try {
      text = readFileSync(path.resolve(cwd, name), "utf8");
    } catch (error) {
      if (named === undefined && (error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw fileComplaint(error, name) ?? error;
    }
    const { parse } = await import("yaml");
    let value: unknown;
    try {
      value = parse(text, { maxAliasCount: 10 });
    } catch {
      throw new UsageError({ message: message("check.badConfig"), place: name });
    }
    return judge(value, name);
  }
  return none;
}

function judge(value: unknown, name: string): CheckConfig {
  const bad = (place: string): UsageError =>
    new UsageError({
      message: message("check.badConfig"),
      place: `${name}${place}`,
      instead: message("check.configForm"),
    });
  if (value === null || value === undefined) value = {};
  if (typeof value !== "object" || Array.isArray(value)) throw bad("");
  const { rules = {}, ignore = [], maxWarnings = null, ...rest } = value as Record<string, unknown>;
  if (typeof rules !== "object" || rules === null) throw bad(": rules");
  if (!Array.isArray(ignore) || ignore.some((each) => typeof each !== "string")) throw bad(": ignore");
  if (maxWarnings !== null && (!Number.isSafeInteger(maxWarnings) || Number(maxWarnings) < 0))
    throw bad(": maxWarnings");
  const context: Record<string, string | number> = {};
  for (const [key, given] of Object.entries(rest)) {
    const isCount = key === "gpus" || key === "nodes";
    const isText = ["gpu", "transformers", "deepspeed", "xtuner"].includes(key);
    if (isCount && Number.isSafeInteger(given) && Number(given) > 0) context[key] = Number(given);
    else if (isText && (typeof given === "string" || typeof given === "number")) context[key] = String(given);
    else throw bad(`: ${key}`);
  }
  // YAML reads a bare `off` as false.
  const levels = Object.entries(rules).map(([rule, level]) => `${rule}=${level === false ? "off" : String(level)}`);
  return {
    rules: readRules(levels, name),
    ignore: ignore as readonly string[],
    maxWarnings: maxWarnings as number | null,
    context,
  };
}

/** `NAME=off` and the like, each judged. */
export function readRules(words: readonly string[], place: string): Readonly<Record<string, Severity | "off">> {
  const rules: Record<string, Severity | "off"> = {};
  const complaints: Complaint[] = [];
  const ids = pitfalls.map(({ id }) => id);
  for (const word of words) {
    const [, name = "", level = ""] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    const known = pitfalls.find(({ id, code }) => id === name || code === name);
    if (!LEVELS.includes(level)) complaints.push({ message: message("check.badRule", { rule: word }), place });
    else if (known === undefined) {
      const near = nearest(name, ids, 1);
      complaints.push({
        message: message("check.unknownRule", { name }),
        place,
        instead: near.length === 0 ? message("explain.list") : message("instead.mean", { values: near.join(", ") }),
      });
    } else rules[known.id] = level as Severity | "off";
  }
  if (complaints.length > 0) throw new UsageError(...complaints);
  return rules;
}
