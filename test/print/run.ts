import { spawnSync } from "node:child_process";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";

/** Fails unless both values are equal with their types, key order and -0; a key named `constructor` does not disturb it. */
export function expectSame(read: unknown, value: unknown): void {
  if (!isDeepStrictEqual(read, value)) expect(read).toStrictEqual(value);
  expect(isDeepStrictEqual(read, value)).toBe(true);
  expect(JSON.stringify(read)).toBe(JSON.stringify(value));
}

/** Runs one process on an input and returns what it wrote; fails with its own words. */
export function run(command: string, args: readonly string[], input: string): string {
  const done = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0) throw new Error(`${command} failed: ${done.stderr.slice(-2000)}`);
  return done.stdout;
}
