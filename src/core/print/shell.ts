// A leading `=` is a command look-up in zsh, a leading `~` is not in the set at all.
const BARE = /^(?!=)[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * Quotes a text as one argument of a POSIX shell, bash or zsh. It says nothing
 * about the first word of a command, where a bare `A=b` is an assignment.
 * Throws on NUL, which no argument can hold.
 */
export function quoteShell(text: string): string {
  if (text.includes("\0")) throw new Error("a shell word cannot hold a NUL character");
  return BARE.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Quotes every word and joins them with a space: a command line that runs exactly these words. */
export function joinShell(words: readonly string[]): string {
  return words.map(quoteShell).join(" ");
}
