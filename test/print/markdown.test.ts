import fc from "fast-check";
import { format } from "prettier";
import { parsers } from "prettier/plugins/markdown";
import { expect, test } from "vitest";
import { mdCode, mdText } from "../../src/core/print/markdown.ts";
import { texts } from "./arbitraries.ts";

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}

const markup = fc.string({
  unit: fc.constantFrom(..."*_`~[]()<>{}%&#;:/\\|$!^=-+.1ab @\n", "&amp;", "http://", "www.", "</b>", "<!--", "a@b.co"),
  maxLength: 30,
});
const samples = fc.oneof(texts, markup);

/** The tree of Prettier's own parser, before its printer touches it. */
function nodes(markdown: string): readonly Node[] {
  const root = parsers.markdown.parse(markdown, {} as never) as Node;
  expect(root.children?.map(({ type }) => type)).toEqual(["paragraph"]);
  return root.children?.[0]?.children ?? [];
}

function shown(list: readonly Node[]): string {
  return list.map((node) => node.value ?? shown(node.children ?? [])).join("");
}

const blanks = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const inText = (text: string) => text.toWellFormed().replace(blanks, " ").replace(/ +/g, " ").replace(/^ | $/g, "");
const inCode = (text: string) => text.toWellFormed().replace(blanks, " ") || " ";

test("an escaped text is shown literally, with no markup but automatic links", () => {
  fc.assert(
    fc.property(samples, (text) => {
      const list = nodes(`word ${mdText(text)}, end`);
      expect(shown(list)).toBe(`word ${inText(text)}, end`);
      for (const { type } of list) expect(["text", "link"]).toContain(type);
    }),
    { numRuns: 1000 },
  );
});

test("an escaped text opens no block at the start of a list item", () => {
  const starts = fc.constantFrom(
    "- a",
    "+ a",
    "* a",
    "1. a",
    "12) b",
    "# a",
    "#",
    "> a",
    "---",
    "===",
    "~~~",
    "```",
    "[ ] a",
    "[a]: b",
    "    a",
    "<div>",
    "| a |",
    "-",
    "+",
  );
  fc.assert(
    fc.property(fc.oneof(starts, samples), (text) => {
      fc.pre(inText(text) !== "");
      const root = parsers.markdown.parse(`- ${mdText(text)}\n`, {} as never) as Node;
      const item = root.children?.[0]?.children?.[0];
      expect(item?.children?.map(({ type }) => type)).toEqual(["paragraph"]);
      expect(item).not.toMatchObject({ checked: expect.any(Boolean) });
      expect(shown(item?.children ?? [])).toBe(inText(text));
    }),
    { numRuns: 400 },
  );
});

test("a code span is one code node with the text in it", () => {
  fc.assert(
    fc.property(fc.oneof(samples, fc.string({ unit: fc.constantFrom("`", " ", "a") })), (text) => {
      expect(nodes(`word ${mdCode(text)}, end`)).toMatchObject([
        { type: "text", value: "word " },
        { type: "inlineCode", value: inCode(text) },
        { type: "text", value: ", end" },
      ]);
    }),
    { numRuns: 1000 },
  );
});

test("Prettier leaves a paragraph with escaped texts and code spans as it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(samples, samples), { minLength: 1, maxLength: 40 }), async (pairs) => {
      const paragraphs = pairs.map(
        ([text, code]) => `word ${mdText(text) || "x"} and ${mdCode(code)} and ${mdText(code) || "x"}\n`,
      );
      expect(await format(paragraphs.join("\n"), { parser: "markdown" })).toBe(paragraphs.join("\n"));
    }),
    { numRuns: 100 },
  );
});

test.each([
  ["snake_case", "snake_case"],
  ["__init__", "\\_\\_init\\_\\_"],
  ["a -> b & c", "a -> b & c"],
  ["&amp; <b>", "\\&amp; \\<b>"],
  ["a\r\nb\tc", "a b c"],
  ["1. x", "1\\. x"],
  ["-5 or +.5", "-5 or +.5"],
])("the text %j is written %s", (text, markdown) => {
  expect(mdText(text)).toBe(markdown);
});

test.each([
  ["a", "`a`"],
  ["a`b", "``a`b``"],
  ["``", "` `` `"],
  ["`", "`` ` ``"],
  [" a ", "`  a  `"],
  ["", "` `"],
  ["a\nb", "`a b`"],
])("the code %j is written %s", (text, markdown) => {
  expect(mdCode(text)).toBe(markdown);
});
