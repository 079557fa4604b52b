import fc from "fast-check";
import { expect, test } from "vitest";
import { commentLines } from "../../src/core/print/comment.ts";
import { stringWidth } from "../../src/core/print/width.ts";
import { texts } from "./arbitraries.ts";
import { run } from "./run.ts";

const chinese = fc.string({
  unit: fc.constantFrom(..."配置训练文件的说明，。、（）「」！？ ab1.,)", "ZeRO-3 ", "\n"),
  maxLength: 120,
});
const samples = fc.oneof(texts, chinese, fc.lorem({ maxCount: 60 }));
const anyBreak = /[\n\r\v\f\u0085\u2028\u2029]/u;

test("whatever kind of line break a text holds, every line is a comment", () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 4, max: 100 }), (text, width) => {
      for (const line of commentLines(text, "// ", width).split(anyBreak)) expect(line).toMatch(/^\/\/(?: |$)/);
    }),
    { numRuns: 2000 },
  );
});

test("Python and bash see nothing but a comment", () => {
  const comments = fc.sample(samples, 1500).map((text) => commentLines(text, "# ", 40));
  const count = `
import ast, json, sys
bad = []
for code in json.load(sys.stdin):
    if len(ast.parse(code + "\\nx = 1\\n").body) != 1 or not all(l.startswith("#") for l in code.splitlines()):
        bad.append(code)
json.dump(bad[:5], sys.stdout)
`;
  expect(JSON.parse(run("python3", ["-c", count], JSON.stringify(comments)))).toEqual([]);
  expect(run("bash", ["-es"], `${comments.join("\n")}\necho end\n`)).toBe("end\n");
});

test("no character of the text is lost but blanks and controls, and their order is kept", () => {
  fc.assert(
    fc.property(samples, (text) => {
      const bare = (from: string) => from.replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "");
      const lines = commentLines(text, "# ", 30).split("\n");
      expect(bare(lines.map((line) => line.slice(2)).join(""))).toBe(bare(text.toWellFormed()));
    }),
    { numRuns: 2000 },
  );
});

test("Chinese lines fit the width and never start with a closing mark", () => {
  const sentence = fc.string({
    unit: fc.constantFrom(..."配置训练文件的说明", "，配", "。置", "（训）", " ZeRO "),
    minLength: 20,
    maxLength: 200,
  });
  fc.assert(
    fc.property(sentence, fc.integer({ min: 24, max: 100 }), (text, width) => {
      const lines = commentLines(text.replace(/^[，。\s]+/, ""), "# ", width).split("\n");
      for (const line of lines) {
        expect(stringWidth(line)).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/^# [，。、；：！？）」』】》]/);
        expect(line).not.toMatch(/[（「『【《]$/);
      }
    }),
    { numRuns: 1000 },
  );
});

test("a line is as full as its words allow", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }), (words) => {
      const lines = commentLines(words.join(" "), "# ", 30).split("\n");
      for (const [index, line] of lines.entries()) {
        expect(line.length).toBeLessThanOrEqual(30);
        const next = lines[index + 1]?.slice(2).split(" ")[0];
        if (next !== undefined) expect(line.length + 1 + next.length).toBeGreaterThan(30);
      }
    }),
  );
});

test.each([
  ["", "#"],
  ["a\n\nb", "# a\n#\n# b"],
  ["a\r\nb\u2028c\u0085d\fe\vf\rg", "# a\n# b\n# c\n# d\n# e\n# f\n# g"],
  ["aaaa bbbb cccc", "# aaaa bbbb\n# cccc"],
  ["一二三四五，六", "# 一二三四\n# 五，六"],
  ["一二三四（五六）", "# 一二三四\n# （五六）"],
  ["averyveryverylongword x", "# averyveryverylongword\n# x"],
])("%j becomes %j in twelve columns", (text, lines) => {
  expect(commentLines(text, "# ", 12)).toBe(lines);
});
