import { escapeUnsafe, hasUnsafe, hex } from "./escape.ts";

// A leading `=` is a command look-up in zsh, a leading `~` is not in the set at all.
const BARE = /^(?!=)[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * Quotes a text as one argument of bash or zsh; without control characters, of
 * any POSIX shell. It says nothing about the first word of a command, where a
 * bare `A=b` is an assignment. Throws on NUL, which no argument can hold.
 */
export function quoteShell(text: string): string {
  if (text.includes("\0")) throw new Error("a shell word cannot hold a NUL character");
  if (BARE.test(text)) return text;
  if (!hasUnsafe(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  // Raw, a control character would turn a line of a script, a page or a terminal into something else.
  return `$'${escapeUnsafe(text.replaceAll("\\", "\\\\").replaceAll("'", "\\'"), escapeBytes)}'`;
}

/** The escapes of a character below U+10000 as bytes of UTF-8, which do not depend on the locale as `\u` does. */
function escapeBytes(code: number): string {
  if (code === 10) return "\\n";
  if (code === 13) return "\\r";
  if (code === 9) return "\\t";
  const rest = (shift: number): number => 0x80 | ((code >> shift) & 0x3f);
  const bytes =
    code < 0x80 ? [code] : code < 0x800 ? [0xc0 | (code >> 6), rest(0)] : [0xe0 | (code >> 12), rest(6), rest(0)];
  return bytes.map((byte) => `\\x${hex(byte, 2)}`).join("");
}

/** Quotes a path, so that no program takes one that begins with a dash for an option. */
export function quotePath(path: string): string {
  return quoteShell(path.startsWith("-") ? `./${path}` : path);
}

/** Quotes every word and joins them with a space: a command line that runs exactly these words. */
export function joinShell(words: readonly string[]): string {
  return words.map(quoteShell).join(" ");
}
