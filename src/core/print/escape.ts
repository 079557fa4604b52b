/*
 * Bidirectional controls are here because they make a line show something else
 * than it holds; U+FFFE and U+FFFF because PyYAML refuses a file with them.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u;
const EVERY_UNSAFE = new RegExp(UNSAFE, "gu");
const PLAIN_ASCII = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Whether a text holds a character that must not stand raw in a file: controls, line separators, lone surrogates, BOM. */
export function hasUnsafe(text: string): boolean {
  return !PRINTABLE_ASCII.test(text) && UNSAFE.test(text);
}

/** Whether a text may stand between double quotes as it is in JSON, YAML and Python; the fast way for most texts. */
export function isPlainAscii(text: string): boolean {
  return PLAIN_ASCII.test(text);
}

/** Replaces every unsafe character by what `escape` makes of its code (all are below U+10000). */
export function escapeUnsafe(text: string, escape: (code: number) => string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replace(EVERY_UNSAFE, (character) => escape(character.charCodeAt(0)));
}

/** `code` as lower-case hexadecimal of at least `digits` digits. */
export function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
