/*
 * NUL cannot stand in Markdown, tools disagree on whether the separators and the BOM are blanks, and bidirectional
 * controls make a line show something else than it holds.
 */
const BLANKS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const UNPAIRED = /\p{Cs}/gu;
/*
 * `:` before `//` and `.` after `www` keep GitHub's autolinks from taking the
 * following backslashes as part of the address; `{` before `{` or `%` is Liquid.
 */
const SPECIAL = /[\\`*[\]<|~$]|&(?=[#a-z])|\{(?=[{%])|:(?=\/\/)|(?<=www)\./gi;
const BLOCK_START = /^(?:[#=>]|[-+](?![\w.]))/;
const ORDERED_START = /^(\d+)(?=[.)](?: |$))/;
/** At the end of a heading `#` closes it. */
const HEADING_END = /(?<= )#+$/;
/** Words that none of the rules below can concern: most of what is ever written. */
const PLAIN = /^[A-Za-z](?:[A-Za-z0-9,;%()×'’"+/-]|\.(?!\w)|(?<!:) (?![ #]))*$/;
const WORD_END = /[A-Za-z0-9]/;

/**
 * Escapes a text so that Markdown renders it literally within a paragraph or a
 * heading, or at the start of a list item or table cell; only GitHub's automatic links on
 * addresses remain. Normalised: line breaks, tabs and other controls become a
 * space, runs of spaces one space, spaces at the ends go, lone surrogates
 * become U+FFFD.
 */
export function mdText(text: string): string {
  if (PLAIN.test(text)) return text.trimEnd();
  return clean(text)
    .replace(/ {2,}/g, " ")
    .replace(/^ | $/g, "")
    .replace(SPECIAL, "\\$&")
    .replace(/_+/g, underscores)
    .replace(BLOCK_START, "\\$&")
    .replace(ORDERED_START, "$1\\")
    .replace(HEADING_END, "\\$&");
}

/**
 * An inline code span that shows a text, with as many backticks as Prettier
 * would use. Normalised as in {@link mdText}, but spaces stay as they are. An
 * empty text gives a span with one space, because Markdown has no empty one.
 * In a table cell the caller must still escape `|`.
 */
export function mdCode(text: string): string {
  const code = clean(text) || " ";
  const runs = new Set((code.match(/`+/g) ?? []).map((run) => run.length));
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = "`".repeat(length);
  // Markdown takes one space off each end where both have one.
  const gap = /^`|`$|^ .*[^ ].* $/u.test(code) ? " " : "";
  return fence + gap + code + gap + fence;
}

function clean(text: string): string {
  return text.replace(BLANKS, " ").replace(UNPAIRED, "\ufffd");
}

/** Between letters and digits underscores mean nothing, so `snake_case` stays readable. */
function underscores(run: string, at: number, text: string): string {
  const inWord = WORD_END.test(text.charAt(at - 1)) && WORD_END.test(text.charAt(at + run.length));
  return inWord ? run : run.replaceAll("_", "\\_");
}
