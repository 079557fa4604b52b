import parse from "yargs-parser";
import { editDistance, nearest } from "../catalog/nearest.ts";
import { flagOf } from "../core/questions/define.ts";
import { findPreset, presets } from "../core/presets.ts";
import { type Answers, type Key, questions } from "../core/questions/table.ts";
import { message } from "../messages/message.ts";
import { type Complaint, UsageError } from "./errors.ts";

/** Flags that are no answers: how the tool works, not what the job is. */
const switches = [
  "yes",
  "force",
  "dryRun",
  "json",
  "color",
  "quiet",
  "check",
  "explain",
  "help",
  "all",
  "version",
  "debug",
  "fix",
  "fixDryRun",
] as const;
const texts = ["preset", "answers", "lang", "format", "maxWarnings", "rule", "config"] as const;
const aliases = {
  y: "yes",
  f: "force",
  p: "preset",
  t: "preset",
  h: "help",
  v: "version",
  overwrite: "force",
  template: "preset",
};
const aliasOf = new Map<string, string>(Object.entries(aliases));

export const commands = ["create", "plan", "check", "explain", "presets", "regenerate", "completion"] as const;
export type Command = (typeof commands)[number];

/** Names that later versions will give to commands; a folder of that name has to be written `./lengths`. */
const reserved = ["lengths", "report"];

export interface Flags {
  readonly command: Command;
  readonly positionals: readonly string[];
  /** The answers given as flags, judged. */
  readonly answers: Answers;
  readonly preset?: string | undefined;
  readonly answersFile?: string | undefined;
  readonly lang?: string | undefined;
  readonly yes: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly color?: boolean | undefined;
  readonly quiet: boolean;
  readonly check: boolean;
  readonly explain: boolean;
  readonly help: boolean;
  readonly all: boolean;
  readonly version: boolean;
  readonly debug: boolean;
  readonly fix: boolean;
  readonly fixDryRun: boolean;
  readonly format?: string | undefined;
  readonly maxWarnings?: string | undefined;
  /** Each as it was written, `NAME=level`; the flag may stand there several times. */
  readonly rules: readonly string[];
  readonly config?: string | undefined;
}

interface Parsed {
  readonly [flag: string]: unknown;
  readonly _: readonly (string | number)[];
}

/** `--dry-run` and the like: a flag is its key in kebab-case. */
const camel = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const answerFlags = questions.map((row) => flagOf(row.key));
const switchFlags = [
  ...switches.map(flagOf),
  ...questions.filter((row) => row.form.kind === "switch").map((row) => flagOf(row.key)),
];
const textFlags = [
  ...texts.map(flagOf),
  ...questions.filter((row) => row.form.kind !== "switch").map((row) => flagOf(row.key)),
];

/**
 * Words to flags. yargs splits the words and nothing else: it keeps them as text, so that the schema of the question, and
 * no conversion of its own, judges every value.
 */
export async function readFlags(argv: readonly string[]): Promise<Flags> {
  const complaints: Complaint[] = misspelt(argv);
  if (complaints.length > 0) throw new UsageError(...complaints);
  const parsed: Parsed = parse(withDash(argv).map(hideQuotes), {
    string: textFlags,
    boolean: switchFlags,
    alias: aliases,
    configuration,
  });
  const words = new Map<Key, string>();
  const known = new Set<string>([
    ...answerFlags,
    ...switchFlags,
    ...texts.map(flagOf),
    ...Object.keys(aliases),
    "_",
    "$0",
  ]);
  for (const [name, value] of Object.entries(parsed)) {
    if (!known.has(name)) {
      complaints.push(unknownFlag(showQuotes(name)));
      continue;
    }
    if (value === undefined || name === "_" || name === "$0" || aliasOf.has(name)) continue;
    if (typeof value === "string" && value === "") {
      complaints.push({ message: message("flag.needsValue"), place: `--${name}` });
      continue;
    }
    if (answerFlags.includes(name)) words.set(camel(name) as Key, showQuotes(String(value)));
  }
  // The schemas cost a tenth of a whole run, and a preset alone has nothing to judge.
  const judged = words.size === 0 ? { answers: {}, bad: [] } : (await import("../core/answers.ts")).judgeFlags(words);
  const text = (name: string): string | undefined =>
    parsed[name] === undefined || parsed[name] === "" ? undefined : showQuotes(String(parsed[name]));
  const preset = text("preset");
  if (preset !== undefined && findPreset(preset) === null) complaints.push(unknownPreset(preset, "--preset"));
  const lang = text("lang");
  if (lang !== undefined && lang !== "en" && lang !== "zh") {
    complaints.push({
      message: message("problem.value", {
        value: `"${lang}"`,
        expected: message("expected.oneOf", { values: "en, zh" }),
      }),
      place: "--lang",
    });
  }
  complaints.push(...judged.bad);
  if (complaints.length > 0) throw new UsageError(...complaints);
  const on = (name: string): boolean => parsed[name] === true;
  const { command, positionals } = readPositionals(parsed._.map((word) => showQuotes(String(word))));
  return {
    command,
    positionals,
    answers: judged.answers,
    preset,
    answersFile: text("answers"),
    lang,
    yes: on("yes"),
    force: on("force"),
    dryRun: on("dry-run"),
    json: on("json"),
    color: parsed["color"] as boolean | undefined,
    quiet: on("quiet"),
    check: on("check"),
    explain: on("explain"),
    help: on("help"),
    all: on("all"),
    version: on("version"),
    debug: on("debug"),
    fix: on("fix"),
    fixDryRun: on("fix-dry-run"),
    format: text("format"),
    maxWarnings: text("max-warnings"),
    rules: everyOf("rule", argv),
    config: text("config"),
  };
}

/** Every value of a flag that may stand there several times; a value may be a list. */
function everyOf(name: string, argv: readonly string[]): readonly string[] {
  const flag = `--${name}`;
  return argv.flatMap((word, at) =>
    word === flag
      ? (argv[at + 1] ?? "").split(",")
      : word.startsWith(`${flag}=`)
        ? word.slice(flag.length + 1).split(",")
        : [],
  );
}

/** The parser takes quotes off the ends of a value, though the shell has done that already; so it must not see any. */
const hideQuotes = (word: string): string =>
  word.replace(/['"\uE000]/g, (quote) => `\uE000${"'\"\uE000".indexOf(quote)}`);
const showQuotes = (word: string): string =>
  word.replace(/\uE000([012])/g, (_, at: string) => "'\"\uE000"[Number(at)] ?? "");

/** A value of `-` (standard input) has to be tied to its flag, or the parser takes it for a positional. */
function withDash(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (const [at, word] of argv.entries()) {
    const before = argv[at - 1];
    if (word === "-" && before !== undefined && before.startsWith("--") && textFlags.includes(before.slice(2)))
      words[words.length - 1] = `${before}=-`;
    else words.push(word);
  }
  return words;
}

/** What the parser would swallow: its own two names as flags, and a switch with a value that is neither true nor false. */
function misspelt(argv: readonly string[]): Complaint[] {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).flatMap((word): Complaint[] => {
    const [, name = "", value] = /^--?([^=]+)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === "_" || name === "$0") return [unknownFlag(name)];
    const key = (aliasOf.get(name) ?? name).replace(/^no-/, "");
    if (value === undefined || !switchFlags.includes(key) || value === "true" || value === "false") return [];
    const expected = message("expected.switch");
    return [{ message: message("problem.value", { value: `"${value}"`, expected }), place: `--${name}` }];
  });
}

const configuration = {
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "duplicate-arguments-array": false,
  "dot-notation": false,
  "camel-case-expansion": false,
  "short-option-groups": false,
  "boolean-negation": true,
} as const;

function unknownFlag(name: string): Complaint {
  const flags = [...answerFlags, ...switches.map(flagOf), ...texts.map(flagOf)];
  const near = nearest(name, flags).map((flag) => `--${flag}`);
  const place = name.length === 1 ? `-${name}` : `--${name}`;
  return {
    message: message("flag.unknown", { flag: place }),
    instead: near.length === 0 ? message("flag.seeHelp") : message("instead.mean", { values: near.join(", ") }),
  };
}

export function unknownPreset(name: string, place: string): Complaint {
  const names = presets.map((preset) => preset.name);
  const near = nearest(name, names);
  return {
    message: message("preset.unknown", { name }),
    place,
    instead: message("instead.oneOf", { values: (near.length > 0 ? near : names).join(", ") }),
  };
}

function readPositionals(words: readonly string[]): Pick<Flags, "command" | "positionals"> {
  const [first, ...rest] = words;
  if (first === undefined) return { command: "create", positionals: [] };
  const command = commands.find((name) => name === first);
  if (command === "check" || command === "explain") return { command, positionals: rest };
  if (command !== undefined) return { command, positionals: tooMany(rest, 1) };
  if (reserved.includes(first)) {
    throw new UsageError({
      message: message("command.reserved", { name: first }),
      instead: message("command.asFolder", { name: first }),
    });
  }
  // A mistyped command must not become a folder.
  const near = [...commands, ...reserved].find((name) => editDistance(name, first) === 1);
  if (near !== undefined) {
    throw new UsageError({
      message: message("command.unknown", { name: first, near }),
      instead: message("command.asFolder", { name: first }),
    });
  }
  return { command: "create", positionals: tooMany(words, 1) };
}

function tooMany(words: readonly string[], most: number): readonly string[] {
  if (words.length > most) {
    throw new UsageError({
      message: message("command.tooMany", { word: words[most] ?? "" }),
      instead: message("command.quote"),
    });
  }
  return words;
}
