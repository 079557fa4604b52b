import { styleText } from "node:util";
import { type Language, speaker } from "../messages/message.ts";
import { fileComplaint } from "./errors.ts";

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
  const language = flags.lang === "zh" || (flags.lang === undefined && localeOf(env).startsWith("zh")) ? "zh" : "en";
  guardStreams(language);
  return {
    // Asked for only where it is needed: the folder that a person stands in may be gone.
    get cwd() {
      try {
        return process.cwd();
      } catch (error) {
        throw fileComplaint(error, ".") ?? error;
      }
    },
    language,
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

/** A reader that has gone away (`| head`) is no error; a stdout on a full disk is one, and not a stack trace. */
function guardStreams(language: Language): void {
  const { stdout, stderr } = process;
  const fail = (error: NodeJS.ErrnoException): void => {
    if (error.code === "EPIPE") return;
    const tell = speaker(language);
    stderr.write(`${tell("terminal.error")}: ${tell("file.failed", { reason: error.message })}\n`, () =>
      process.exit(2),
    );
  };
  stdout.removeAllListeners("error").on("error", fail);
  stderr.removeAllListeners("error").on("error", () => {});
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && value !== "" && value !== "0" && value !== "false";

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

/** What a person typed may hold line breaks and escape sequences; a message keeps to its line. */
export const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, " ");
