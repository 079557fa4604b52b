import { readFileSync } from "node:fs";
import path from "node:path";
import { nearest } from "../../catalog/nearest.ts";
import type { Context } from "../../jobs/job.ts";
import { type Code, message } from "../../messages/message.ts";
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
const LARGEST = 1 << 20;

/** The config file that is named, or the one that lies here; empty where there is none. */
export async function readConfig(cwd: string, named: string | undefined): Promise<CheckConfig> {
  for (const name of named === undefined ? NAMES : [named]) {
    let text: string;
    try {
      text = readFileSync(path.resolve(cwd, name), "utf8");
    } catch (error) {
      if (named === undefined && (error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw fileComplaint(error, name) ?? error;
    }
    if (text.length > LARGEST) throw new UsageError({ message: message("answers.tooLarge"), place: name });
    return judge(text, name);
  }
  return { rules: {}, ignore: [], maxWarnings: null, context: {} };
}

async function judge(text: string, name: string): Promise<CheckConfig> {
  const [{ LineCounter, parseDocument }, { complaintOf }, { schema, toConfig }] = await Promise.all([
    import("yaml"),
    import("../answers-file.ts"),
    import("./config-schema.ts"),
  ]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const line = (offset: number | undefined): string =>
    `${name}:${offset === undefined ? 1 : lines.linePos(offset).line}`;
  const [broken] = document.errors;
  if (broken !== undefined) throw new UsageError({ message: complaintOf(broken), place: line(broken.pos[0]) });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 10 });
    // Throws for a value that holds itself.
    JSON.stringify(value);
  } catch {
    throw new UsageError({ message: message("check.badConfig"), place: name });
  }
  /** The line of the innermost key of a path that stands in the file. */
  const lineOf = (keys: readonly PropertyKey[]): string => {
    for (let depth = keys.length; depth > 0; depth--) {
      const node = document.getIn(keys.slice(0, depth), true) as { readonly range?: readonly number[] } | undefined;
      if (node?.range !== undefined) return line(node.range[0]);
    }
    return line(undefined);
  };
  const judged = schema.safeParse(value ?? {});
  if (!judged.success)
    throw new UsageError(
      ...judged.error.issues.flatMap((issue) => {
        const form = message("check.configForm");
        if (issue.code === "unrecognized_keys")
          return issue.keys.map((key) => {
            const near = nearest(key, Object.keys(schema.shape), 1);
            return {
              message: message("problem.unknownKey", { key }),
              place: `${lineOf([...issue.path, key])}: ${key}`,
              instead: near.length === 0 ? form : message("instead.mean", { values: near.join(", ") }),
            };
          });
        const [key] = issue.path;
        return [
          {
            message: message("check.badConfig"),
            place: key === undefined ? name : `${lineOf(issue.path)}: ${issue.path.map(String).join(".")}`,
            instead: key === undefined ? form : message(FORMS[String(key)] ?? "check.configText"),
          },
        ];
      }),
    );
  const { rules, ...config } = toConfig(judged.data);
  const complaints: Complaint[] = [];
  const read: Record<string, Severity | "off"> = {};
  for (const [rule, level] of Object.entries(rules))
    try {
      Object.assign(read, readRules([`${rule}=${level}`], `${lineOf(["rules", rule])}: rules.${rule}`));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      complaints.push(...error.complaints);
    }
  if (complaints.length > 0) throw new UsageError(...complaints);
  return { ...config, rules: read };
}

/** What each key holds, for a person. */
const FORMS: Readonly<Record<string, Code>> = {
  rules: "check.configRules",
  ignore: "check.configIgnore",
  maxWarnings: "check.badCount",
  gpus: "check.configCount",
  nodes: "check.configCount",
};

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
