import { escapeUnsafe, hex, isPlainAscii } from "./escape.ts";
import { numberText } from "./number.ts";
import { joinWithin } from "./one-line.ts";
import type { JsonValue } from "./value.ts";
import { isList, isObject, isScalar, member, printedKeys, unprintable } from "./value.ts";
import { stringWidth } from "./width.ts";

const STEP = "    ";

/** Where a Python literal stands in its file. */
export interface PythonPlace {
  /** Spaces before the statement that holds the literal; lines after the first are indented from here. Default 0. */
  indent?: number;
  /** Column of the literal's first character, when more than the indent precedes it (`name = `). Default `indent`. */
  column?: number;
  /** Columns a line may take. Default 88, as Black. */
  width?: number;
}

/**
 * Prints a value as a Python literal, laid out as Black lays out a collection:
 * on one line when it fits, else one item a line with a trailing comma.
 * Whole numbers are ints below 1e21, from where JavaScript writes an exponent;
 * everything else, and -0, is a float.
 */
export function printPython(value: JsonValue, options: PythonPlace = {}): string {
  const { indent = 0, column = indent, width = 88 } = options;
  return print(value, " ".repeat(indent), column, 0, width);
}

/** `column` is where the value starts and `after` how many columns follow it on its last line. */
function print(value: JsonValue, pad: string, column: number, after: number, width: number): string {
  const list = isList(value);
  if (!list && !isObject(value)) return scalar(value);
  const line = flat(value, width - column - after);
  if (line !== undefined) return line;
  const inner = pad + STEP;
  let text = list ? "[\n" : "{\n";
  if (list) {
    for (const item of value) text += `${inner}${print(item, inner, inner.length, 1, width)},\n`;
    return `${text}${pad}]`;
  }
  for (const key of printedKeys(value)) {
    const item = member(value, key);
    const head = `${quote(key)}: `;
    const start = isScalar(item) ? 0 : inner.length + stringWidth(head);
    text += `${inner}${head}${print(item, inner, start, 1, width)},\n`;
  }
  return `${text}${pad}}`;
}

/** The value on one line, or undefined when that takes more than `room` columns; nothing empty is ever broken. */
function flat(value: JsonValue, room: number): string | undefined {
  if (isList(value)) {
    const items = joinWithin(value, room - 2, flat);
    return items === undefined ? undefined : `[${items}]`;
  }
  if (!isObject(value)) return scalar(value);
  const items = joinWithin(printedKeys(value), room - 2, (key, left) => {
    const text = flat(member(value, key), left);
    return text === undefined ? undefined : `${quote(key)}: ${text}`;
  });
  return items === undefined ? undefined : `{${items}}`;
}

function scalar(value: JsonValue): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : numberText(value);
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  throw unprintable(value);
}

function quote(text: string): string {
  if (isPlainAscii(text)) return `"${text}"`;
  return `"${escapeUnsafe(text.replaceAll("\\", "\\\\").replaceAll('"', '\\"'), escapeCode)}"`;
}

function escapeCode(code: number): string {
  if (code === 10) return "\\n";
  if (code === 13) return "\\r";
  if (code === 9) return "\\t";
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
}
