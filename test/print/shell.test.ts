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
    fc.constantFrom("~", "~root", "a=~", "-n", "--", "=ls", "$HOME", "$(id)", "`id`", "!!", "a b", "'", "\\", ""),
  )
  .map((text) => text.replaceAll("\0", "").toWellFormed());

const plainWords = words.filter(
  (text) => !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u.test(text),
);

test.each([
  ["bash", words],
  ["sh", plainWords],
])("%s passes on every quoted word unchanged", (shell, arbitrary) => {
  const sample = fc.sample(arbitrary, 3000);
  const script = `printf '%s\\0' ${joinShell(sample)}\n`;
  expect(run(shell, ["-s"], script).split("\0").slice(0, -1)).toEqual(sample);
});

test("no quoted word holds a character that would change a line, a page or a terminal", () => {
  for (const word of fc.sample(words, 2000).map(quoteShell))
    expect(word).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u);
});

test.each([
  ["--learning_rate=1e-5", "--learning_rate=1e-5"],
  ["./a/b_c@1:2,3%+.py", "./a/b_c@1:2,3%+.py"],
  ["", "''"],
  ["=ls", "'=ls'"],
  ["~/a", "'~/a'"],
  ["it's", "'it'\\''s'"],
  ["a\n", "$'a\\n'"],
  ["it's \\\r\x1b[31m", "$'it\\'s \\\\\\r\\x1b[31m'"],
  ["\u202ea\u0085", "$'\\xe2\\x80\\xaea\\xc2\\x85'"],
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
