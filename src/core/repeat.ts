import { editDistance } from "../catalog/nearest.ts";
import { batchKeys } from "./layer.ts";
import { quotePath, quoteShell } from "./print/shell.ts";
import { flagOf, writeFlag } from "./questions/define.ts";
import { type Answers, type Key, keys } from "./questions/table.ts";

/** Names of commands, of this version and of later ones; the command line refuses a folder whose name is a slip of one. */
const commands = ["create", "presets", "regenerate", "completion", "check", "plan", "explain", "lengths", "report"];

/** The folder as a word that stands for nothing else. */
const folderWord = (dir: string): string =>
  commands.some((name) => editDistance(name, dir) <= 1) ? quoteShell(`./${dir}`) : quotePath(dir);

const textOf = (value: unknown): string | null => (value === undefined ? null : writeFlag(value));

/**
 * The command that gives the same folder again: the preset, and the flags of every answer that differs from it. `base` are
 * the preset's answers.
 */
export function repeatCommand(dir: string, preset: string | null, base: Answers, answers: Answers): string {
  const words = ["npx", "create-train-config", folderWord(dir)];
  if (preset !== null) words.push("--preset", quoteShell(preset));
  const same = (key: Key): boolean => textOf(answers[key]) === textOf(base[key]);
  const sameBatch = batchKeys.every(same);
  for (const key of keys) {
    const value = answers[key];
    // Which number of the batch gives way depends on which were said: where one differs from the preset, all are said.
    if (value === undefined || (same(key) && (sameBatch || !batchKeys.some((each) => each === key)))) continue;
    const flag = `--${flagOf(key)}`;
    // A text that begins with a dash would be read as a flag of its own.
    const text = writeFlag(value);
    if (value === true) words.push(flag);
    else if (value === false) words.push(`--no-${flagOf(key)}`);
    else words.push(text.startsWith("-") ? quoteShell(`${flag}=${text}`) : `${flag} ${quoteShell(text)}`);
  }
  return [...words, "--yes"].join(" ");
}
