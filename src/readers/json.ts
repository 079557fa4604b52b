import { createScanner, type Node as JsonNode, parseTree } from "jsonc-parser";
import { type Range, type Source, Unreadable } from "./source.ts";
import type { Entry, Node } from "./tree.ts";

/** Something that JSON does not allow, and that one of the readers of configs does. */
export interface JsonIssue {
  readonly kind: "comment" | "trailing-comma" | "syntax";
  readonly range: Range;
}

export interface JsonFile {
  readonly root: Node;
  readonly issues: readonly JsonIssue[];
}

/** Nobody nests a config deeper; the parser below recurses. */
const DEEPEST = 200;
const MOST_ERRORS = 20;

/** jsonc-parser's kinds of tokens; its own enumeration is not there at run time. */
const Token = {
  OpenBrace: 1,
  CloseBrace: 2,
  OpenBracket: 3,
  CloseBracket: 4,
  Comma: 5,
  LineComment: 12,
  BlockComment: 13,
  LineBreak: 14,
  Trivia: 15,
  EOF: 17,
} as const;

/**
 * JSON with what DeepSpeed's reader (hjson) lets pass and Python's `json` does not: comments and trailing commas are read
 * and noted. Null where it is no JSON object or list at all.
 */
export function readJson(source: Source): JsonFile | null {
  return readJsonIn(source.text, 0);
}

/** A JSON that stands in a larger file: `at` is where its text begins there, and every range is one of that file. */
export function readJsonIn(written: string, at: number): JsonFile | null {
  const { text, issues } = withoutHashComments(written);
  scan(text, issues);
  const errors: { readonly offset: number; readonly length: number }[] = [];
  const tree = parseTree(text, errors as never, { allowTrailingComma: true });
  if (tree === undefined || (tree.type !== "object" && tree.type !== "array")) return null;
  // Where the first errors stand is all that a person needs; a file of another kind has as many as it has words.
  for (const { offset, length } of errors.slice(0, MOST_ERRORS)) {
    const range = { from: offset, to: offset + Math.max(1, length) };
    if (!issues.some((issue) => issue.kind !== "syntax" && issue.range.from <= offset && offset < issue.range.to))
      issues.push({ kind: "syntax", range });
  }
  return {
    root: convert(tree, text, at),
    issues: at === 0 ? issues : issues.map(({ kind, range }) => ({ kind, range: moved(range, at) })),
  };
}

/** `#` begins a comment in hjson; it is blanked out, so that every offset stays. */
function withoutHashComments(text: string): { readonly text: string; readonly issues: JsonIssue[] } {
  const issues: JsonIssue[] = [];
  if (!text.includes("#")) return { text, issues };
  const blanked = text.replace(/"(?:\\.|[^"\\\n])*"|\/\/[^\n]*|#[^\n]*/g, (found, at: number) => {
    if (!found.startsWith("#")) return found;
    issues.push({ kind: "comment", range: { from: at, to: at + found.length } });
    return " ".repeat(found.length);
  });
  return { text: blanked, issues };
}

function scan(text: string, issues: JsonIssue[]): void {
  const scanner = createScanner(text, false);
  let depth = 0;
  let comma: Range | null = null;
  for (let token = scanner.scan() as number; token !== Token.EOF; token = scanner.scan()) {
    const from = scanner.getTokenOffset();
    const range = { from, to: from + scanner.getTokenLength() };
    switch (token) {
      case Token.LineBreak:
      case Token.Trivia:
        continue;
      case Token.LineComment:
      case Token.BlockComment:
        issues.push({ kind: "comment", range });
        continue;
      case Token.OpenBrace:
      case Token.OpenBracket:
        depth += 1;
        if (depth > DEEPEST) throw new Unreadable("nested too deeply");
        break;
      case Token.CloseBrace:
      case Token.CloseBracket:
        depth -= 1;
        if (comma !== null) issues.push({ kind: "trailing-comma", range: comma });
        break;
    }
    comma = token === Token.Comma ? range : null;
  }
}

const moved = ({ from, to }: Range, by: number): Range => ({ from: from + by, to: to + by });

function convert(node: JsonNode, text: string, at: number): Node {
  const here = { from: node.offset, to: node.offset + node.length };
  const range = moved(here, at);
  switch (node.type) {
    case "object": {
      const entries: Entry[] = [];
      for (const { children } of node.children ?? []) {
        const [key, value] = children ?? [];
        if (key === undefined || value === undefined) continue;
        entries.push({
          key: String(key.value),
          keyRange: moved({ from: key.offset, to: key.offset + key.length }, at),
          value: convert(value, text, at),
          range: moved({ from: key.offset, to: value.offset + value.length }, at),
        });
      }
      return { kind: "map", entries, range };
    }
    case "array":
      return { kind: "list", items: (node.children ?? []).map((child) => convert(child, text, at)), range };
    default:
      return {
        kind: "scalar",
        value: node.value as string | number | boolean | null,
        text: text.slice(here.from, here.to),
        quoted: node.type === "string",
        range,
      };
  }
}
