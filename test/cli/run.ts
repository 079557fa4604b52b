import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { x } from "tinyexec";
import { afterAll, expect } from "vitest";

/** The command as it is shipped. */
export const BIN = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** The answers without which there is no job, and a small, quick set of files. */
export const JOB = ["--model", "qwen2.5-7b", "--gpu", "a100-80", "--gpus", "8", "--targets", "hf"] as const;
export const EMBEDDING = ["--model", "bge-m3", "--gpu", "a100-80", "--gpus", "8"] as const;

/** What lies in a folder: each path with a word for its kind and content. */
export type Listing = Readonly<Record<string, string>>;

export interface Ran {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The working directory of the run, and what was in it. */
  readonly cwd: string;
  readonly before: Listing;
  readonly after: Listing;
}

export interface Setting {
  readonly cwd?: string;
  /** Over the controlled environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Standard input is closed unless given; `silent` is a pipe that stays open and says nothing. */
  readonly stdin?: string | { readonly silent: true };
}

const base = mkdtempSync(path.join(tmpdir(), "create-train-config-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let rooms = 0;

/** A fresh empty folder. */
export function room(): string {
  rooms += 1;
  const folder = path.join(base, `room-${rooms}`);
  mkdirSync(folder);
  return folder;
}

/** Puts a file into a folder and gives its path. */
export function put(folder: string, name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** Nothing of the machine's own settings but where its programs are: no CI, no colours, no locale but the one given. */
export function environment(over: Setting["env"] = {}): Record<string, string | undefined> {
  const none = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
  const { PATH, HOME } = process.env;
  return { ...none, PATH, HOME, LANG: "C.UTF-8", ...over };
}

/** Runs the command in a fresh folder, or in the one given, and looks at the folder before and after. */
export async function run(args: readonly string[], setting: Setting = {}): Promise<Ran> {
  return runProgram(process.execPath, [BIN, ...args], setting);
}

/** Runs a line of bash in which "$@" are the words after it; `node "$BIN"` is the command. */
export async function bash(line: string, words: readonly string[] = [], setting: Setting = {}): Promise<Ran> {
  return runProgram("bash", ["--norc", "-c", line, "bash", ...words], { ...setting, env: { BIN, ...setting.env } });
}

async function runProgram(program: string, args: readonly string[], setting: Setting): Promise<Ran> {
  const { cwd = room(), env, stdin } = setting;
  const before = listing(cwd);
  const stdio = [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"] as const;
  const { exitCode, stdout, stderr } = await x(program, args, {
    ...(typeof stdin === "string" ? { stdin } : {}),
    nodePath: false,
    nodeOptions: { cwd, env: environment(env), stdio: [...stdio] },
  });
  return { code: exitCode, stdout, stderr, cwd, before, after: listing(cwd) };
}

/** Every path under a folder; links are not followed. */
export function listing(folder: string): Listing {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const file = path.join(folder, entry);
    const stats = lstatSync(file);
    if (stats.isSymbolicLink()) found[entry] = `link to ${readlinkSync(file)}`;
    else if (stats.isFile()) found[entry] = createHash("sha256").update(readFileSync(file)).digest("hex");
    else found[entry] = stats.isDirectory() ? "folder" : "other";
  }
  return found;
}

/** A message is for people: no stack, nothing that only a program would print, no control characters. */
export function expectPlainWords(text: string): void {
  expect(text).not.toMatch(/^\s+at /m);
  expect(text).not.toMatch(/undefined|\[object|node:|file:\/\//);
  expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
}

/** Expects exit code 2, every one of `words` in the message, nothing on stdout and nothing written. */
export function expectRefused({ code, stdout, stderr, before, after }: Ran, ...words: readonly string[]): void {
  for (const word of words) expect(stderr).toContain(word);
  expectPlainWords(stderr);
  expect(stderr).toMatch(/^error: /m);
  expect(stdout).toBe("");
  expect(after).toEqual(before);
  expect(code).toBe(2);
}

/** Runs the command and expects it to be refused. */
export async function refused(args: readonly string[], words: readonly string[], setting: Setting = {}): Promise<Ran> {
  const ran = await run(args, setting);
  expectRefused(ran, ...words);
  return ran;
}

/** Runs the command and expects it to succeed. */
export async function succeeds(args: readonly string[], setting: Setting = {}): Promise<Ran> {
  const ran = await run(args, setting);
  expect(ran.stderr).not.toMatch(/^error: /m);
  expect(ran.code).toBe(0);
  return ran;
}
