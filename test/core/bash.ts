import { run } from "../print/run.ts";

/** Bash code that tells the words it is called with, so that any text can stand in them: their number, then each. */
export const TELL = `{ printf '%d\\0' $#; [ $# -eq 0 ] || printf '%s\\0' "$@"; }`;

/** Runs a bash script, with some texts on its input, and returns the words of every call that was told. */
export function toldBy(script: string, input: readonly string[]): readonly (readonly string[])[] {
  const told = run("bash", ["-c", script], input.map((text) => `${text}\0`).join("")).split("\0").slice(0, -1);
  const calls: (readonly string[])[] = [];
  for (let at = 0; at < told.length; ) {
    const count = Number(told[at]);
    calls.push(told.slice(at + 1, at + 1 + count));
    at += 1 + count;
  }
  return calls;
}
