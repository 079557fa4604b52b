import { escapeUnsafe, hasUnsafe, hex } from "./escape.ts";
import { numberText } from "./number.ts";
import type { JsonValue } from "./value.ts";
import { isList, isObject, member, printedKeys, unprintable } from "./value.ts";

// YAML limits a key without `?` to 1024 characters.
const LONGEST_PLAIN_KEY = 1000;

/*
 * Deliberately narrower than YAML: what starts with a digit, a sign or an
 * indicator is quoted without asking whether any schema would read it as
 * something else, so that no list of number and date formats has to be complete.
 */
const PLAIN = /^(?:[\p{L}_]|\.{0,2}\/)(?:[\p{L}\p{N}_./@%+=,~()*^$!&;\\'"<>|?-]|:(?=[^\s:])| (?=[^\s#:]))*$/u;
// `e5` is here because the `yaml` package, reading YAML 1.1, takes it for a number.
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i;

/**
 * Prints a value as block-style YAML that YAML 1.1 (PyYAML) and YAML 1.2
 * readers understand alike and that Prettier's `yaml` parser leaves alone.
 * Keys over 1,000 characters are the exception to the last: they need the `? `
 * form, which Prettier rewrites to one YAML readers refuse.
 */
export function printYaml(value: JsonValue): string {
  return `${print(value, "")}\n`;
}

/** The text of a node; its first line starts where the caller is, later lines start with `pad`. */
function print(value: JsonValue, pad: string): string {
  const inner = `${pad}  `;
  if (isList(value)) {
    if (value.length === 0) return "[]";
    return value.map((item) => `- ${print(item, inner)}`).join(`\n${pad}`);
  }
  if (!isObject(value)) return scalar(value);
  const keys = printedKeys(value);
  if (keys.length === 0) return "{}";
  return keys
    .map((key) => {
      const item = member(value, key);
      const name = keyText(key, pad);
      return isBlock(item) ? `${name}\n${inner}${print(item, inner)}` : `${name} ${print(item, inner)}`;
    })
    .join(`\n${pad}`);
}

function isBlock(value: JsonValue): boolean {
  if (isList(value)) return value.length > 0;
  return isObject(value) && printedKeys(value).length > 0;
}

function keyText(key: string, pad: string): string {
  const text = stringText(key);
  return text.length > LONGEST_PLAIN_KEY ? `? ${text}\n${pad}:` : `${text}:`;
}

function scalar(value: JsonValue): string {
  if (typeof value === "string") return stringText(value);
  if (typeof value === "number") return yamlNumber(value);
  if (value === null || typeof value === "boolean") return String(value);
  throw unprintable(value);
}

/** YAML 1.1 only sees a float where there is a point, and an exponent where it has a sign. */
function yamlNumber(value: number): string {
  const text = numberText(value);
  if (text === "-0") return "-0.0";
  const at = text.indexOf("e");
  if (at < 0) return text;
  const mantissa = text.slice(0, at);
  const exponent = text.slice(at + 1);
  const sign = exponent.startsWith("-") ? "-" : "+";
  const digits = exponent.replace("-", "").padStart(2, "0");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}e${sign}${digits}`;
}

/** Quotes as Prettier would: double, but single around a text with `"` that needs no escape. */
function stringText(text: string): string {
  if (PLAIN.test(text) && !RESERVED.test(text)) return text;
  if (text.includes("\\") || hasUnsafe(text)) return `"${escapeYaml(text)}"`;
  return text.includes('"') ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}

function escapeYaml(text: string): string {
  return escapeUnsafe(text.replaceAll("\\", "\\\\").replaceAll('"', '\\"'), (code) => {
    if (code === 10) return "\\n";
    if (code === 9) return "\\t";
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}
