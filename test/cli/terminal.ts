import { stripVTControlCharacters } from "node:util";
import { afterEach } from "vitest";
import { BIN, environment, room } from "./run.ts";

/** Loaded here, so that a machine for which there is no build of it skips these tests and says why. */
const pty = await import("@lydell/node-pty").catch((error: unknown) => String(error));

export const noTerminal: string | null = typeof pty === "string" ? pty : null;

/** A person's keys. */
export const ENTER = "\r";
export const DOWN = "\u001b[B";
export const CTRL_C = "\u0003";
export const CLEAR = "\u0015";

/** A command on a pseudo-terminal, and what a person sees of it. */
export interface Session {
  /** Waits until `what` shows up that was not there when the last key was pressed. */
  readonly seen: (what: string | RegExp) => Promise<void>;
  readonly press: (keys: string) => void;
  /** Waits for a question by its label, and answers it: by Enter alone, or by these words and Enter. */
  readonly answer: (label: string, words?: string) => Promise<void>;
  /** Waits for the end. */
  readonly code: () => Promise<number>;
  /** Everything that was shown, without colours and cursor movements. */
  readonly shown: () => string;
  readonly cwd: string;
}

export interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const running: { readonly kill: (signal?: string) => void }[] = [];
// A test that failed half way leaves its session at a question.
afterEach(() => {
  for (const process of running.splice(0)) {
    try {
      process.kill("SIGKILL");
    } catch {
      // It had ended.
    }
  }
});

/** Starts the command as a person would. */
export const start = (args: readonly string[], options: Options = {}): Session =>
  open(process.execPath, [BIN, ...args], options);

/** Starts a line of bash, for redirections; `node "$BIN"` is the command. */
export const startLine = (line: string, options: Options = {}): Session =>
  open("bash", ["--norc", "-c", line], options);

function open(program: string, args: readonly string[], { cwd = room(), env = {} }: Options): Session {
  if (typeof pty === "string") throw new Error(pty);
  const set = Object.entries(environment({ TERM: "xterm-256color", BIN, ...env }));
  const process = pty.spawn(program, [...args], {
    cwd,
    // Wide, so that no sentence that a test waits for is broken into two lines.
    cols: 240,
    rows: 50,
    env: Object.fromEntries(set.filter((each): each is [string, string] => each[1] !== undefined)),
  });
  running.push(process);
  let raw = "";
  let mark = 0;
  let exit: number | null = null;
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((check) => check());
  process.onData((data) => {
    raw += data;
    wake();
  });
  process.onExit(({ exitCode }) => {
    exit = exitCode;
    wake();
  });
  const shown = (from = 0): string => stripVTControlCharacters(raw.slice(from)).replaceAll("\r", "");
  /** Event by event, without a clock: the test's own limit is the only one. */
  const until = <Value>(look: () => Value | null): Promise<Value> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const value = look();
        if (value === null && exit === null) return;
        waiting.delete(check);
        if (value === null) reject(new Error(`ended with ${exit} before that; shown was:\n${shown()}`));
        else resolve(value);
      };
      waiting.add(check);
      check();
    });
  const seen = async (what: string | RegExp): Promise<void> => {
    const find = (): true | null => {
      const now = shown(mark);
      return (typeof what === "string" ? now.includes(what) : what.test(now)) ? true : null;
    };
    await until(find);
  };
  const press = (keys: string): void => {
    mark = raw.length;
    process.write(keys);
  };
  return {
    seen,
    press,
    answer: async (label, words) => {
      await seen(`? ${label} (`);
      if (words !== undefined) {
        press(words);
        await seen(words);
      }
      press(ENTER);
    },
    code: () => until(() => exit),
    shown: () => shown(),
    cwd,
  };
}
