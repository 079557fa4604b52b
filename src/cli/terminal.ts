import { styleText } from "node:util";
import type { Language } from "../messages/message.ts";

/** The outside world as commands see it: tests give their own. */
export interface Terminal {
  readonly cwd: string;
  readonly language: Language;
  /** Whether a question can be asked: a person on both ends, and no CI. */
  readonly interactive: boolean;
  readonly color: boolean;
  /** Whether stderr's locale can show more than ASCII. */
  readonly unicode: boolean;
  readonly columns: number;
  readonly quiet: boolean;
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
  /** Results. */
  readonly out: (text: string) => void;
  /** Talk. */
  readonly tell: (text: string) => void;
}

export interface TerminalFlags {
  readonly lang?: string | undefined;
  readonly color?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** The terminal of this process. */
export function processTerminal(flags: TerminalFlags): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const quiet = flags.quiet ?? false;
  return {
    cwd: process.cwd(),
    language: flags.lang === "zh" || (flags.lang === undefined && localeOf(env).startsWith("zh")) ? "zh" : "en",
    interactive: stdin.isTTY === true && stderr.isTTY === true && !isSet(env["CI"]),
    color: flags.color !== false && colorOf(stderr, env),
    unicode: !/^(C|POSIX)$/.test(localeOf(env)) && env["TERM"] !== "dumb" && env["TERM"] !== "linux",
    columns: stderr.columns ?? (Number(env["COLUMNS"]) || 80),
    quiet,
    stdin,
    stderr,
    out: (text) => void stdout.write(`${text}\n`),
    tell: (text) => void (quiet || stderr.write(`${text}\n`)),
  };
}

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "" && value !== "0" && value !== "false";

const localeOf = (env: NodeJS.ProcessEnv): string => env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";

function colorOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (isSet(env["NO_COLOR"])) return false;
  if (env["FORCE_COLOR"] !== undefined) return env["FORCE_COLOR"] !== "0";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

/** Colours a text where the terminal shows colours. */
export const paint = (terminal: Pick<Terminal, "color">, style: Style, text: string): string =>
  terminal.color ? styleText(style, text, { validateStream: false }) : text;
