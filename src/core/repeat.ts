import { quoteShell } from "./print/shell.ts";
import { flagOf, writeFlag } from "./questions/define.ts";
import { type Answers, keys } from "./questions/table.ts";

/**
 * The command that gives the same folder again: the preset, and the flags of every answer that differs from it. `base` are
 * the preset's answers.
 */
export function repeatCommand(dir: string, preset: string | null, base: Answers, answers: Answers): string {
  const words = ["npx", "create-train-config", quoteShell(dir)];
  if (preset !== null) words.push("--preset", quoteShell(preset));
  for (const key of keys) {
    const value = answers[key];
    if (value === undefined || writeFlag(value) === (base[key] === undefined ? null : writeFlag(base[key]))) continue;
    const flag = `--${flagOf(key)}`;
    // A text that begins with a dash would be read as a flag of its own.
    const text = writeFlag(value);
    if (value === true) words.push(flag);
    else if (value === false) words.push(`--no-${flagOf(key)}`);
    else words.push(text.startsWith("-") ? quoteShell(`${flag}=${text}`) : `${flag} ${quoteShell(text)}`);
  }
  return [...words, "--yes"].join(" ");
}
