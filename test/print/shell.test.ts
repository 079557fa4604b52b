import fc from "fast-check";
import { expect, test } from "vitest";
import { joinShell, quoteShell } from "../../src/core/print/shell.ts";
import { texts } from "./arbitraries.ts";
import { run } from "./run.ts";

/** What a process argument can hold: no NUL, and no lone surrogate, which UTF-8 cannot encode. */
const words = fc
  .oneof(
    texts,
    fc.string({ unit: fc.constantFrom(..."~=-a'\"$`\\!*?[{}();&|<>#^% \n\t\r配") }),
    fc.constantFrom(
      "~",
      "~root",
      "a=~",
      "-n",
      "--",
      "=ls",
      "$HOME",
      "$(id)",
      "`id`",
      "!!",
      "a b",
      "'",
      "\\",
      "",
    ),
  )
  .map((text) => text.replaceAll("\0", "").toWellFormed());

test.each([["bash"], ["sh"]])("%s passes on every quoted word unchanged", (shell) => {
  const sample = fc.sample(words, 3000);
  const script = `printf '%s\\0' ${joinShell(sample)}\n`;
  expect(run(shell, ["-s"], script).split("\0").slice(0, -1)).toEqual(sample);
});

test.each([
  ["--learning_rate=1e-5", "--learning_rate=1e-5"],
  ["./a/b_c@1:2,3%+.py", "./a/b_c@1:2,3%+.py"],
  ["", "''"],
  ["=ls", "'=ls'"],
  ["~/a", "'~/a'"],
  ["it's", "'it'\\''s'"],
  ["a\n", "'a\n'"],
  ["配置", "'配置'"],
])("%j is written %s", (text, word) => {
  expect(quoteShell(text)).toBe(word);
});

test("words are joined by one space, and none is lost", () => {
  expect(joinShell(["deepspeed", "", "train 1.py"])).toBe("deepspeed '' 'train 1.py'");
});

test("NUL is refused", () => {
  expect(() => quoteShell("a\0b")).toThrow("NUL");
});
