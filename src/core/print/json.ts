import { escapeUnsafe, hex, isPlainAscii } from "./escape.ts";
import { numberText } from "./number.ts";
import { joinWithin } from "./one-line.ts";
import type { JsonObject, JsonValue } from "./value.ts";
import { isList, isObject, isScalar, member, printedKeys, unprintable } from "./value.ts";
import { stringWidth } from "./width.ts";

export type { JsonValue } from "./value.ts";

/** The Prettier options that change a JSON file, under Prettier's names but for `indent`. */
export interface JsonStyle {
  /** Spaces a level, or tabs (`useTabs`). */
  indent: number | "tab";
  /** Columns one tab counts for when a line is measured; Prettier's default is 2. Only read when `indent` is `"tab"`. */
  tabWidth?: number;
  printWidth: number;
  endOfLine: "lf" | "crlf" | "cr";
  objectWrap: "preserve" | "collapse";
}

interface Layout {
  readonly unit: string;
  readonly unitWidth: number;
  readonly printWidth: number;
  readonly collapse: boolean;
}

const END_OF_LINE = { lf: "\n", crlf: "\r\n", cr: "\r" } as const;

/**
 * Prints a value as the JSON file that Prettier's `json` parser would leave
 * alone, so that a generated file does not change on the user's first format.
 * Objects are always expanded unless `objectWrap` is `collapse`.
 * Throws on a number that is not finite: no config of ours may hold one.
 */
export function printJson(value: JsonValue, style: Partial<JsonStyle> = {}): string {
  const { indent = 2, tabWidth = 2, printWidth = 80, endOfLine = "lf", objectWrap } = style;
  const layout: Layout = {
    unit: indent === "tab" ? "\t" : " ".repeat(indent),
    unitWidth: indent === "tab" ? tabWidth : indent,
    printWidth,
    collapse: objectWrap === "collapse",
  };
  const text = `${print(value, layout, "", 0, 0, 0)}\n`;
  return endOfLine === "lf" ? text : text.replaceAll("\n", END_OF_LINE[endOfLine]);
}

/** `column` is where the value starts and `comma` how many columns follow it on its last line. */
function print(value: JsonValue, layout: Layout, pad: string, padWidth: number, column: number, comma: number): string {
  const list = isList(value);
  if (!list && !isObject(value)) return scalar(value);
  if (list || layout.collapse) {
    const line = flat(value, layout.printWidth - column - comma, layout.collapse);
    if (line !== undefined) return line;
  }
  const inner = pad + layout.unit;
  const innerWidth = padWidth + layout.unitWidth;
  if (!list) return printObject(value, layout, pad, inner, innerWidth);
  if (value.every(isNumber)) return `[\n${fill(value, layout, inner, innerWidth)}\n${pad}]`;
  const last = value.length - 1;
  const lines = value.map(
    (item, index) => inner + print(item, layout, inner, innerWidth, innerWidth, index === last ? 0 : 1),
  );
  return `[\n${lines.join(",\n")}\n${pad}]`;
}

function printObject(value: JsonObject, layout: Layout, pad: string, inner: string, innerWidth: number): string {
  const keys = printedKeys(value);
  if (keys.length === 0) return "{}";
  let text = "{\n";
  const last = keys.at(-1);
  for (const key of keys) {
    const item = member(value, key);
    const head = `${quote(key)}: `;
    const comma = key === last ? "" : ",";
    const column = isScalar(item) ? 0 : innerWidth + stringWidth(head);
    text += `${inner}${head}${print(item, layout, inner, innerWidth, column, comma.length)}${comma}\n`;
  }
  return `${text}${pad}}`;
}

/** Prettier fills lines with the items of a list that holds nothing but numbers. */
function fill(items: readonly number[], layout: Layout, inner: string, innerWidth: number): string {
  const last = items.length - 1;
  let text = inner;
  let column = innerWidth;
  for (const [index, item] of items.entries()) {
    const word = numberText(item) + (index === last ? "" : ",");
    if (index > 0) {
      if (column + 1 + word.length <= layout.printWidth) {
        text += " ";
        column += 1;
      } else {
        text += `\n${inner}`;
        column = innerWidth;
      }
    }
    text += word;
    column += word.length;
  }
  return text;
}

/** The value on one line, or undefined when that takes more than `room` columns or Prettier would break it at any width. */
function flat(value: JsonValue, room: number, collapse: boolean): string | undefined {
  if (isList(value)) {
    if (alwaysBreaks(value)) return undefined;
    const items = joinWithin(value, room - 2, (item, left) => flat(item, left, collapse));
    return items === undefined ? undefined : `[${items}]`;
  }
  if (!isObject(value)) return scalar(value);
  const keys = printedKeys(value);
  if (keys.length === 0) return "{}";
  if (!collapse) return undefined;
  const items = joinWithin(keys, room - 4, (key, left) => {
    const text = flat(member(value, key), left, collapse);
    return text === undefined ? undefined : `${quote(key)}: ${text}`;
  });
  return items === undefined ? undefined : `{ ${items} }`;
}

/** Prettier's rule: two or more lists, or two or more objects, that each hold more than one thing. */
function alwaysBreaks(items: readonly JsonValue[]): boolean {
  if (items.length < 2) return false;
  return (
    items.every((item) => isList(item) && item.length > 1) ||
    items.every((item) => isObject(item) && printedKeys(item).length > 1)
  );
}

function isNumber(value: JsonValue): value is number {
  return typeof value === "number";
}

function scalar(value: JsonValue): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return numberText(value);
  if (value === null || typeof value === "boolean") return String(value);
  throw unprintable(value);
}

function quote(text: string): string {
  if (isPlainAscii(text)) return `"${text}"`;
  return escapeUnsafe(JSON.stringify(text), (code) => `\\u${hex(code, 4)}`);
}
